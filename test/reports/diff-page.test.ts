/** The page of `mprof diff --html`: what it says, and that what the program says stays text in it. */
import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { Browser } from "playwright-core";
import { changesAsPage } from "../../cli/diff/changes-as-page.ts";
import { compareProfiles } from "../../cli/diff/compare-profiles.ts";
import type { Profile } from "../../contract/profile.ts";
import { MIB } from "../../contract/units.ts";
import { HOW_TO_GET_CHROMIUM, launchChromium } from "../support/chromium.ts";
import { runCli, withFolder } from "../support/run-cli.ts";
import { type SampleRow, sampleListing, sampleProfile } from "../support/sample-profile.ts";
import { scratchFolder } from "../support/scratch.ts";

const HOSTILE = `</td></style><script>document.title="run"</script><img src=x onerror='document.title=1'>\u001b[31m & "`;
const rows = (...all: SampleRow[]): SampleRow[] => [["load(n) {", 0], ...all, ["}", null]];
const base = sampleProfile([
  sampleListing(
    "load",
    rows(["  const rows = new Array(n).fill(0);", 8 * MIB], ["  drop(rows);", MIB], ["  go();", 5]),
  ),
  sampleListing("quiet", [["quiet() {", 7]]),
]);
const changed = sampleProfile([
  sampleListing(
    "load",
    rows(["  const rows = new Array(2 * n).fill(0);", 16 * MIB], ["  go();", 5], [`  audit(${HOSTILE});`, 3 * MIB]),
    { first: 40 },
  ),
  sampleListing("quiet", [["quiet() {", 7]]),
  sampleListing(HOSTILE, [["fresh() {", -MIB]], { file: `src/${HOSTILE}.ts` }),
]);
const large = (factor: number): Profile =>
  sampleProfile(
    Array.from({ length: 150 }, (_, at) =>
      sampleListing(
        `work${at}`,
        Array.from({ length: 150 }, (_, i): SampleRow => [`  const value${i} = compute(${i});`, factor * (at + i)]),
        { file: `src/module-${at}.ts` },
      ),
    ),
  );
const pageOf = (before: Profile, after: Profile) =>
  changesAsPage(compareProfiles(before, after), ["a.json", "<b>.json"]);

describe("the page of what changed", () => {
  it("names no address, runs nothing, and keeps what the program says text", () => {
    const html = pageOf(base, changed);
    const [, policy] = /<meta http-equiv="Content-Security-Policy" content="([^"]+)">/.exec(html)!;
    assert.match(policy!, /^default-src 'none'; style-src 'sha256-\S+'; base-uri 'none'; form-action 'none'$/);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: it must not be there
    assert.doesNotMatch(html, /<script|<img|https?:|<b>|style="|\u001b/);
    assert.equal(html.match(/<\/style/g)!.length, 1);
  });

  it("of profiles without a difference says so", () => {
    assert.match(pageOf(base, base), /<p>2 functions without change<\/p>/);
    assert.match(pageOf(sampleProfile([]), sampleProfile([])), /<h1>Net growth: none<\/h1>/);
  });

  it("says what it leaves out, and stays below 3 MiB", () => {
    const html = pageOf(large(1), large(3));
    assert.ok(html.length < 3 * MIB, `${html.length}`);
    assert.equal(html.match(/<section id="f/g)!.length, 100);
    assert.match(html, /<p>and 90 more rows that changed less<\/p>/);
    assert.match(html, /<p>and 50 more functions that changed less<\/p>/);
  });
});

describe(`the page of what changed in Chromium${HOW_TO_GET_CHROMIUM}`, () => {
  let browser: Browser | null = null;
  before(async function () {
    browser = await launchChromium();
    if (browser === null) this.skip();
  });
  after(() => browser?.close());

  for (const width of [420, 1000, 1600])
    for (const colorScheme of ["light", "dark"] as const)
      it(`shows functions and rows at ${width} px, ${colorScheme}`, async () => {
        const path = join(scratchFolder(), "diff.html");
        writeFileSync(path, pageOf(base, changed));
        const page = await browser!.newPage({ viewport: { width, height: 800 }, colorScheme });
        const trouble: string[] = [];
        page.on("console", (message) => trouble.push(message.text()));
        page.on("request", (request) => {
          if (!request.url().startsWith(pathToFileURL(path).href)) trouble.push(request.url());
        });
        await page.goto(`${pathToFileURL(path).href}#f1`);
        const all = (selector: string): Promise<string[]> =>
          page.evaluate(`[...document.querySelectorAll(${JSON.stringify(selector)})].map((each) => each.innerText)`);
        assert.deepEqual(await all("h1"), ["Net growth: rss 9.000 MiB -> 18.000 MiB, +9.000 MiB"]);
        const shown = HOSTILE.replace("\u001b", "");
        assert.deepEqual(
          (await all("#f1 tbody tr")).map((each) => each.split("\t").map((cell) => cell.trim())),
          (width < 700
            ? [
                [
                  "2",
                  "41",
                  "+8.000 MiB",
                  "  const rows = new Array(2 * n).fill(0);\n  const rows = new Array(n).fill(0);",
                ],
                ["", "43", "+3.000 MiB", `  audit(${shown});`],
                ["3", "", "-1.000 MiB", "  drop(rows);"],
              ]
            : [
                [
                  "2",
                  "41",
                  "8.000 MiB",
                  "16.000 MiB",
                  "+8.000 MiB",
                  "edited",
                  "  const rows = new Array(2 * n).fill(0);\n  const rows = new Array(n).fill(0);",
                ],
                ["", "43", "", "3.000 MiB", "+3.000 MiB", "added", `  audit(${shown});`],
                ["3", "", "1.000 MiB", "", "-1.000 MiB", "removed", "  drop(rows);"],
              ]
          ).map((row) => row.map((cell) => cell.trim())),
        );
        assert.equal(await page.title(), "mprof: what changed");
        assert.ok(await page.evaluate("document.documentElement.scrollWidth <= innerWidth"), "nothing is out of sight");
        const bars = await page.evaluate(
          "[...document.querySelectorAll('#f1 rect')].map((each) => each.getBoundingClientRect().width / each.parentNode.getBoundingClientRect().width)",
        );
        assert.deepEqual(
          (bars as number[]).map((each) => Math.round(each * 100)),
          [100, 38, 13],
        );
        assert.deepEqual(trouble, []);
        await page.close();
      });
});

describe("mprof diff --html", () => {
  const files = { "base.json": JSON.stringify(base), "new.json": JSON.stringify(changed) };

  it("writes the page besides the table, and what fails fails", () =>
    withFolder(files, async (cwd) => {
      const args = ["diff", "--html", "d.html", "--fail-on-increase", "10%", "base.json", "new.json"];
      const { code, stdout } = await runCli(args, { cwd });
      assert.equal(code, 3);
      assert.match(stdout, /^Net growth: rss 9\.000 MiB -> 18\.000 MiB/);
      assert.match(readFileSync(join(cwd, "d.html"), "utf8"), /<p>base\.json → new\.json<\/p>/);
    }));

  const wrong: [args: string[], says: RegExp][] = [
    [["--html", "d.html", "-o", "d.html"], /^\[mprof\] --html and --output name the same file: d\.html\n {2}Give/],
    [
      ["--html", "no/d.html"],
      /^\[mprof\] no\/d\.html cannot be written \(ENOENT\)\n {2}Name another file by --html\.\n$/,
    ],
    [["--html", "-"], /^\[mprof\] --html - is no file: /],
  ];
  for (const [args, says] of wrong)
    it(`refuses ${args.join(" ")}`, () =>
      withFolder(files, async (cwd) => {
        const { code, stdout, stderr } = await runCli(["diff", ...args, "base.json", "new.json"], { cwd });
        assert.deepEqual([code, stdout], [2, ""]);
        assert.match(stderr, says);
      }));
});
