/** `mprof diff`: rows are the same by what they say, and what is noise is no change. */
import assert from "node:assert/strict";
import { describeFinding } from "../../cli/check/finding.ts";
import { align } from "../../cli/diff/align.ts";
import { compareProfiles, type FunctionChange } from "../../cli/diff/compare-profiles.ts";
import { changesAsMarkdown, changesAsTable } from "../../cli/diff/describe-changes.ts";
import { findIncreases } from "../../cli/diff/find-increases.ts";
import type { Profile } from "../../contract/profile.ts";
import { MIB } from "../../contract/units.ts";
import { runCli, withFolder } from "../support/run-cli.ts";
import { type SampleRow, sampleListing, sampleProfile } from "../support/sample-profile.ts";

const pairs = (before: string, after: string) =>
  align(before.split("\n"), after.split("\n")).map(({ before: i, after: j, how }) => `${i + 1}-${j + 1} ${how}`);

describe("lines of two texts", () => {
  it("are the same by what they say, however indented, and wherever they stand", () => {
    assert.deepEqual(pairs("f() {\n  a();\n  b(1);\n}", "f() {\n  new1();\n  if (x) {\n    a();\n  }\n  b(1);\n}"), [
      "1-1 same",
      "2-4 same",
      "3-6 same",
      "4-7 same",
    ]);
  });

  it("have moved where their order has changed", () => {
    assert.deepEqual(pairs("one();\ntwo();\nthree();\nfour();", "three();\none();\ntwo();\nfour();"), [
      "3-1 moved",
      "1-2 same",
      "2-3 same",
      "4-4 same",
    ]);
  });

  it("are edited where they stand between the same two and are alike", () => {
    assert.deepEqual(
      pairs(
        "{\nconst rows = new Array(n).fill(0);\nsend(rows);\n}",
        "{\nlog('start');\nconst rows = new Array(2 * n).fill(0);\nsend(rows);\n}",
      ),
      ["1-1 same", "2-3 edited", "3-4 same", "4-5 same"],
    );
  });

  it("are others where they are not alike, and brackets and blanks are never moved", () => {
    assert.deepEqual(pairs("{\nread(file);\n}", "{\nreturn 42;\n}"), ["1-1 same", "3-3 same"]);
    assert.deepEqual(pairs("}\nx();", "y();\nz();\n}\n}"), ["1-3 same"]);
  });

  it("of one text that stands often keep their order", () => {
    assert.deepEqual(pairs("push(a);\npush(a);\npush(a);", "push(a);\npush(a);"), ["1-1 same", "2-2 same"]);
  });

  it("that stand twice have not moved, for nobody knows which", () => {
    assert.deepEqual(pairs("emit(e);\na();\nemit(e);\nb();\nc();", "a();\nb();\nc();\nemit(e);"), [
      "2-1 same",
      "4-2 same",
      "5-3 same",
    ]);
  });

  it("that end what was put in are not those before it", () => {
    const part = (name: string) => `test('${name}');\nend();\n});\n\n`;
    const [before, after] = [`${part("one")}end();`, `new1();\n${part("one")}${part("two")}end();`];
    assert.deepEqual(
      pairs(before, after).filter((each) => /^[12]-/.test(each)),
      ["1-2 same"],
      "nobody knows of the first end() which it is",
    );
  });

  it("that stand more than once are the same only if no other order is as long", () => {
    assert.deepEqual(pairs("a();\nx = 1;\nb();\nx = 1;\nc();", "a();\nx = 1;\nc();"), ["1-1 same", "5-3 same"]);
    const call = "assert(app,\n{ url: 1 });";
    assert.deepEqual(pairs(`f();\n${call}\nassert(app,\n{ url: 2 });`, "f();\nassert(app,\n{ url: 2 });"), [
      "1-1 same",
      "5-3 same",
    ]);
  });

  it("are not edited where another of their text stands in both", () => {
    assert.deepEqual(pairs("a();\nx = 1;\nb();\nx = 1;\nc();", "a();\nx = 12;\nx = 1;\nc();"), [
      "1-1 same",
      "4-3 same",
      "5-4 same",
    ]);
  });

  it("are found in texts of 20,000 lines within a second", () => {
    const before = Array.from({ length: 20_000 }, (_, i) => `line ${i}`);
    const after = before.flatMap((line, i) => (i % 500 === 0 ? [`new ${i}`, line] : i % 700 === 0 ? [] : [line]));
    const begin = performance.now();
    const found = align(before, after);
    assert.ok(performance.now() - begin < 1000);
    assert.equal(
      found.filter(({ how }) => how === "same").length,
      before.filter((line) => after.includes(line)).length,
    );
    assert.ok(found.every(({ before: i, after: j }) => before[i] === after[j]));
  });
});

const BEFORE: SampleRow[] = [
  ["export function load(n) {", 0],
  ["  const head = read(1);", MIB],
  ["  const rows = new Array(n).fill(0);", 8 * MIB],
  ["  keep(rows);", 2 * MIB],
  ["  return head;", 0],
  ["}", null],
];
const AFTER: SampleRow[] = [
  ["export function load(n) {", 0],
  ["  // what is new", null],
  ["  const rows = new Array(2 * n).fill(0);", 16 * MIB],
  ["  const head = read(1);", MIB],
  ["  keep(rows);", 2 * MIB],
  ["  audit(rows);", 3 * MIB],
  ["  return head;", 0],
  ["}", null],
];
const QUIET = sampleListing("quiet", [
  ["quiet() {", 0],
  ["  work();", 512],
]);
const base = sampleProfile([sampleListing("load", BEFORE), QUIET]);
const changed = sampleProfile([QUIET, sampleListing("load", AFTER, { first: 40 })]);

describe("profiles that are compared", () => {
  it("say what each row took before and after, by its text", () => {
    const [load] = compareProfiles(base, changed);
    assert.equal(load!.change, 11 * MIB);
    assert.deepEqual(
      load!.rows.map(({ how, before, after, change }) => [how, before?.line, after?.line, change / MIB]),
      [
        ["same", 1, 40, 0],
        ["edited", 3, 42, 8],
        ["same", 2, 43, 0],
        ["same", 4, 44, 0],
        ["added", undefined, 45, 3],
        ["same", 5, 46, 0],
      ],
    );
  });

  it("know a function by its text that was renamed, or has gone to another file", () => {
    const renamed = sampleProfile([
      sampleListing("read", BEFORE, { file: "src/other.ts" }),
      sampleListing("unlike", [["unlike() {", 5 * MIB]]),
    ]);
    const found = compareProfiles(base, renamed).map(({ before, after }) => [before?.name, after?.name]);
    assert.deepEqual(found.sort(), [
      [undefined, "unlike"],
      ["load", "read"],
      ["quiet", undefined],
    ]);
  });

  it("do not take a line for edited, or moved, that has gone to another function or has come from there", () => {
    const functions = (load: string[], save: string[]) =>
      sampleProfile(
        Object.entries({ load, save }).map(([name, lines], i) => {
          const rows = [`${name}() {`, ...lines].map((line): SampleRow => [line, 1]);
          return sampleListing(name, rows, { first: 10 * i + 1 });
        }),
      );
    const changes = compareProfiles(
      functions(["status = 500;", "one();", "two();"], ["end(status);"]),
      functions(["err.status = status || 500;", "one();", "two();"], ["status = 500;", "end(status);"]),
    );
    assert.deepEqual(changes.map(({ rows }) => rows.map(({ how }) => how)).sort(), [
      ["same", "added", "same"],
      ["same", "added", "same", "same", "removed"],
    ]);
  });

  it("tell functions of one name apart by their order, and only if that is sure", () => {
    const named = (...texts: string[]) =>
      sampleProfile(texts.map((text, i) => sampleListing("length", [[text, 1]], { first: 10 * i + 1 })));
    const found = (before: Profile, after: Profile) =>
      compareProfiles(before, after)
        .map((each) => `${each.before?.first ?? ""}-${each.after?.first ?? ""}`)
        .sort();
    assert.deepEqual(found(named("size", "one", "size"), named("size", "one", "two", "size")), [
      "-21",
      "1-1",
      "11-11",
      "21-31",
    ]);
    assert.deepEqual(found(named("one", "size", "two", "size", "three"), named("one", "size", "three")), [
      "-11",
      "1-1",
      "11-",
      "21-",
      "31-",
      "41-21",
    ]);
  });

  it("leave functions of one text alone where there is one more, wherever that stands among them", () => {
    const length = (first: number) => sampleListing("length", [["length: (item) => item.length", 8]], { first });
    const key = (first: number) => sampleListing("key", [["key: (item) => item.key", 8]], { first });
    const base = sampleProfile([length(5), length(15), length(25), key(35)]);
    const more = sampleProfile([length(5), length(15), length(20), length(25), key(35)]);
    const known = (changes: FunctionChange[]) =>
      changes.flatMap(({ before, after }) =>
        before && after ? [`${before.name} ${before.first}-${after.first}`] : [],
      );
    assert.deepEqual(known(compareProfiles(base, more)), ["key 35-35"]);
    assert.deepEqual(known(compareProfiles(more, base)), ["key 35-35"]);
    // As many as before are those.
    const same = ["length 5-5", "length 15-15", "length 25-25", "key 35-35"];
    assert.deepEqual(known(compareProfiles(base, base)), same);
  });

  it("know one in another file only if it is not much changed: it may be a copy", () => {
    const lines = Array.from({ length: 10 }, (_, i): SampleRow => [`line${i}();`, 1]);
    const changed = (count: number) => lines.map(([line], i): SampleRow => [i < count ? `other${i}(x);` : line, 1]);
    const isFound = (file: string, count: number) => {
      const other = sampleListing("f", changed(count), { file });
      return compareProfiles(sampleProfile([sampleListing("f", lines)]), sampleProfile([other])).length === 1;
    };
    assert.deepEqual([isFound("b.ts", 2), isFound("b.ts", 3), isFound("src/app.ts", 9)], [true, false, true]);
  });

  it("take for noise what runs of one program differ by", () => {
    const grown = (bytes: number) =>
      sampleProfile([
        sampleListing(
          "load",
          BEFORE.map((row, i) => (i === 2 ? [row[0], 8 * MIB + bytes] : row)),
        ),
      ]);
    const [only] = compareProfiles(grown(0), grown(100), [grown(-80), grown(120)]);
    assert.deepEqual([only!.change, only!.noise, only!.rows[2]!.noise], [100, 200, 200]);
    assert.match(changesAsTable([only!]), /\n1 function without change\n$/);
    assert.deepEqual(findIncreases([only!], { share: 0, bytes: 0 }), []);
    assert.equal(findIncreases(compareProfiles(grown(0), grown(100)), { share: 0, bytes: 0 }).length, 1);
  });

  it("grow too much only if they pass both limits", () => {
    const changes = compareProfiles(base, changed);
    const count = (share: number, bytes: number) => findIncreases(changes, { share, bytes }).length;
    assert.deepEqual([count(0.1, MIB), count(0.99, MIB), count(1.01, 0), count(0.1, 12 * MIB)], [1, 1, 0, 0]);
    assert.equal(
      findIncreases(changes, { share: 0.1, bytes: MIB }).map(describeFinding).join(""),
      [
        "[mprof] load (src/app.ts:40) grew by +11.000 MiB, 100 %: more than 10 % and 1.000 MiB",
        "  +8.000 MiB  src/app.ts:42  const rows = new Array(2 * n).fill(0);",
        "  +3.000 MiB  src/app.ts:45  audit(rows);",
        "",
      ].join("\n"),
    );
  });

  it("are a table", () => {
    assert.equal(
      changesAsTable(compareProfiles(base, changed)),
      [
        "Net growth: rss 11.000 MiB -> 22.000 MiB, +11.000 MiB",
        "",
        "load (src/app.ts:40)   11.000 MiB -> 22.000 MiB   +11.000 MiB",
        "",
        "  Base    New         Base          New        Change   Line Contents",
        "=".repeat(69),
        "     3     42    8.000 MiB   16.000 MiB    +8.000 MiB ~   const rows = new Array(2 * n).fill(0);",
        `${" ".repeat(52)}was   const rows = new Array(n).fill(0);`,
        "           45                 3.000 MiB    +3.000 MiB +   audit(rows);",
        "",
        "1 function without change",
        "",
      ].join("\n"),
    );
  });

  it("are Markdown, in which text stays text", () => {
    const bars = sampleProfile([
      sampleListing("f|g", [
        ["f() {", 0],
        ["  a || `b`;", MIB],
      ]),
    ]);
    const text = changesAsMarkdown(compareProfiles(sampleProfile([]), bars));
    assert.match(text, /^### `f\\\|g \(src\/app\.ts:1\), new`: \+1\.000 MiB \(0\.000 MiB → 1\.000 MiB\)$/m);
    assert.match(text, /^\| {2}→ 2 \| {2}\| 1\.000 MiB \| \+1\.000 MiB \| added \| `` a \\\|\\\| `b`; `` \|$/m);
  });

  it("may have no functions", () => {
    assert.equal(changesAsTable(compareProfiles(sampleProfile([]), sampleProfile([]))), "Net growth: none\n\n");
  });
});

describe("mprof diff", () => {
  const files = {
    "base.json": JSON.stringify(base),
    "new.json": JSON.stringify(changed),
    "heap.json": JSON.stringify({ ...base, metrics: ["heap"] }),
  };
  const run = (...args: string[]) => withFolder(files, (cwd) => runCli(["diff", ...args], { cwd }));

  it("prints what changed, and ends with 0", async () => {
    const { code, stdout, stderr } = await run("base.json", "new.json");
    assert.deepEqual([code, stderr], [0, ""]);
    assert.match(stdout, /^Net growth: rss 11\.000 MiB -> 22\.000 MiB/);
  });

  it("ends with 3 where it is told to fail, and says why in one line, with the rows", async () => {
    const { code, stderr } = await run("--fail-on-increase", "10%", "--and", "1MiB", "base.json", "new.json");
    assert.equal(code, 3);
    assert.match(stderr, /^\[mprof\] load \(src\/app\.ts:40\) grew by .*\n {2}\+8\.000 MiB {2}src\/app\.ts:42 .*\n/);
    assert.equal((await run("--fail-on-increase", "200%", "base.json", "new.json")).code, 0);
    assert.equal((await run("--fail-on-increase", "10%", "base.json", "base.json")).code, 0);
  });

  const wrong: [args: string[], said: RegExp][] = [
    [["no.json", "new.json"], /^\[mprof\] there is no such file: no\.json\n/],
    [
      ["base.json", "heap.json"],
      /^\[mprof\] base\.json measures rss, heap\.json heap\n {2}Run both with the same --backend\.\n$/,
    ],
    [["--and", "1MiB", "base.json", "new.json"], /^\[mprof\] --and without --fail-on-increase\n/],
    [["--fail-on-increase", "ten", "base.json", "new.json"], /It must be a percentage, as 10%\./],
    [["--fail-on-increase", "1%", "--and", "5 parsecs", "base.json", "new.json"], /It must be a size with its unit/],
    [["base.json"], /missing required argument/],
  ];
  for (const [args, said] of wrong) {
    it(`refuses ${args.join(" ")}`, async () => {
      const { code, stdout, stderr } = await run(...args);
      assert.deepEqual([code, stdout], [2, ""]);
      assert.match(stderr, said);
    });
  }
});
