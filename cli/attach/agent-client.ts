/** The agent in the process, as the command sees it. */
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { ATTACHED, type AttachedAgent, type AttachOptions } from "../../contract/attached.ts";
import type { Inspector } from "./inspector.ts";

/** Its one text; made by the build (test/support/finish-build.mjs). */
const TEXT = fileURLToPath(new URL("../../../vendor/attached.cjs", import.meta.url));
/** Older ones have it for those who evaluate, and only while they do. */
const BUILTIN = "(name) => (process.getBuiltinModule ?? require)(name)";

export type Methods = {
  [M in keyof AttachedAgent]: { takes: Parameters<AttachedAgent[M]>; gives: Awaited<ReturnType<AttachedAgent[M]>> };
};

/** What it answers with a promise: V8 may lose one that it makes itself of another answer. */
const PROMISES: ReadonlySet<keyof Methods> = new Set(["edit", "log", "profile", "leave"]);

export class AgentClient {
  private readonly inspector: Inspector;
  private readonly id: string;

  private constructor(inspector: Inspector, id: string) {
    this.inspector = inspector;
    this.id = id;
  }

  /** Brings it into the process. @returns undefined if one of ours is there already */
  static async bring(inspector: Inspector, options: AttachOptions): Promise<AgentClient | undefined> {
    const module = `((require) => { const module = { exports: {} }; ${readFileSync(TEXT, "utf8")}\nreturn module.exports; })`;
    const id = await inspector.object(`${module}(${BUILTIN}).attach(${JSON.stringify(options)})`);
    return id === undefined ? undefined : new AgentClient(inspector, id);
  }

  async call<M extends keyof Methods>(method: M, ...args: Methods[M]["takes"]): Promise<Methods[M]["gives"]> {
    // What an agent of this very build has made, through JSON.
    return (await this.inspector.call(this.id, method, args, PROMISES.has(method))) as Methods[M]["gives"];
  }
}

/** Closes the inspector of a process, unless there is an agent that does it by itself. @param isOurs what there is did not open it */
export async function closeInspector(inspector: Inspector, isOurs = false): Promise<void> {
  const isThere = isOurs ? "false" : `Reflect.has(globalThis, Symbol.for(${JSON.stringify(ATTACHED)}))`;
  await inspector.object(`void (${isThere} || setTimeout((${BUILTIN})("node:inspector").close, 50).unref())`);
}
