import { appendFileSync, existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { BACK_ENDS } from "./compile.ts";
import { findException, readExceptions } from "./exceptions.ts";
import { type Failure, runPool } from "./pool.ts";
import type { TestReport, TestTask } from "./worker.ts";

export interface Test262Settings {
  root: string;
  backEnds: string[];
  /** Folders or files below `root`. */
  paths: string[];
  sample: number | null;
  seed: number;
  jobs: number;
  /** A file that keeps results: what it holds is not run again. */
  state: string | null;
}

const LIMIT_MS = 30_000;
const WORKER = fileURLToPath(new URL("./worker.js", import.meta.url));
const EXEC_ARGV = ["--experimental-vm-modules", "--expose-gc", "--no-warnings"];

type Result = TestReport | (Failure & Pick<TestReport, "path" | "backEnd">);

/** @returns whether every difference is an allowed one */
export async function runTest262(settings: Test262Settings): Promise<boolean> {
  const results = new Map<string, Result>();
  const keyOf = ({ backEnd, path }: { backEnd: string; path: string }) => `${backEnd} ${path}`;
  for (const result of readState(settings.state)) results.set(keyOf(result), result);
  const tasks = chooseTests(settings).flatMap((path) =>
    settings.backEnds.map((backEnd): TestTask => ({ root: settings.root, path, backEnd })),
  );
  const open = tasks.filter((task) => !results.has(keyOf(task)));
  const started = Date.now();
  let done = 0;
  await runPool<TestTask, TestReport>(
    open,
    { script: WORKER, jobs: settings.jobs, limitMs: LIMIT_MS, execArgv: EXEC_ARGV },
    (task, result) => {
      const { path, backEnd } = task;
      const named = { path, backEnd, ...result };
      results.set(keyOf(task), named);
      if (settings.state) appendFileSync(settings.state, `${JSON.stringify(named)}\n`);
      if (++done % 500 === 0)
        console.error(`${done} of ${open.length} tests, ${Math.round((Date.now() - started) / 1000)} s`);
    },
  );
  const wanted = tasks.map((task) => results.get(keyOf(task))!);
  return settings.backEnds
    .map((backEnd) =>
      printReport(
        backEnd,
        wanted.filter((result) => result.backEnd === backEnd),
      ),
    )
    .every(Boolean);
}

function readState(file: string | null): Result[] {
  if (file === null || !existsSync(file)) return [];
  return readFileSync(file, "utf8")
    .split("\n")
    .flatMap((line) => (line === "" ? [] : [JSON.parse(line) as Result]));
}

function chooseTests({ root, paths, sample, seed }: Test262Settings): string[] {
  const all = paths.flatMap((path) => testsIn(root, path));
  if (sample === null || sample >= all.length) return all;
  let state = seed >>> 0;
  // Mulberry32: the same sample for the same seed, everywhere.
  const random = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  for (let index = 0; index < sample; index++) {
    const other = index + Math.floor(random() * (all.length - index));
    [all[index], all[other]] = [all[other]!, all[index]!];
  }
  return all.slice(0, sample).sort();
}

function testsIn(root: string, path: string): string[] {
  if (path.endsWith(".js")) return [path];
  return readdirSync(join(root, path), { withFileTypes: true })
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => {
      if (entry.isDirectory()) return testsIn(root, join(path, entry.name));
      return entry.name.endsWith(".js") && !entry.name.includes("_FIXTURE") ? [join(path, entry.name)] : [];
    });
}

function printReport(backEnd: string, results: readonly Result[]): boolean {
  const exceptions = readExceptions();
  const reports = results.filter((result): result is TestReport => !("failure" in result));
  const failures = results.filter((result) => "failure" in result);
  const sum = (key: "compared" | "notPassed" | "rejected" | "chosen" | "leftAlone") =>
    reports.reduce((total, report) => total + report[key], 0);
  const allowed = new Map<string, number>();
  let differences = 0;
  for (const { path, differences: found } of reports) {
    for (const difference of found) {
      const exception = findException(exceptions, path, backEnd, difference);
      if (exception) allowed.set(exception.reason, (allowed.get(exception.reason) ?? 0) + 1);
      else {
        differences++;
        console.log(
          `${backEnd}: ${path} (${difference.variant})\n  original: ${difference.original}\n  instrumented: ${difference.instrumented}`,
        );
      }
    }
  }
  for (const result of failures)
    console.log(`${backEnd}: ${result.path} could not be compared: ${(result as Failure).failure}`);
  const share = ((100 * sum("leftAlone")) / Math.max(1, sum("chosen"))).toFixed(2);
  console.log(
    `${backEnd}: ${results.length} tests, ${sum("compared")} runs compared; ` +
      `${sum("notPassed")} runs do not pass without us, ${sum("rejected")} are beyond the parser\n` +
      `${backEnd}: ${sum("chosen")} functions, ${sum("leftAlone")} left alone (${share} %)\n` +
      `${backEnd}: ${differences} differences, ${failures.length} tests without an answer`,
  );
  for (const [reason, count] of allowed) console.log(`${backEnd}: ${count} allowed: ${reason}`);
  return differences === 0 && failures.length === 0;
}

/** @param besides what compiles nothing */
export function backEndsNamed(name: string, ...besides: string[]): string[] {
  if (name === "all") return Object.keys(BACK_ENDS);
  if (BACK_ENDS[name] || besides.includes(name)) return [name];
  throw new Error(`--back-end is one of ${[...Object.keys(BACK_ENDS), ...besides, "all"].join(", ")}: ${name}`);
}
