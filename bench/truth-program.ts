/** A truth program: its lines that allocate end in `//= name`, and it says what each of them has allocated. */
import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { pathToFileURL } from "node:url";
import type { Profile, RowData } from "../contract/profile.ts";
import { ROOT } from "../test/support/load-fixture.ts";

const FOLDER = join(ROOT, "bench", "truth-programs");
const COMMAND = join(ROOT, "dist", "esm", "cli", "bin.js");
/** A young generation in which a whole batch of units has room. */
const ROOMY = ["--expose-gc", "--min-semi-space-size=64", "--max-semi-space-size=64"];

export interface TruthProgram {
  name: string;
  path: string;
  /** Functions that are profiled. */
  profiled: string[];
  /** Bytes by line. */
  truth: ReadonlyMap<number, number>;
  /** Lines whose bytes are not known by construction: they count for nothing. */
  unknown: ReadonlySet<number>;
  /** Lines whose bytes come in pieces of 1 MiB and more. */
  events: ReadonlySet<number>;
  /** Listings within listings: their sums are compared, too. */
  isNested: boolean;
}

/** What a program's module exports besides `units` and `run`. */
interface Exports {
  bytes(size: Record<string, number>): Record<string, number>;
  profiled?: string[];
  unknown?: string[];
  events?: string[];
  sums?: boolean;
}

export interface Estimate {
  /** Bytes by line, of rows that have any. */
  lines: ReadonlyMap<number, number>;
  /** Growth that is in no row, and the lines that may have made it. */
  ambiguous: readonly { bytes: number; lines: readonly number[] }[];
  /** First and last line of each listing. */
  listings: readonly { name: string; first: number; last: number }[];
  overhead: number;
}

export function programNames(): string[] {
  return readdirSync(FOLDER)
    .filter((name) => name.endsWith(".js"))
    .map((name) => basename(name, ".js"));
}

/** Measures its units on the way. */
export async function loadProgram(name: string, node: string): Promise<TruthProgram> {
  const path = join(FOLDER, `${name}.js`);
  const {
    bytes,
    profiled = ["run"],
    unknown = [],
    events = [],
    sums = false,
  }: Exports = await import(pathToFileURL(path).href);
  const sizes = JSON.parse(run(node, [...ROOMY, join(ROOT, "bench", "measure-units.js"), path]));
  const lineOf = linesByName(path);
  const find = (each: string) => {
    const line = lineOf.get(each);
    if (line === undefined) throw new Error(`${name}: no line ends in //= ${each}`);
    return line;
  };
  return {
    name,
    path,
    profiled,
    truth: new Map(Object.entries(bytes(sizes)).map(([each, value]) => [find(each), value])),
    unknown: new Set(unknown.map(find)),
    events: new Set(events.map(find)),
    isNested: sums,
  };
}

function linesByName(path: string): Map<string, number> {
  const found = new Map<string, number>();
  for (const [i, line] of readFileSync(path, "utf8").split("\n").entries()) {
    const [, code, name] = /^(.*)\/\/= (\w+)$/.exec(line) ?? [];
    // Alone on a line it belongs to the one above.
    if (name !== undefined) found.set(name, code!.trim() === "" ? i : i + 1);
  }
  return found;
}

/** Profiles it once. @param isFreed with the option `freed`, so that what collections take is counted in any case */
export function estimate(program: TruthProgram, node: string, overhead: string, isFreed: boolean): Estimate {
  const scrap = mkdtempSync(join(tmpdir(), "mprof-truth-"));
  try {
    const json = join(scrap, "profile.json");
    const functions = program.profiled.flatMap((name) => ["--func", name]);
    const freed = isFreed ? ["--freed"] : [];
    const flags = ["--mode", "auto", "--overhead", overhead, "--backend", "heap", ...freed, ...functions];
    const files = ["--json", json, "-o", join(scrap, "report.txt"), "-q"];
    run(node, [COMMAND, ...flags, ...files, join(ROOT, "bench", "run-truth.js"), program.path]);
    return read(JSON.parse(readFileSync(json, "utf8")));
  } finally {
    rmSync(scrap, { recursive: true, force: true });
  }
}

function read(profile: Profile): Estimate {
  const metric = profile.metrics[0]!;
  const lines = new Map<number, number>();
  for (const { rows, baseline } of profile.listings) {
    const first = rows.find(({ data }) => data !== undefined);
    for (const { line, data } of rows) {
      if (data) lines.set(line, allocated(data, metric, data === first?.data ? (baseline?.[metric] ?? 0) : 0));
    }
  }
  const ambiguous = (profile.ambiguous ?? []).map(({ bytes, candidates }) => ({
    bytes,
    lines: candidates.map((place) => Number(place.slice(place.lastIndexOf(":") + 1))),
  }));
  const listings = profile.listings.map(({ name, first, last }) => ({ name, first, last }));
  return { lines, ambiguous, listings, overhead: profile.cost?.overhead ?? 0 };
}

/** What collections took is no less allocated; what was there before the first call is not. */
function allocated({ figures, estimated }: RowData, metric: string, baseline: number): number {
  const { increment = 0, freed } = figures[metric] ?? {};
  if (freed === undefined) return estimated?.allocated ?? Math.max(0, increment - baseline);
  return Math.max(0, increment + freed - baseline);
}

function run(node: string, args: string[]): string {
  const { stdout, stderr, status } = spawnSync(node, args, { encoding: "utf8", env: { ...process.env, MPROF: "1" } });
  if (status !== 0) throw new Error(`node ${args.join(" ")} ended with ${status}\n${stderr}`);
  return stdout;
}
