/**
 * What a newcomer pays: the start of a program beside tsx (compiled and kept; medians of interleaved rounds, and of the ratios
 * within each), and what `npm i mprof` brings. Prints both; exits with 1 if one is over its bar, by 95 % of what noise can do.
 * `npm run bench`.
 */
import { execFileSync, spawnSync } from "node:child_process";
import { lstatSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { intervalOfMedian, median } from "./statistics.ts";

const ROUNDS = 15;
/** Highest ratio to tsx of a start whose files are kept; one that compiles has no bar. */
const START_BAR = 1.25;
const MEGABYTES_BAR = 30;

const TSX = join(dirname(createRequire(import.meta.url).resolve("tsx/package.json")), "dist/cli.mjs");
const OURS = join(process.cwd(), "dist/esm/cli/bin.js");

const STARTS: Record<string, readonly string[]> = {
  tsx: [TSX, "hello.ts"],
  mprof: [OURS, "hello.ts"],
  "mprof --no-cache": [OURS, "--no-cache", "hello.ts"],
  node: ["-e", "0"],
};

/** Milliseconds by name, one of each round. */
function measureStarts(folder: string): Record<string, number[]> {
  mkdirSync(join(folder, "node_modules"));
  writeFileSync(join(folder, "hello.ts"), 'const name: string = "hello";\nconsole.log(name);\n');
  const times = Object.fromEntries(Object.keys(STARTS).map((name) => [name, [] as number[]]));
  for (let round = 0; round <= ROUNDS; round++) {
    for (const [name, args] of Object.entries(STARTS)) {
      const begin = process.hrtime.bigint();
      spawnSync(process.execPath, args, { cwd: folder, stdio: "ignore" });
      // The first round fills both caches.
      if (round > 0) times[name]!.push(Number(process.hrtime.bigint() - begin) / 1e6);
    }
  }
  return times;
}

/** Of the packed tarball in an empty folder. */
function measureInstall(folder: string): { megabytes: number; packages: number } {
  const npm = (...args: string[]) =>
    execFileSync("npm", args, { cwd: folder, encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] });
  const [{ filename }] = JSON.parse(npm("pack", process.cwd(), "--json", "--ignore-scripts"));
  writeFileSync(join(folder, "package.json"), '{ "private": true }');
  npm("install", `./${filename}`, "--no-audit", "--no-fund", "--prefer-offline");
  const listed = npm("ls", "--all", "--parseable").trim().split("\n").length - 1;
  return { megabytes: bytesIn(join(folder, "node_modules")) / 1e6, packages: listed };
}

/** A file of two names, as esbuild makes of its own, is on the disk once. */
function bytesIn(path: string, seen = new Set<number>()): number {
  const stats = lstatSync(path);
  if (stats.isDirectory()) return readdirSync(path).reduce((sum, name) => sum + bytesIn(join(path, name), seen), 0);
  if (seen.has(stats.ino)) return 0;
  seen.add(stats.ino);
  return stats.size;
}

function withFolder<T>(use: (folder: string) => T): T {
  const folder = mkdtempSync(join(tmpdir(), "mprof-bench-"));
  try {
    return use(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const starts = withFolder(measureStarts);
/** To tsx in the same round: what a busy machine does to one, it does to the other. */
const ratiosOf = (name: string) => starts[name]!.map((ms, round) => ms / starts.tsx![round]!);
console.log("start                  ms  to tsx   95 % of it");
for (const [name, times] of Object.entries(starts)) {
  const ratios = ratiosOf(name);
  const [low, high] = intervalOfMedian(ratios).map((ratio) => ratio.toFixed(2));
  const cells = [median(times).toFixed(0).padStart(7), median(ratios).toFixed(2).padStart(8)];
  console.log(`${name.padEnd(18)}${cells.join("")}   ${low} to ${high}`);
}
const { megabytes, packages } = withFolder(measureInstall);
console.log(`npm i mprof: ${megabytes.toFixed(1)} MB, ${packages} packages`);
if (intervalOfMedian(ratiosOf("mprof"))[0] > START_BAR || megabytes > MEGABYTES_BAR) {
  console.log(`over the bar: ${START_BAR} times tsx, ${MEGABYTES_BAR} MB`);
  process.exitCode = 1;
}
