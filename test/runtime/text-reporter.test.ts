import assert from "node:assert/strict";
import type { Profile } from "../../contract/profile.ts";
import { MIB } from "../../contract/units.ts";
import { formatFixed } from "../../runtime/reporters/format-fixed.ts";
import { REPORTERS } from "../../runtime/reporters/index.ts";
import { createTestRuntime } from "./test-runtime.ts";

describe("the text reporter", () => {
  it("writes the table of memory_profiler byte for byte", () => {
    const { memory, module, runtime } = createTestRuntime();
    const lines = ["/** @profile precision=3 */", "function f() {", "  add(8);", "", "  return 1;", "}"];
    const a = module({ first: 2, lines, options: { precision: 3 } }).enter(0);
    a.line(4);
    memory.add(8);
    a.line(6);
    a.exit();
    assert.equal(
      REPORTERS.text!.render(runtime.getProfile()),
      [
        "Filename: a.js",
        "",
        "Line #    Mem usage    Increment  Occurrences   Line Contents",
        "=============================================================",
        "     2   50.000 MiB   50.000 MiB           1   /** @profile precision=3 */",
        `     3${" ".repeat(41)}function f() {`,
        "     4   58.000 MiB    8.000 MiB           1     add(8);",
        `     5${" ".repeat(41)}`,
        "     6   58.000 MiB    0.000 MiB           1     return 1;",
        `     7${" ".repeat(41)}}`,
        "",
        "",
        "",
      ].join("\n"),
    );
  });

  it("marks what is no more than V8 may keep of its own, with gc, and says so", () => {
    const rows = [70_000, 900, -4096, 0, 4097].map((increment, i) => ({
      line: i + 1,
      text: `row ${i}`,
      data: { occurrences: 1, figures: { heap: { usage: 8 * MIB, increment } } },
    }));
    const listing = {
      file: "a.js",
      name: "f",
      first: 1,
      last: 5,
      calls: 1,
      options: {},
      rows,
      aside: {},
      baseline: {},
    };
    const rendered = (gc: Profile["gc"]) =>
      REPORTERS.text!.render({ metrics: ["heap"], precision: 3, gc, listings: [listing] } as unknown as Profile);
    const [, , , , ...lines] = rendered(true).split("\n");
    assert.deepEqual(
      lines.filter((line) => line.includes("~")).map((line) => line.trim()),
      [
        "2    8.000 MiB    0.001 MiB~          1   row 1",
        "3    8.000 MiB   -0.004 MiB~          1   row 2",
        "~ at most 4 KiB: no more than V8 may keep of its own on a row.",
      ],
    );
    assert.ok(!rendered("call").includes("~") && !rendered(false).includes("~"));
  });

  it("shows what rows allocated and what was freed, without what came while they waited, and marks what is estimated", () => {
    const data = (increment: number, freed: number, waiting = 0) => ({
      occurrences: 3,
      figures: { heap: { usage: 90 * MIB, increment: increment * MIB, freed: freed * MIB, waiting: waiting * MIB } },
      ...(waiting === 0 && { estimated: { measured: 1, allocated: 0 } }),
    });
    const rows = [
      { line: 1, text: "f() {", data: data(50, 0, 1) },
      { line: 2, text: "  a();", data: data(-4, 6) },
      { line: 3, text: "}" },
    ];
    const baseline = { heap: 48 * MIB };
    const listing = { file: "a.js", name: "f", first: 1, last: 3, calls: 3, options: {}, rows, aside: {}, baseline };
    const collections = { count: 1, between: { count: 0, freed: { heap: 0 } } };
    const profile = { metrics: ["heap"], precision: 1, listings: [listing], collections } as unknown as Profile;
    assert.deepEqual(REPORTERS.text!.render(profile).split("\n").slice(2, 12), [
      "Line #    Mem usage    Increment  Occurrences    Allocated        Freed   Line Contents",
      "=======================================================================================",
      "     1     90.0 MiB     51.0 MiB           3       2.0 MiB      0.0 MiB   f() {",
      "     2     90.0 MiB     -4.0 MiB~          3       2.0 MiB~     6.0 MiB~    a();",
      `     3${" ".repeat(68)}}`,
      "",
      "",
      "1.0 MiB came while rows waited and nothing profiled ran; Increment has it, on the rows that waited.",
      "",
      "1 collection was seen.",
    ]);
  });

  it("shows what came while rows waited in Increment, marks rows that shared, and says the sum below", () => {
    const data = (waiting: number, awaited: number, shared?: true) => ({
      occurrences: 1,
      figures: { rss: { usage: 90 * MIB, increment: MIB, waiting: waiting * MIB, awaited: awaited * MIB } },
      ...(shared && { shared }),
    });
    const rows = [
      { line: 1, text: "await a();", data: data(20, 0.5, true) },
      { line: 2, text: "await b();", data: data(10, 4) },
    ];
    const listing = { file: "a.js", name: "f", first: 1, last: 2, calls: 1, options: {}, rows, aside: {} };
    const nobody = { rss: 3 * MIB };
    const profile = { metrics: ["rss"], precision: 1, listings: [listing], nobody } as unknown as Profile;
    assert.deepEqual(REPORTERS.text!.render(profile).split("\n").slice(4), [
      "     1     90.0 MiB     21.5 MiB~          1   await a();",
      "     2     90.0 MiB     15.0 MiB           1   await b();",
      "",
      "",
      "30.0 MiB came while rows waited and nothing profiled ran; Increment has it, on the rows that waited.",
      "~ shared alike with other rows that waited at the same time.",
      "3.0 MiB came while nothing profiled ran or waited; no row has it.",
      "",
      "",
    ]);
    assert.equal(listing.rows[0]!.data.figures.rss.increment, MIB);
  });

  it("lets wide cells push the row to the right (golden 25), and rounds 100.5 to 100 (golden 26)", () => {
    const row = (usage: number, increment: number, precision: number) => {
      const data = { occurrences: 1, figures: { rss: { usage: usage * MIB, increment: increment * MIB } } };
      const listing = {
        file: "a",
        name: "f",
        first: 1,
        last: 1,
        calls: 1,
        options: { precision },
        rows: [{ line: 1, text: "x", data }],
        aside: {},
      };
      const profile = { metrics: ["rss"], precision: 1, listings: [listing] } as unknown as Profile;
      return REPORTERS.text!.render(profile).split("\n")[4];
    };
    assert.equal(row(12345.6789, -152.5898, 4), "     1 12345.6789 MiB -152.5898 MiB           1   x");
    assert.equal(row(100.5, -0.5, 0), "     1      100 MiB       -0 MiB           1   x");
  });

  it("prints nothing for a profile without listings", () => {
    assert.equal(REPORTERS.text!.render(createTestRuntime().runtime.getProfile()), "");
  });

  // From Python 3.11: '%.{p}f' % x
  const PYTHON: [number, number, string][] = [
    [0.0625, 3, "0.062"],
    [0.1875, 3, "0.188"],
    [0.25, 1, "0.2"],
    [0.35, 1, "0.3"],
    [0.75, 1, "0.8"],
    [100.5, 0, "100"],
    [101.5, 0, "102"],
    [0.5, 0, "0"],
    [-0.5, 0, "-0"],
    [-0.0625, 3, "-0.062"],
    [-0.0001, 3, "-0.000"],
    [-0, 1, "-0.0"],
    [0, 3, "0.000"],
    [2.675, 2, "2.67"],
    [1.005, 2, "1.00"],
    [9.9995, 3, "9.999"],
    [99.95, 1, "100.0"],
    [46.52734375, 3, "46.527"],
    [12345.6789, 4, "12345.6789"],
    [0.00390625, 7, "0.0039062"],
    [0.00390625, 8, "0.00390625"],
  ];
  for (const [value, decimals, expected] of PYTHON) {
    it(`rounds ${Object.is(value, -0) ? "-0" : value} to ${expected} at ${decimals} decimals`, () => {
      assert.equal(formatFixed(value, decimals), expected);
    });
  }
});

describe("the JSON reporter", () => {
  it("writes the profile itself", () => {
    const profile = createTestRuntime().runtime.getProfile();
    assert.equal(REPORTERS.json!.render(profile), `${JSON.stringify(profile, null, 2)}\n`);
  });
});
