/** What every command that reads profiles says of wrong input: one line with its cure, exit code 2, and nothing half done. */
import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { runCli, withFolder } from "../support/run-cli.ts";
import { MIXED } from "../support/sample-profile.ts";

const TEXT = JSON.stringify(MIXED);
const LISTING = MIXED.listings[0]!;
const FILES = {
  "good.json": TEXT,
  "cut.json": TEXT.slice(0, 200),
  "empty.json": "",
  "list.json": "[]",
  "foreign.json": '{"format":"cpuprofile"}',
  "newer.json": JSON.stringify({ ...MIXED, version: 2 }),
  "field.json": JSON.stringify({ ...MIXED, listings: [{ ...LISTING, rows: [{ line: "1" }] }] }),
  "cut.mprof": "MPROFKPT",
};

/** With a profile in the place of PROFILE. */
const COMMANDS: Record<string, string[]> = {
  report: ["report", "PROFILE"],
  "report --html": ["report", "PROFILE", "--html", "out.html"],
  "report --json": ["report", "--json", "PROFILE"],
  "diff, as the base": ["diff", "PROFILE", "good.json"],
  "diff, as the new one": ["diff", "good.json", "PROFILE"],
  "diff, as a run": ["diff", "--runs", "PROFILE", "--", "good.json", "good.json"],
  merge: ["merge", "good.json", "PROFILE"],
  convert: ["convert", "--to", "csv", "PROFILE"],
  check: ["check", "--max-rss", "1GiB", "PROFILE"],
  push: ["push", "--pyroscope", "http://127.0.0.1:1", "PROFILE"],
  leaks: ["leaks", "PROFILE"],
};

const WRONG: Record<string, RegExp> = {
  "missing.json": /there is no such file: missing\.json/,
  ".": /this is no file: \./,
  "cut.json": /cut\.json: the profile is cut off, or no JSON/,
  "empty.json": /empty\.json is no report: it is empty/,
  "list.json": /list\.json: this is no profile/,
  "foreign.json": /foreign\.json: this is no profile: its format is "cpuprofile"/,
  "newer.json": /newer\.json: the profile has version 2, this mprof reads up to 1/,
  "field.json": /field\.json: .*not as it should be: listings\[0\]\.rows\[0\]\.line/,
  "cut.mprof": /cut\.mprof is no report: it is empty/,
};

function assertRefused({ code, stdout, stderr }: Awaited<ReturnType<typeof runCli>>, said: RegExp): void {
  assert.deepEqual([code, stdout], [2, ""], stderr);
  assert.match(stderr, said);
  assert.ok(stderr.trimEnd().split("\n").length <= 2, stderr);
}

/** Nothing is kept of what cannot be sent. */
const env = (cwd: string) => ({ TMPDIR: cwd, NO_COLOR: "1" });

describe("wrong profiles", () => {
  for (const [command, args] of Object.entries(COMMANDS))
    it(`are refused by ${command}`, () =>
      withFolder(FILES, async (cwd) => {
        for (const [file, said] of Object.entries(WRONG)) {
          const named = args.map((each) => (each === "PROFILE" ? file : each));
          assertRefused(await runCli(named, { cwd, env: env(cwd) }), said);
        }
        assert.ok(!existsSync(join(cwd, "out.html")));
      }));
});

describe("flags that cannot be", () => {
  const wrong: [args: string[], said: RegExp][] = [
    [["report", "good.json", "--html", "--json"], /--html with --json: a page has all of it/],
    [["--html", "out.html", "--json", "out.html", "good.json"], /out\.html/],
    [["report", "good.json", "--html", "no/where.html"], /no\/where\.html cannot be written \(ENOENT\)/],
    [["diff", "--html", "no/where.html", "good.json", "good.json"], /no\/where\.html cannot be written \(ENOENT\)/],
    [["diff", "-o", "no/where.txt", "good.json", "good.json"], /no\/where\.txt cannot be written \(ENOENT\)/],
    [["merge", "-o", "no/where.json", "good.json", "good.json"], /no\/where\.json cannot be written \(ENOENT\)/],
    [["convert", "--to", "html", "-o", "no/where.html", "good.json"], /no\/where\.html cannot be written \(ENOENT\)/],
    [
      ["check", "--max-rss", "1GiB", "--sarif", "no/where.sarif", "good.json"],
      /where\.sarif cannot be written \(ENOENT\)/,
    ],
    [["check", "--max-rss", "5 parsecs", "good.json"], /It must be a size with its unit/],
    [["check", "--max-rss", "-5MiB", "good.json"], /It must be a size with its unit/],
    [["check", "--max-net", "load", "good.json"], /--max-net/],
    [["check", "good.json"], /there is no budget to check/],
    [["diff", "--fail-on-increase", "10", "good.json", "good.json"], /It must be a percentage, as 10%/],
    [
      ["diff", "--fail-on-increase", "10%", "--and", "lots", "good.json", "good.json"],
      /It must be a size with its unit/,
    ],
    [["report", "--top", "many", "good.json"], /--top/],
    [["report", "--min", "5", "good.json"], /--min/],
    [["report", "--columns", "increment,colour", "good.json"], /colour|--columns/],
    [["report", "--sort", "colour", "good.json"], /colour|--sort/],
    [["diff", "good.json"], /missing required argument/],
    [["merge", "good.json"], /missing required argument/],
    [["leaks", "good.json"], /good\.json says nothing of leaks/],
    [["push", "good.json"], /no server is named/],
    [["push", "--pyroscope", "nowhere", "good.json"], /nowhere/],
  ];
  for (const [args, said] of wrong)
    it(`are refused: ${args.join(" ")}`, () =>
      withFolder(FILES, async (cwd) => assertRefused(await runCli(args, { cwd, env: env(cwd) }), said)));
});
