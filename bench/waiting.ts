/**
 * What rows that wait have of what a program grew by, in both modes and by source: `node dist/esm/bench/waiting.js [runs] [program]`. A server
 * with one request at a time, whose handler's rows are to have what its database made, to 10 %; and 49 MB of NDJSON, whose rows
 * are to have 95 % of what the process grew by. The best of so many runs counts, because other processes take memory away.
 */
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { ListingProfile, Profile } from "../contract/profile.ts";
import { MIB } from "../contract/units.ts";
import { ROOT } from "../test/support/load-fixture.ts";

const BIN = fileURLToPath(new URL("../cli/bin.js", import.meta.url));
const MODES = ["auto", "exact"];

interface Program {
  args: string[];
  sources: string[];
  /** The listing whose rows are to have it. */
  listing: string;
  /** What it grew by, as the program says itself. */
  grown(stderr: string, source: string): number;
  least: number;
  most: number;
}

const PROGRAMS: Program[] = [
  {
    args: ["server.mjs", "1"],
    sources: ["rss", "heap", "external"],
    listing: "handle",
    grown: (stderr) => Number(/made ([\d.]+) MiB/.exec(stderr)![1]),
    least: 0.9,
    most: 1.1,
  },
  {
    args: ["ndjson.mjs"],
    sources: ["rss", "heap"],
    listing: "main",
    grown: (stderr, source) => Number(/([\d.]+) MiB rss, ([\d.]+) MiB heap/.exec(stderr)![source === "rss" ? 1 : 2]),
    least: 0.95,
    most: 1.1,
  },
];

/** MiB on each row, without what the process had when it began. */
function rowsOf({ first, rows, baseline }: ListingProfile, source: string): Map<string, number> {
  return new Map(
    rows.flatMap(({ line, text, data }) => {
      const figures = data?.figures[source];
      if (figures === undefined) return [];
      const { increment, waiting = 0, awaited = 0 } = figures;
      const entered = line === first ? (baseline?.[source] ?? 0) : 0;
      return [[text.trim(), (increment + waiting + awaited - entered) / MIB]];
    }),
  );
}

function measure(program: Program, mode: string, source: string, json: string): { share: number; says: string } {
  const [file, ...rest] = program.args;
  const flags = ["--quiet", "--mode", mode, "--backend", source, "--json", json];
  const path = join(ROOT, "bench/waiting", file!);
  const { stderr, status } = spawnSync(process.execPath, [BIN, ...flags, path, ...rest], { encoding: "utf8" });
  if (status !== 0) throw new Error(stderr);
  const { listings }: Profile = JSON.parse(readFileSync(json, "utf8"));
  const rows = rowsOf(listings.find(({ name }) => name === program.listing)!, source);
  const grown = program.grown(stderr, source);
  const sum = [...rows.values()].reduce((total, each) => total + each, 0);
  const large = [...rows].filter(([, mib]) => Math.abs(mib) >= 1).map(([text, mib]) => `${mib.toFixed(1)} ${text}`);
  return { share: sum / grown, says: `${sum.toFixed(1)} of ${grown.toFixed(1)} MiB: ${large.join(" | ")}` };
}

const [runs = "1", only = ""] = process.argv.slice(2);
const folder = mkdtempSync(join(tmpdir(), "mprof-bench-"));
try {
  for (const program of PROGRAMS.filter(({ args }) => args[0]!.startsWith(only)))
    for (const source of program.sources)
      for (const mode of MODES) {
        let isWithin = false;
        for (let run = 0; run < Number(runs); run++) {
          const { share, says } = measure(program, mode, source, join(folder, "profile.json"));
          isWithin ||= share >= program.least && share <= program.most;
          console.log(
            `${program.args.join(" ")}, ${mode}, ${source}: ${(100 * share).toFixed(1)} % on the rows of ${program.listing}, ${says}`,
          );
        }
        if (!isWithin) process.exitCode = 1;
      }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
console.log(
  `Node ${process.version}: ${process.exitCode === 1 ? "a figure is beyond its bar" : "all within their bars"}`,
);
