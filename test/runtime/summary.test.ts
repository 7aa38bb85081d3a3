import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import type { ListingProfile, Profile } from "../../contract/profile.ts";
import { MIB } from "../../contract/units.ts";
import { REPORTERS } from "../../runtime/reporters/index.ts";
import { runCli, withFolder } from "../support/run-cli.ts";
import { createTestRuntime } from "./test-runtime.ts";

const summary = (profile: Profile) => REPORTERS.summary!.render(profile);

describe("the summary", () => {
  it("has functions by what they leave behind, without the reading on entry, and the rows that took most", () => {
    const { memory, module, runtime } = createTestRuntime();
    const small = module({ name: "small", first: 1, lines: ["function small() {", "  add(1);", "}"] }).enter(0);
    small.line(2);
    memory.add(1);
    small.exit();
    const large = module({ name: "large", first: 7, lines: ["const large = () =>", "  add(8);"] }).enter(0);
    large.line(8);
    memory.add(8);
    large.exit();
    const free = module({ name: "free", first: 30, lines: ["function free() {", "  add(-4);", "}"] }).enter(0);
    free.line(31);
    memory.add(-4);
    free.exit();
    assert.equal(
      summary(runtime.getProfile()),
      `Summary of 3 functions, scripted

   Net growth          Peak        Calls   Function
=============================================================
      8.0 MiB      59.0 MiB            1   large (a.js:7)
      1.0 MiB      51.0 MiB            1   small (a.js:1)
     -4.0 MiB      59.0 MiB            1   free (a.js:30)

    Increment     Mem usage  Occurrences   Largest rows
=============================================================
      8.0 MiB      59.0 MiB            1   a.js:8   add(8);
      1.0 MiB      51.0 MiB            1   a.js:2   add(1);

`,
    );
  });

  it("counts what a first row took besides: a function on one line", () => {
    const { memory, module, runtime } = createTestRuntime();
    for (let i = 0; i < 2; i++) {
      const call = module({ name: "one", first: 3, lines: ["const one = () => add(2);"] }).enter(0);
      call.line(3);
      memory.add(2);
      call.exit();
    }
    assert.match(
      summary(runtime.getProfile()),
      / {6}4\.0 MiB .* 2 {3}one \(a\.js:3\)\n[\s\S]* {6}4\.0 MiB .* a\.js:3 {3}const/,
    );
  });

  const listing = (index: number): ListingProfile => ({
    file: "a.js",
    name: `f${index}`,
    first: index,
    last: index + 1,
    calls: 1,
    options: {},
    rows: [
      {
        line: index,
        text: "function f() {",
        data: { occurrences: 1, figures: { rss: { usage: 50 * MIB, increment: 50 * MIB } } },
      },
      {
        line: index + 1,
        text: "x".repeat(99),
        data: { occurrences: 1, figures: { rss: { usage: 50 * MIB, increment: index * MIB } } },
      },
    ],
    aside: {},
  });
  const profileOf = (listings: ListingProfile[]) =>
    ({ metrics: ["rss"], precision: 1, listings }) as unknown as Profile;

  it("shows twenty functions and ten rows at most, with the beginning of long lines", () => {
    const text = summary(profileOf(Array.from({ length: 25 }, (_, i) => listing(i + 1))));
    assert.equal(text.match(/ f\d+ \(a\.js:\d+\)\n/g)!.length, 20);
    assert.match(text, /\n {43}and 5 more\n\n/);
    assert.equal(text.match(/ a\.js:\d+ {3}x{60}…\n/g)!.length, 10);
  });

  it("is empty for a profile without listings, and has no rows where nothing grew", () => {
    assert.equal(summary(profileOf([])), "");
    const { rows, ...rest } = listing(0);
    assert.doesNotMatch(summary(profileOf([{ ...rest, rows: rows.slice(0, 1) }])), /Largest/);
  });
});

describe("--summary", () => {
  const program = (functions: number) =>
    Array.from({ length: functions }, (_, i) => `// @profile\nfunction f${i}() {\n  return [];\n}\nf${i}();\n`).join(
      "",
    );
  const cases: [functions: number, args: string[], isThere: boolean][] = [
    [2, [], false],
    [3, [], true],
    [3, ["--summary", "never"], false],
    [1, ["--summary", "always"], true],
    [0, ["--summary", "always"], false],
    [3, ["--report", "call"], true],
  ];
  for (const [functions, args, isThere] of cases) {
    it(`${isThere ? "prints one" : "prints none"} of ${functions} functions with ${args.join(" ") || "nothing given"}`, () =>
      withFolder({ "app.js": program(functions) }, async (cwd) => {
        const { stdout } = await runCli([...args, "app.js"], { cwd });
        const [tables, after, ...more] = stdout.split(/^Summary of /m);
        assert.equal(tables!.split("Filename: ").length - 1, functions);
        assert.equal(after !== undefined, isThere, stdout);
        assert.deepEqual(more, []);
        if (functions > 0) assert.ok(tables!.endsWith("}\n\n\n"), "the tables are as they were");
      }));
  }

  it("goes where the tables go, also of mprof run", () =>
    withFolder({ "app.js": program(3) }, async (cwd) => {
      assert.equal((await runCli(["-o", "report.txt", "app.js"], { cwd })).stdout, "");
      assert.match(readFileSync(`${cwd}/report.txt`, "utf8"), /\n\n\nSummary of 3 functions/);
      assert.match((await runCli(["run", "-o", "a.dat", "app.js"], { cwd })).stdout, /\n\n\nSummary of 3 functions/);
    }));
});
