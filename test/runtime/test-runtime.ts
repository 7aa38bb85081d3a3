import { FUNCTION_OUTER, type ListingTable, type ModuleHandle, TABLE_VERSION } from "../../contract/module-table.ts";
import type { Profile } from "../../contract/profile.ts";
import { MIB } from "../../contract/units.ts";
import { createRuntime, type OwnRuntime, type TestPlatform } from "../support/create-runtime.ts";
import { createScriptedSource, type ScriptedSource } from "../support/scripted-source.ts";

export interface TestRuntime {
  runtime: OwnRuntime;
  memory: ScriptedSource;
  /** What was printed, and what was warned of. */
  printed: string[];
  warned: string[];
  /** Registers a module of one listing. */
  module(listing: Partial<ListingTable>, functions?: [number, number][], file?: string): ModuleHandle;
  /** `line Mem/Increment/Occurrences` in MiB of every row with data, of listing `i`. */
  rows(i?: number): string[];
}

/** A runtime of its own, measuring a scripted source. */
export function createTestRuntime(platform: TestPlatform = {}): TestRuntime {
  const memory = createScriptedSource();
  const printed: string[] = [];
  const warned: string[] = [];
  const runtime = createRuntime({
    print: (text) => printed.push(text),
    warn: (text) => warned.push(text),
    ...platform,
  });
  if (platform.isEnabled !== false) runtime.configure({ backend: memory });
  return {
    runtime,
    memory,
    printed,
    warned,
    module(listing, functions = [[0, FUNCTION_OUTER]], file = "a.js") {
      const whole: ListingTable = {
        name: "f",
        first: 1,
        lines: Array.from({ length: 12 }, (_, i) => `line ${i + 1}`),
        ...listing,
      };
      return runtime.table({ version: TABLE_VERSION, file, listings: [whole], functions });
    },
    rows: (i = 0) => describeRows(runtime.getProfile(), i),
  };
}

export function describeRows(profile: Profile, i = 0): string[] {
  return profile.listings[i]!.rows.flatMap(({ line, data }) => {
    if (data === undefined) return [];
    const { usage, increment } = Object.values(data.figures)[0]!;
    return [`${line} ${usage / MIB}/${increment / MIB}/${data.occurrences}`];
  });
}
