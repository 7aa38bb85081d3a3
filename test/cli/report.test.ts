/** `mprof report`: what is chosen of a profile, colours, and paging. */
import assert from "node:assert/strict";
import { chosenTable } from "../../cli/terminal/chosen-table.ts";
import { page } from "../../cli/terminal/page.ts";
import { wantsColor } from "../../cli/terminal/wants-color.ts";
import type { Profile } from "../../contract/profile.ts";
import { MIB } from "../../contract/units.ts";
import { TABLES } from "../../runtime/reporters/tables.ts";
import { runCli, withFolder } from "../support/run-cli.ts";
import { MIXED, sampleListing, sampleProfile } from "../support/sample-profile.ts";

const lines = (text: string) => text.split("\n");
const numbers = (text: string) =>
  [...text.matchAll(/^ *(\d+) (?!rows? left|functions? left)/gm)].map(([, each]) => Number(each));

describe("a table that is chosen", () => {
  it("takes an increment apart: what came while the row ran, and while it waited", () => {
    const waited: Profile = JSON.parse(JSON.stringify(MIXED));
    const listing = waited.listings[0]!;
    const row = listing.rows.findLast(({ data }) => data)!;
    const metric = waited.metrics[0]!;
    row.data!.figures[metric] = { usage: 2 ** 24, increment: 2 ** 20, waiting: 2 ** 21, awaited: 2 ** 22 };
    const table = chosenTable({ columns: ["increment", "running", "waiting", "awaited"] }).render(waited);
    assert.match(table, /7\.0+ MiB +1\.0+ MiB +2\.0+ MiB +4\.0+ MiB/);
    assert.throws(() => chosenTable({ columns: ["waiting"] }).render(MIXED), /the profile has no waiting/);
  });

  it("has what rows allocated and what was freed, where collections were followed", () => {
    const columns = ["increment", "allocated", "freed", "net", "collections"] as const;
    const followed: Profile = JSON.parse(JSON.stringify(MIXED));
    const metric = followed.metrics[0]!;
    const row = followed.listings[0]!.rows.findLast(({ data }) => data)!;
    row.data!.figures[metric] = { usage: 2 ** 24, increment: -(2 ** 20), waiting: 2 ** 21, freed: 3 * 2 ** 20 };
    row.data!.collections = 4;
    const table = chosenTable({ columns }).render(followed);
    assert.match(table, / {2}1\.0+ MiB +2\.0+ MiB +3\.0+ MiB +-1\.0+ MiB +4~/);
    assert.throws(
      () => chosenTable({ columns }).render(MIXED),
      /the profile has no allocated, only rss\n {2}Profile with --freed, and --backend heap or all\./,
    );
  });

  it("has the columns that are asked for, and no others", () => {
    const [, , header, rule, , row] = lines(chosenTable({ columns: ["increment", "share", "per-hit"] }).render(MIXED));
    assert.equal(header, "Line #    Increment        Share      Per hit   Line Contents");
    assert.equal(rule, "=".repeat(header!.length));
    assert.equal(row, '     3    7.633 MiB       88.4 %   2605.3 KiB     const rows = new Array(n).fill(`a,"b"|c`);');
  });

  it("sorts rows, and tables by their largest", () => {
    const small = sampleListing("small", [["s", 1]]);
    const text = chosenTable({ sort: "increment" }).render(sampleProfile([small, ...MIXED.listings]));
    assert.deepEqual(numbers(text), [3, 5, 1, 4, 41, 40, 1]);
    assert.match(text, /load:1\n[\s\S]*Cache\.get[\s\S]*small:1\n/);
  });

  it("keeps the rows of all functions that took most, or those above a size, and counts the others", () => {
    const text = chosenTable({ top: 2 }).render(MIXED);
    assert.deepEqual(numbers(text), [3, 5]);
    assert.match(text, /\n {48}2 rows left out\n\n\n1 function left out\n$/);
    assert.deepEqual(numbers(chosenTable({ min: 100_000 }).render(MIXED)), [3, 4, 5, 41]);
  });

  it("has the metrics that were read at once, without the reading on entry", () => {
    const figures = { rss: { usage: 9 * MIB, increment: 9 * MIB }, heap: { usage: 5 * MIB, increment: 5 * MIB } };
    const grown = { rss: { usage: 9 * MIB, increment: 0 }, heap: { usage: 5 * MIB, increment: 2 * MIB } };
    const listing = sampleListing(
      "f",
      [
        ["f() {", 0, { figures }],
        ["  a();", 0, { figures: grown }],
      ],
      {
        baseline: { rss: 9 * MIB, heap: 5 * MIB },
      },
    );
    const both = sampleProfile([listing], { metrics: ["rss", "heap"] });
    const rows = lines(chosenTable({ columns: ["rss", "heap"] }).render(both));
    assert.equal(rows[4], "     1    0.000 MiB    0.000 MiB   f() {");
    assert.equal(rows[5], "     2    0.000 MiB    2.000 MiB     a();");
  });

  it("says what a profile has no column for", () => {
    assert.throws(
      () => chosenTable({ columns: ["heap"] }).render(MIXED),
      /has no heap, only rss\n {2}Profile with --backend all/,
    );
    assert.throws(() => chosenTable({ sort: "time" }).render(MIXED), /has no time, .*\n {2}Profile with --time\./);
  });
});

describe("colours", () => {
  const strip = (text: string) =>
    // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what it looks for
    text.replace(/\u001b\[[\d;]*m/g, "").replaceAll("\u258c", " ");
  const plain = sampleProfile([MIXED.listings[0]!]);

  it("leave the table as it is, and mark what took most", () => {
    const painted = TABLES.render(plain, { color: true });
    assert.equal(strip(painted), TABLES.render(plain));
    const of = (text: string) => lines(painted).find((line) => line.includes(text))!;
    assert.ok(of("new Array(n)").startsWith("\u001b[1;31m\u258c"), of("new Array(n)"));
    assert.ok(of("JSON.parse").startsWith("\u001b[33m\u258c"));
    assert.ok(!of("rows.length").includes("\u001b"));
    assert.ok(of("export function").startsWith("\u001b[2m"));
  });

  it("come on a terminal, unless NO_COLOR is set or the flag says otherwise", () => {
    const screen = { rows: 24, columns: 80 };
    assert.equal(wantsColor("auto", { screen, env: {} }), true);
    assert.equal(wantsColor("auto", { screen: undefined, env: {} }), false);
    assert.equal(wantsColor("auto", { screen, env: { NO_COLOR: "1" } }), false);
    assert.equal(wantsColor("auto", { screen, env: { NO_COLOR: "" } }), true);
    assert.equal(wantsColor("auto", { screen, env: { TERM: "dumb" } }), false);
    assert.equal(wantsColor("always", { screen: undefined, env: { NO_COLOR: "1" } }), true);
    assert.equal(wantsColor("never", { screen, env: {} }), false);
  });

  it("come in the report of a run where they are asked for, never in a file", () =>
    withFolder({ "app.js": "// @profile\nfunction f() {\n  return [1];\n}\nf();\n" }, async (cwd) => {
      const plainRun = await runCli(["app.js"], { cwd });
      assert.ok(!plainRun.stdout.includes("\u001b"));
      const run = await runCli(["--color", "always", "app.js"], { cwd });
      assert.ok(run.stdout.startsWith("\u001b[1mFilename: app.js"), run.stdout);
      const filed = await runCli(["--color", "always", "-o", "r.txt", "app.js"], { cwd });
      assert.deepEqual([filed.stdout, filed.stderr], ["", ""]);
    }));
});

describe("paging", () => {
  const print = (text: string, PAGER: string, screen?: { rows: number; columns: number }) => {
    let out = "";
    page(text, {
      out: (piece) => (out += piece),
      error() {},
      cwd: ".",
      exit() {},
      env: { ...process.env, PAGER },
      screen,
    });
    return out;
  };

  it("is for what is longer than the screen, and for a terminal only", () => {
    const screen = { rows: 3, columns: 80 };
    assert.equal(print("1\n2\n3\n4\n", "exit 0;", screen), "");
    assert.equal(print("1\n2\n", "exit 0;", screen), "1\n2\n");
    assert.equal(print("1\n2\n3\n4\n", "exit 0;"), "1\n2\n3\n4\n");
  });

  it("that cannot start is done without", () => {
    assert.equal(print("1\n2\n3\n4\n", "no-such-pager-anywhere", { rows: 3, columns: 80 }), "1\n2\n3\n4\n");
  });
});

describe("mprof report", () => {
  const odd: Profile = sampleProfile([sampleListing("f\u001b]0;x", [["\u001b[31mred", 1]])]);
  const files = { "p.json": JSON.stringify(MIXED), "odd.json": JSON.stringify(odd), "cut.json": '{"format"' };
  const run = (...args: string[]) => withFolder(files, (cwd) => runCli(["report", ...args], { cwd }));

  it("shows a profile: the classic table, what is chosen of it, JSON or Markdown", async () => {
    assert.match(
      (await run("p.json")).stdout,
      /^Filename: src\/app\.ts\n\nLine # {4}Mem usage {4}Increment {2}Occurrences /,
    );
    assert.match((await run("--top", "1", "p.json")).stdout, /^Filename: src\/app\.ts {3}load:1\n/);
    assert.match((await run("--markdown", "p.json")).stdout, /^## Memory by line\n/);
    assert.deepEqual(JSON.parse((await run("--json", "p.json")).stdout), MIXED);
  });

  it("shows nothing that a terminal obeys", async () => {
    for (const args of [[], ["--sort", "increment"], ["--markdown"]]) {
      const { stdout } = await run(...args, "odd.json");
      assert.ok(stdout.includes("red") && !stdout.includes("\u001b"), stdout);
    }
  });

  const wrong: [args: string[], said: RegExp][] = [
    [["--columns", "increment,colour", "p.json"], /It must be names with commas between, of usage, /],
    [["--columns", "heap", "p.json"], /^\[mprof\] the profile has no heap, only rss\n/],
    [["--min", "much", "p.json"], /It must be a size with its unit/],
    [["--top", "0", "p.json"], /It must be a whole number from 1/],
    [["--sort", "size", "p.json"], /Allowed choices are usage, increment, /],
    [["cut.json"], /^\[mprof\] cut\.json: the profile is cut off, or no JSON\n/],
    [["no.json"], /^\[mprof\] there is no such file: no\.json\n/],
  ];
  for (const [args, said] of wrong) {
    it(`refuses ${args.join(" ")}`, async () => {
      const { code, stdout, stderr } = await run(...args);
      assert.deepEqual([code, stdout], [2, ""]);
      assert.match(stderr, said);
    });
  }
});
