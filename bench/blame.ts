/**
 * Whether `mprof diff` knows its rows, by what `git blame -M` says: `node dist/esm/bench/blame.js REPO… [--pairs 20]
 * [--seed 1] [--lines]`, with checkouts or bare repositories that have their history. Pairs of commits are chosen by the
 * seed; both versions of what changed between them are planned, every row is taken for one with figures, and compared. A
 * table for each repository, then each row that was matched wrongly; exits with 1 if there is one. `--lines` prints those
 * that blame knows and we do not.
 */
import { parseArgs } from "node:util";
import { compareProfiles } from "../cli/diff/compare-profiles.ts";
import { SLOT_NONE } from "../contract/module-table.ts";
import type { ListingProfile } from "../contract/profile.ts";
import { instrument } from "../plugin/node/source.ts";
import { type SampleRow, sampleListing, sampleProfile } from "../test/support/sample-profile.ts";
import { type Commits, History, Versions } from "./blame/history.ts";
import { type Judged, judge, VERDICTS } from "./blame/judge.ts";
import { randomFrom } from "./blame/random.ts";

/** Commits between the two of a pair. */
const APART = { least: 3, most: 60 };
/** Of a pair; what is generated or vendored would outweigh the rest. */
const MOST_FILES = 15;
const MOST_BYTES = 300_000;
/** Tries for each pair that is asked for: between most commits no function has changed. */
const TRIES = 20;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    pairs: { type: "string", default: "20" },
    seed: { type: "string", default: "1" },
    lines: { type: "boolean", default: false },
  },
});

/** The functions of a version of a file, each row as if it had taken a byte. */
function functionsOf(file: string, text: string): ListingProfile[] {
  const options = { filename: `/${file}`, root: "/", functions: "all", mode: "auto", sourceMap: false } as const;
  const { listings = [] } = instrument(text, { ...options, onWarning: () => {} })?.table ?? {};
  return listings.map(({ name, first, lines, slots }) => {
    const rows = lines.map((line, i): SampleRow => [line, slots!.kinds[i] === SLOT_NONE ? null : 1]);
    return sampleListing(name, rows, { file, first });
  });
}

type Row = Judged & { commits: Commits };

function compare(history: History, commits: Commits): Row[] {
  const files = history.changedBetween(commits).slice(0, MOST_FILES);
  const version = (commit: string) =>
    sampleProfile(
      files.flatMap((file) => {
        const text = history.textOf(commit, file);
        return text === null || text.length > MOST_BYTES ? [] : functionsOf(file, text);
      }),
    );
  const changes = compareProfiles(version(commits.base), version(commits.changed));
  return judge(changes, new Versions(history, commits)).map((each) => ({ ...each, commits }));
}

/** Those in which a function has changed. */
function* pairsOf(history: History, most: number, random: (below: number) => number): Generator<Row[]> {
  const commits = history.commits();
  for (let tries = 0, found = 0; found < most && tries < most * TRIES; tries++) {
    const apart = APART.least + random(APART.most - APART.least + 1);
    if (commits.length <= apart) return;
    const at = random(commits.length - apart);
    const judged = compare(history, { changed: commits[at]!, base: commits[at + apart]! });
    if (judged.every(({ how }) => how === "same")) continue;
    found++;
    yield judged;
  }
}

const WIDTH = 11;
const columns = ["pairs", "rows", "matched", "moved", "edited", ...VERDICTS];
console.log("".padEnd(24) + columns.map((each) => each.padStart(WIDTH)).join(""));
for (const repository of positionals) {
  const pairs = [...pairsOf(new History(repository), Number(values.pairs), randomFrom(Number(values.seed)))];
  const all = pairs.flat();
  const count = (is: (each: Row) => boolean) => all.filter(is).length;
  const figures = [
    pairs.length,
    count(({ after }) => after !== undefined),
    count(({ before, after }) => before !== undefined && after !== undefined),
    count(({ how }) => how === "moved"),
    count(({ how }) => how === "edited"),
    ...VERDICTS.map((verdict) => count((each) => each.verdict === verdict)),
  ];
  const name = repository.split("/").slice(-2).join("/");
  console.log(name.slice(-23).padEnd(24) + figures.map((each) => String(each).padStart(WIDTH)).join(""));
  for (const { verdict, says, commits } of all) {
    if (verdict !== "wrong" && !(values.lines && verdict === "missed")) continue;
    const [base, changed] = [commits.base, commits.changed].map((each) => each.slice(0, 8));
    console.log(`  ${verdict}, ${base}..${changed}: ${says}`);
  }
  if (count(({ verdict }) => verdict === "wrong") > 0) process.exitCode = 1;
}
