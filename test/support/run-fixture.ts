import { createRequire } from "node:module";
import type { Profile } from "../../contract/profile.ts";
import { MIB } from "../../contract/units.ts";
import type { Configuration } from "../../runtime/full/options.ts";
import { lower } from "./back-ends.ts";
import { createRuntime } from "./create-runtime.ts";
import { createScriptedSource } from "./scripted-source.ts";

export interface Outcome {
  returns?: unknown;
  throws?: string;
  logs: unknown[];
  profile: Profile;
  printed: string;
}

/** A program under a runtime of its own: `D(mib)` and `M(mib)` move the scripted memory, `log` records. */
export async function runProgram(
  code: string,
  path: string,
  run: (exports: Record<string, unknown>) => unknown,
  { settleMs = 5, ...configuration }: Configuration & { settleMs?: number } = {},
): Promise<Outcome> {
  const memory = createScriptedSource();
  const printed: string[] = [];
  const print = (text: string) => void printed.push(text);
  const runtime = createRuntime({ print, warn: print });
  runtime.configure({ ...configuration, backend: memory });
  const logs: unknown[] = [];
  const globals: Record<string, unknown> = {
    D: (mib: number) => memory.add(mib),
    M: (mib: number) => memory.set(mib),
    log: (value: unknown) => logs.push(value),
  };
  const module = { exports: {} as Record<string, unknown> };
  const passThrough = (first: unknown) => (typeof first === "function" ? first : (fn: unknown) => fn);
  const require = (name: string) => {
    if (name === "mprof/runtime") return { table: runtime.table };
    if (name === "mprof")
      return { __esModule: true, profile: passThrough, noprofile: passThrough, getProfile: () => runtime.getProfile() };
    return createRequire(import.meta.url)(name);
  };
  const outcome: Outcome = { logs, profile: runtime.getProfile(), printed: "" };
  try {
    const body = new Function(
      "exports",
      "module",
      "require",
      "__filename",
      ...Object.keys(globals),
      lower(code, path).replace(/^#!/, "//"),
    );
    body(module.exports, module, require, path, ...Object.values(globals));
    outcome.returns = await run(module.exports);
  } catch (error) {
    outcome.throws = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  }
  await new Promise((resolve) => setTimeout(resolve, settleMs));
  outcome.profile = runtime.getProfile();
  outcome.printed =
    printed.join("") +
    runtime
      .finalReports()
      .map(({ text }) => text)
      .join("");
  return outcome;
}

type Rows = Record<string, [usage: number, increment: number, occurrences: number]>;

/** The rows that have data, in MiB, by line; all listings, or the ones of a name. */
export function rowsOf(profile: Profile, name?: string): Rows {
  const metric = profile.metrics[0]!;
  const rows: Rows = {};
  for (const listing of profile.listings) {
    if (name !== undefined && listing.name !== name) continue;
    for (const { line, data } of listing.rows) {
      if (!data) continue;
      const { usage, increment } = data.figures[metric]!;
      rows[line] = [usage / MIB, increment / MIB, data.occurrences];
    }
  }
  return rows;
}
