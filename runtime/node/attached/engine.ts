/** V8's debugger as the process itself asks it: no connection is needed, so that what was put in can be taken out without one. */
import { Session } from "node:inspector";
import { runInThisContext } from "node:vm";
import type { LoadedScript } from "../../../contract/attached.ts";
import { fileURLToPath } from "../builtins.ts";

const TRIAL = "mprof:trial";
const TRIAL_TEXT = "0";

/** Called on a list of functions. */
const IS_IN = `function (texts) {
  const textOf = Function.prototype.toString;
  for (const fn of this) {
    try {
      const text = textOf.call(fn);
      if (texts.some((each) => text.includes(each))) return true;
    } catch {}
  }
  return false;
}`;

/** V8 refuses, and says why. */
export class EngineError extends Error {}

interface Parsed {
  scriptId: string;
  url: string;
  isModule?: boolean;
  length?: number;
  sourceMapURL?: string;
}

export class Engine {
  private readonly session = new Session();
  private readonly parsed = new Map<string, Parsed>();
  private isOn = false;

  constructor() {
    this.session.connect();
    this.session.on("Debugger.scriptParsed", ({ params }) => this.parsed.set(params.scriptId, params));
  }

  /** Scripts are known, and can be changed, only while it is on; the program may be slower then. */
  turnOn(): void {
    if (!this.isOn) this.post("Debugger.enable");
    this.isOn = true;
  }

  turnOff(): void {
    if (this.isOn) this.post("Debugger.disable");
    this.isOn = false;
    this.parsed.clear();
  }

  /** @throws EngineError */
  post<T = object>(method: string, params: object = {}): T {
    let result: T | undefined;
    let problem: Error | null = null;
    this.session.post(method, params, (error: Error | null, given?: object) => {
      problem = error;
      result = given as T;
    });
    if (problem !== null) throw new EngineError((problem as Error).message);
    return result!;
  }

  /** Those from files. */
  scripts(): LoadedScript[] {
    return [...this.parsed.values()].flatMap(({ scriptId, url, isModule = false, length = 0, sourceMapURL = "" }) => {
      const filename = pathOf(url);
      return filename === undefined ? [] : [{ id: scriptId, filename, isModule, length, sourceMapURL }];
    });
  }

  /** Of a script that has just been made. @throws EngineError if there is none */
  parsedAt(url: string): Parsed {
    const parsed = [...this.parsed.values()].findLast((each) => each.url === url);
    if (parsed === undefined) throw new EngineError(`no script ${url}`);
    return parsed;
  }

  /** @throws EngineError if there is no such script */
  urlOf(id: string): string {
    const parsed = this.parsed.get(id);
    if (parsed === undefined) throw new EngineError(`no script ${id}`);
    return parsed.url;
  }

  source(id: string): string {
    return this.post<{ scriptSource: string }>("Debugger.getScriptSource", { scriptId: id }).scriptSource;
  }

  /** @returns `Ok`, or V8's word why it is not changed. @throws EngineError where sources cannot be changed at all */
  change(id: string, source: string): string {
    const params = { scriptId: id, scriptSource: source };
    return this.post<{ status?: string }>("Debugger.setScriptSource", params).status ?? "Ok";
  }

  /** Whether sources can be changed: tried at a script of ours, which stays as it is. */
  canChange(): boolean {
    runInThisContext(TRIAL_TEXT, { filename: TRIAL });
    try {
      return this.change(this.parsedAt(TRIAL).scriptId, TRIAL_TEXT) === "Ok";
    } catch (error) {
      if (error instanceof EngineError) return false;
      throw error;
    }
  }

  /** Whether any function that is alive has one of these texts in its source. Collects garbage, and goes through all of the heap. */
  isInFunctions(texts: readonly string[]): boolean {
    const { result } = this.post<{ result: { objectId: string } }>("Runtime.evaluate", {
      expression: "Function.prototype",
    });
    const prototypeObjectId = result.objectId;
    const { objects } = this.post<{ objects: { objectId: string } }>("Runtime.queryObjects", { prototypeObjectId });
    const { objectId } = objects;
    try {
      const found = this.post<{ result: { value?: boolean } }>("Runtime.callFunctionOn", {
        objectId,
        functionDeclaration: IS_IN,
        arguments: [{ value: texts }],
        returnByValue: true,
      });
      return found.result.value === true;
    } finally {
      this.post("Runtime.releaseObject", { objectId });
      this.post("Runtime.releaseObject", { objectId: prototypeObjectId });
    }
  }

  collect(): void {
    this.post("HeapProfiler.collectGarbage");
  }

  end(): void {
    this.session.disconnect();
    this.isOn = false;
  }
}

function pathOf(url: string): string | undefined {
  try {
    // CommonJS goes by its path.
    if (url.startsWith("/") || /^[A-Za-z]:[\\/]/.test(url)) return url;
    return url.startsWith("file:") ? fileURLToPath(url.replace(/\?.*$/s, "")) : undefined;
  } catch {
    return undefined;
  }
}
