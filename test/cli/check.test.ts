/** `mprof check`: budgets of the command and of marks, in a terminal and on GitHub. */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { chmodSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import Ajv from "ajv";
import { Ajv2020 } from "ajv/dist/2020.js";
import { findExcesses } from "../../cli/check/find-excesses.ts";
import { describeFinding, type Finding, RULES } from "../../cli/check/finding.ts";
import { sarifOf } from "../../cli/check/sarif.ts";
import { readSize } from "../../contract/sizes.ts";
import { MIB } from "../../contract/units.ts";
import { fetchPackage } from "../support/fetch-package.ts";
import { runCli, withFolder } from "../support/run-cli.ts";
import { MIXED, sampleListing, sampleProfile } from "../support/sample-profile.ts";
import { scratchFolder } from "../support/scratch.ts";

const says = (...args: Parameters<typeof findExcesses>) => findExcesses(...args).findings.map((each) => each.says);

describe("a size", () => {
  const sizes: [string, number | undefined][] = [
    ["5MiB", 5 * MIB],
    ["5 MiB", 5 * MIB],
    ["1.5 kB", 1500],
    ["512KIB", 524_288],
    ["2GB", 2e9],
    ["10B", 10],
    ["5", undefined],
    ["MiB", undefined],
    ["-5MiB", undefined],
    ["5 MiBs", undefined],
    ["5 m", undefined],
    ["0x5MiB", undefined],
    ["", undefined],
    ["5 toString", undefined],
  ];
  for (const [text, bytes] of sizes)
    it(`${bytes === undefined ? "is not" : "is"} written ${JSON.stringify(text)}`, () =>
      assert.equal(readSize(text), bytes));
});

describe("budgets", () => {
  it("are of all calls of a function, by its name or the last part of it", () => {
    const budget = (name: string, bytes: number) => says(MIXED, { maxNet: [{ name, bytes }] });
    assert.deepEqual(budget("load", 4 * MIB), [
      "load (src/app.ts:1) left behind 4.633 MiB in 1 call: more than 4.000 MiB",
    ]);
    assert.deepEqual(budget("load", 5 * MIB), []);
    assert.throws(() => budget("laod", 1), /the profile has no function laod\n {2}It has load, /);
  });

  it("are of resident memory, read by probes or beside them", () => {
    assert.deepEqual(says(MIXED, { maxRss: 57 * MIB }), [
      "resident memory was 57.633 MiB in load (src/app.ts:1): more than 57.000 MiB",
    ]);
    assert.deepEqual(says(MIXED, { maxRss: 58 * MIB }), []);
    const figures = { heap: { usage: 1, increment: 1 } };
    const heap = (aside: object) =>
      sampleProfile([sampleListing("f", [["f", 0, { figures }]], { metrics: ["heap"], aside })], { metrics: ["heap"] });
    assert.equal(says(heap({ rss: { peak: 2 * MIB, net: 0 } }), { maxRss: MIB }).length, 1);
    assert.throws(() => says(heap({}), { maxRss: MIB }), /the profile has no resident memory, only heap\n/);
  });

  it("of a mark are of a call, and of the largest reading", () => {
    const marked = (options: object, calls: number) =>
      sampleProfile([
        sampleListing(
          "f",
          [
            ["f() {", 0],
            ["  a();", 8 * MIB],
          ],
          { calls, options },
        ),
      ]);
    assert.deepEqual(says(marked({ max: "3 MiB" }, 2), {}), [
      "f (src/app.ts:1) left behind 4.000 MiB a call, in 2 calls: more than its max of 3 MiB",
    ]);
    assert.deepEqual(says(marked({ max: "3 MiB" }, 4), {}), []);
    assert.deepEqual(says(marked({ maxPeak: "55MiB" }, 1), {}), [
      "rss was 58.000 MiB in f (src/app.ts:1): more than its maxPeak of 55MiB",
    ]);
    assert.throws(
      () => says(marked({ max: "much" }, 1), {}),
      /the budget of f \(src\/app\.ts:1\) is no size: "much"\n/,
    );
  });

  it("that are passed name the five rows that took most", () => {
    const rows = Array.from({ length: 9 }, (_, i): [string, number] => [`line ${i}`, i * MIB]);
    const [finding] = findExcesses(sampleProfile([sampleListing("f", rows)]), {
      maxNet: [{ name: "f", bytes: 0 }],
    }).findings;
    assert.deepEqual(
      finding!.rows.map(({ line }) => line),
      [9, 8, 7, 6, 5],
    );
  });
});

describe("mprof check", () => {
  const PROGRAM = `const kept = [];
// @profile max=1MiB
function load(n) {
  for (let i = 0; i < n; i++) kept.push(Buffer.alloc(2 ** 20, 1));
}
load(8);
console.log("done", process.argv[2]);
`;
  const many = sampleProfile(
    Array.from({ length: 14 }, (_, i) =>
      sampleListing(
        `f${i}`,
        [
          ["f", 0],
          ["a, b: 100 %", MIB],
        ],
        { options: { max: "1kB" }, file: "src/a,b:c.ts" },
      ),
    ),
  );
  const files = { "p.json": JSON.stringify(MIXED), "many.json": JSON.stringify(many), "app.js": PROGRAM };
  const run = (args: string[], env: Record<string, string> = {}) =>
    withFolder(files, (cwd) => runCli(["check", ...args], { cwd, env: { GITHUB_ACTIONS: "", ...env } }));

  it("ends with 3 and says why, and with 0 where all is kept", async () => {
    const { code, stdout, stderr } = await run(["--max-net", "load=1MiB", "--max-rss", "1GiB", "p.json"]);
    assert.deepEqual([code, stdout], [3, ""]);
    assert.match(
      stderr,
      /^\[mprof\] load \(src\/app\.ts:1\) left behind 4\.633 MiB .*\n {2}\+7\.633 MiB {2}src\/app\.ts:3 {2}const rows/,
    );
    const kept = await run(["--max-net", "load=5MiB", "--max-rss", "1GiB", "p.json"]);
    assert.deepEqual([kept.code, kept.stdout, kept.stderr], [0, "", "mprof: 2 budgets are kept\n"]);
  });

  it("runs a program for its marks, with its own arguments and output", async () => {
    const { code, stdout, stderr } = await run(["app.js", "--max-rss"]);
    assert.deepEqual([code, stdout], [3, "done --max-rss\n"]);
    assert.match(
      stderr,
      /^\[mprof\] load \(app\.js:2\) left behind \d\.\d+ MiB a call, in 1 call: more than its max of 1MiB\n/,
    );
    assert.match(stderr, /\n {2}\+\d\.\d+ MiB {2}app\.js:4 {2}for /);
  });

  it("leaves a program's own exit code", () =>
    withFolder({ "app.js": `${PROGRAM}process.exitCode = 9;` }, async (cwd) => {
      assert.equal((await runCli(["check", "app.js"], { cwd })).code, 9);
    }));

  it("writes at most ten annotations on GitHub, whose text cannot end them, and a summary", () =>
    withFolder(files, async (cwd) => {
      const summary = join(cwd, "summary.md");
      const env = { GITHUB_ACTIONS: "true", GITHUB_STEP_SUMMARY: summary };
      const { code, stdout } = await runCli(["check", "many.json"], { cwd, env });
      assert.equal(code, 3);
      const lines = stdout.trimEnd().split("\n");
      assert.equal(lines.length, 10);
      assert.equal(
        lines[0],
        "::warning file=src/a%2Cb%3Ac.ts,line=2,title=mprof::f0 (src/a,b:c.ts:1) left behind 1.000 MiB a call, in 1 call: more than its max of 1kB",
      );
      const written = readFileSync(summary, "utf8");
      assert.equal(written.match(/^- `f\d+ /gm)!.length, 14);
      assert.match(written, /^## Memory by line$/m);
      const unwritable = { ...env, GITHUB_STEP_SUMMARY: join(cwd, "no/where.md") };
      const other = await runCli(["check", "many.json"], { cwd, env: unwritable });
      assert.equal(other.code, 3);
      assert.match(other.stderr, /\[mprof\] the summary of the step cannot be written \(ENOENT\)\n$/);
    }));

  const wrong: [args: string[], said: RegExp][] = [
    [["p.json"], /^\[mprof\] there is no budget to check\n/],
    [["--max-rss", "200", "p.json"], /It must be a size with its unit/],
    [["--max-net", "load", "p.json"], /It must be a name and a size with its unit/],
    [["--max-net", "nobody=1MiB", "p.json"], /^\[mprof\] --max-net: the profile has no function nobody\n/],
    [["--max-rss", "1MiB", "no.js"], /^\[mprof\] there is no such script: no\.js\n/],
    [["--max-rss", "1MiB", "no.json"], /^\[mprof\] there is no such file: no\.json\n/],
    [["--max-rss", "1MiB", "p.json", "--verbose"], /^\[mprof\] a profile takes no arguments: --verbose\n/],
    [
      ["--max-rss", "1MiB", "--sarif", "no/where.sarif", "p.json"],
      /^\[mprof\] no\/where\.sarif cannot be written \(ENOENT\)\n/,
    ],
  ];
  for (const [args, said] of wrong) {
    it(`refuses ${args.join(" ")}`, async () => {
      const { code, stdout, stderr } = await run(args);
      assert.deepEqual([code, stdout], [2, ""]);
      assert.match(stderr, said);
    });
  }
});

describe("SARIF", function () {
  this.timeout(120_000);
  const finding = (rule: Finding["rule"]): Finding => ({
    rule,
    says: 'load took <b>"much"</b>',
    metric: "rss",
    rows: [{ bytes: 5, file: "src/with space/cäche#1.ts", line: 3, text: "x" }],
    file: "a.ts",
    line: 1,
  });
  const log = sarifOf((Object.keys(RULES) as Finding["rule"][]).map(finding));

  it("names the line, its file as a URI, and its rule", () => {
    const [{ results, tool }] = JSON.parse(log).runs;
    assert.deepEqual(results[1].locations[0].physicalLocation, {
      artifactLocation: { uri: "src/with%20space/c%C3%A4che%231.ts", uriBaseId: "SRCROOT" },
      region: { startLine: 3 },
    });
    for (const { ruleId, ruleIndex } of results) assert.equal(tool.driver.rules[ruleIndex].id, ruleId);
  });

  const multitool = fetchPackage("@microsoft/sarif-multitool-linux", "5.7.0");
  if (multitool === null) return;
  const folder = join(multitool, "node_modules/@microsoft/sarif-multitool-linux");

  it("is what its schema says", () => {
    const schema = JSON.parse(readFileSync(join(folder, "sarif-2.1.0.json"), "utf8").replace(/^\ufeff/, ""));
    const options = { strict: false, validateFormats: false } as const;
    const validator = /2020/.test(schema.$schema)
      ? new Ajv2020(options)
      : new Ajv.default({ ...options, schemaId: "$id" } as object);
    delete schema.$schema;
    const validate = validator.compile(schema);
    for (const text of [log, sarifOf([])]) assert.ok(validate(JSON.parse(text)), JSON.stringify(validate.errors));
  });

  it("passes its own validator without a word", () => {
    const path = join(scratchFolder(), "mprof.sarif");
    writeFileSync(path, log);
    const tool = join(folder, "Sarif.Multitool");
    chmodSync(tool, 0o755);
    const env = { ...process.env, DOTNET_SYSTEM_GLOBALIZATION_INVARIANT: "1" };
    const { status, stdout, stderr } = spawnSync(tool, ["validate", path], { encoding: "utf8", env });
    assert.equal(status, 0, stdout + stderr);
    assert.doesNotMatch(stdout, /: error SARIF|: warning SARIF/, stdout);
  });
});

describe("the task of docs/editors.md", () => {
  it("finds the rows that mprof check prints, and their lines", () => {
    const [, written] = /```json\n([\s\S]*?)```/.exec(readFileSync("docs/editors.md", "utf8"))!;
    const [task] = JSON.parse(written!).tasks as { problemMatcher: { pattern: Record<string, never> } }[];
    const { regexp, file, line, message } = task!.problemMatcher.pattern;
    const { findings } = findExcesses(MIXED, { maxNet: [{ name: "load", bytes: 4 * MIB }] });
    const matches = describeFinding(findings[0]!)
      .split("\n")
      .flatMap((each) => {
        const match = new RegExp(regexp!).exec(each);
        return match ? [[match[file!], Number(match[line!]), match[message!]]] : [];
      });
    const expected = findings[0]!.rows.map((row) => [row.file, row.line, `+${(row.bytes / MIB).toFixed(3)} MiB`]);
    assert.ok(expected.length > 0);
    assert.deepEqual(matches, expected);
  });
});
