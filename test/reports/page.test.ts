/** The page of a profile: what it weighs, what it shows, and that it neither asks for nor runs anything of others. */
import assert from "node:assert/strict";
import type { Browser } from "playwright-core";
import { HTML } from "../../cli/formats/html.ts";
import type { PageData } from "../../cli/report-page/page-data.ts";
import type { RowData } from "../../contract/profile.ts";
import { MIB } from "../../contract/units.ts";
import { measure } from "../../runtime/reporters/measure.ts";
import { HOW_TO_GET_CHROMIUM, launchChromium } from "../support/chromium.ts";
import {
  dataOf,
  evaluate,
  HOSTILE,
  large,
  type OpenOptions,
  openPage,
  text,
  texts,
  write,
} from "../support/report-page.ts";
import { MIXED, MIXED_NET, type SampleRow, sampleListing, sampleProfile } from "../support/sample-profile.ts";

const hostile = sampleProfile(
  [
    sampleListing(
      HOSTILE,
      [
        [HOSTILE, 0],
        [`  ${HOSTILE}`, MIB],
      ],
      { file: `src/${HOSTILE}.ts` },
    ),
  ],
  { notes: [HOSTILE], host: { runtime: HOSTILE, version: "1", platform: "x", pid: 1 } },
);

describe("the page of a profile", () => {
  it("names no address, and allows its own script and style alone", () => {
    const html = HTML.render(MIXED, { root: "/srv/app" }).toString();
    const [, policy] = /<meta http-equiv="Content-Security-Policy" content="([^"]+)">/.exec(html)!;
    assert.match(
      policy!,
      /^default-src 'none'; script-src 'sha256-\S+'; style-src 'sha256-\S+'; base-uri 'none'; form-action 'none'$/,
    );
    assert.doesNotMatch(html, /https?:|\/\/[a-z]+\.|<link|<img|<iframe/);
    assert.ok(html.indexOf("Content-Security-Policy") < html.indexOf("<script"));
  });

  it("keeps what the program says inside its data", () => {
    const html = HTML.render(hostile).toString();
    assert.equal(html.match(/<\/script/gi)!.length, 2);
    assert.doesNotMatch(html, /<img|<!--|[\u2028\u2029]/);
    assert.equal(dataOf(html).functions[0]!.name, HOSTILE);
  });

  it("has what rows allocated and what was freed, where collections were followed", () => {
    const row = (increment: number, freed?: number): Partial<RowData> => ({
      figures: { rss: { usage: 9 * MIB, increment, waiting: 2, ...(freed !== undefined && { freed }) } },
    });
    const rows: [string, number, Partial<RowData>][] = [
      ["f() {", 0, row(100 + 7, 3)],
      ["  x", 0, row(-20, 50)],
    ];
    const followed = sampleProfile([sampleListing("f", rows, { baseline: { rss: 100 } })], {
      collections: { count: 3, between: { count: 1, freed: { rss: 2 * MIB } } },
    });
    const { functions, notes } = dataOf(HTML.render(followed).toString());
    const { allocated, freed } = functions[0]!.figures.rss!;
    assert.deepEqual(
      [allocated, freed],
      [
        [10, 30],
        [3, 50],
      ],
    );
    assert.ok(
      notes.includes(
        "3 collections were seen; 1 of them while nothing profiled ran: these took 2.000 MiB, which no row has.",
      ),
      notes.join("\n"),
    );
    assert.ok(!("allocated" in dataOf(HTML.render(MIXED).toString()).functions[0]!.figures.rss!));
  });

  it("has the totals of the profile to the byte, of each metric", () => {
    const [{ figures }] = dataOf(HTML.render(large).toString()).functions.slice(-1) as [PageData["functions"][number]];
    const sum = figures.rss!.increment.reduce((total: number, each) => total + (each ?? 0), 0);
    assert.equal(sum, measure(large).at(-1)!.net);
  });

  it("weighs less than 3 MiB with 100 functions and 20,000 lines", () => {
    const weight = Buffer.byteLength(HTML.render(large).toString());
    assert.ok(weight < 3 * MIB, `${(weight / MIB).toFixed(2)} MiB`);
  });

  it("says what it cuts off", () => {
    const long = sampleProfile([sampleListing("f", [["x".repeat(50_000), MIB]])]);
    const { notes, functions } = dataOf(HTML.render(long).toString());
    assert.equal(functions[0]!.texts[0]!.length, 2001);
    assert.match(notes.at(-1)!, /longer than 2000 characters the rest is left out/);
  });
});

describe(`the page in Chromium${HOW_TO_GET_CHROMIUM}`, () => {
  let browser: Browser | null = null;
  before(async function () {
    browser = await launchChromium();
    if (browser === null) this.skip();
  });
  after(() => browser?.close());

  const open = (path: string, options?: OpenOptions) => openPage(browser!, path, options);

  for (const width of [420, 1000, 1600])
    for (const scheme of ["light", "dark"] as const)
      it(`fits ${width} px, ${scheme}, without the network`, async () => {
        const { page, trouble } = await open(write(MIXED), { width, scheme });
        const ground = await evaluate(page, "getComputedStyle(document.body).backgroundColor");
        assert.equal(ground, scheme === "light" ? "rgb(255, 255, 255)" : "rgb(13, 17, 23)");
        const seen =
          "[...document.querySelectorAll('#list .row .title, #source .hot')].map((each) => each.getBoundingClientRect())";
        for (const view of width === 420 ? ["#list .title", "#source .hot"] : ["#list .title, #source .hot"]) {
          if (view === "#source .hot") await page.click("#list .row");
          const out = await evaluate<number>(
            page,
            `${seen}.filter(({ left, right, width }) => width > 0 && (left < 0 || left > innerWidth || (right > innerWidth && width < 300))).length`,
          );
          assert.equal(out, 0, `something of ${view} is out of sight`);
          assert.ok(await page.isVisible(view.split(",")[0]!), view);
        }
        assert.equal(await evaluate(page, "document.documentElement.scrollWidth <= innerWidth"), true);
        assert.deepEqual(trouble, []);
        await page.close();
      });

  it("shows the totals of the profile", async () => {
    const { page } = await open(write(MIXED));
    const titles = await evaluate<string[]>(
      page,
      "[...document.querySelectorAll('#list .row .col-net')].map((each) => each.title)",
    );
    const bytes = titles.map((title) =>
      Number(title.replace(" bytes", "").replaceAll("\u202f", "").replace("\u2212", "-")),
    );
    assert.equal(
      bytes.reduce((total, each) => total + each, 0),
      MIXED_NET,
    );
    assert.equal(await text(page, "#list .row .col-net span"), "4.633");
    assert.deepEqual(await texts(page, "#source .hot .col-line"), ["3"]);
    assert.deepEqual(await texts(page, "#source .back .col-line"), ["4"]);
    assert.equal(await text(page, "#source .warm .col-increment"), "~1.000");
    await page.close();
  });

  it("shows what a program says as text", async () => {
    const { page, trouble } = await open(write(hostile));
    assert.equal(await page.title(), "mprof: memory by line");
    assert.equal(await text(page, "#list .row .title"), HOSTILE);
    assert.equal(await text(page, "#source .hot .code"), `  ${HOSTILE}`);
    await page.fill("#search", "<img");
    assert.equal(await evaluate(page, "document.images.length + document.querySelectorAll('script').length"), 2);
    assert.deepEqual(await texts(page, "#source .hot mark"), ["<img"]);
    assert.deepEqual(trouble, []);
    await page.close();
  });

  it("opens 100 functions with 20,000 lines in under a second, with few elements", async () => {
    const path = write(large);
    let least = Number.POSITIVE_INFINITY;
    for (let tries = 0; tries < 3 && least > 1000; tries++) {
      const { page } = await open(path);
      least = Math.min(
        least,
        await evaluate<number>(page, "new Promise((done) => requestAnimationFrame(() => done(performance.now())))"),
      );
      assert.ok((await page.$$(".row")).length < 120);
      await page.close();
    }
    assert.ok(least < 1000, `${least} ms`);
  });

  it("sorts by each column, both ways", async () => {
    const { page } = await open(write(large), { width: 1000 });
    const first = () => text(page, "#list .row:first-child .title");
    for (const heading of ["net", "taken", "peak", "self", "total"]) {
      if (heading !== "net") await page.click(`#list-head .col-${heading} button`);
      assert.equal(await first(), "work99", heading);
    }
    await page.click("#list-head .col-total button");
    assert.equal(await first(), "work0");
    await page.click("#list-head .col-name button");
    assert.equal(await first(), "work0");
    await page.selectOption("#sort", "peak");
    assert.equal(await first(), "work99");
    await page.close();
  });

  it("is driven by keys: arrows, Enter, Esc and /", async () => {
    const { page } = await open(write(MIXED));
    const name = () => text(page, "#chosen-name");
    await page.keyboard.press("ArrowDown");
    assert.match((await name())!, /^Cache\.get/);
    await page.keyboard.press("ArrowUp");
    assert.equal(await name(), "load");
    await page.keyboard.press("Enter");
    assert.equal(await text(page, "#source [aria-selected=true] .col-line"), "3");
    await page.keyboard.press("ArrowDown");
    assert.equal(await text(page, "#source [aria-selected=true] .col-line"), "4");
    assert.match(page.url(), /#src\/app\.ts:4$/);
    await page.keyboard.press("Escape");
    await page.keyboard.press("/");
    await page.keyboard.type("#make");
    assert.deepEqual(await texts(page, "#count"), ["1 of 2 functions"]);
    await page.keyboard.press("Enter");
    assert.match((await name())!, /^Cache\.get/);
    assert.deepEqual(await texts(page, "#source mark"), ["#make"]);
    await page.keyboard.press("Escape");
    assert.deepEqual(await texts(page, "#count"), ["2 functions"]);
    await page.close();
  });

  it("opens at a line, and leads to an editor", async () => {
    const hash = `#${encodeURIComponent("src/with space/cäche#1.ts").replaceAll("%2F", "/")}:41`;
    const { page } = await open(write(MIXED), { hash });
    assert.equal(await text(page, "#source [aria-selected=true] .col-line"), "41");
    assert.equal(
      await page.getAttribute("#chosen-place", "href"),
      "vscode://file/srv/my%20app/src/with%20space/c%C3%A4che%231.ts:41",
    );
    await evaluate(page, "void (location.hash = 'src/app.ts:5')");
    await page.waitForFunction("document.querySelector('#chosen-name').textContent === 'load'");
    assert.equal(await text(page, "#source [aria-selected=true] .col-line"), "5");
    await page.close();
  });

  it("copies a function as Markdown", async () => {
    const { page } = await open(write(MIXED));
    await page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
    await page.click("#copy");
    await page.waitForFunction("document.querySelector('#copy').textContent === 'Copied'");
    const copied = await evaluate<string>(page, "navigator.clipboard.readText()");
    assert.match(copied, /^\*\*`load`\*\* `src\/app\.ts:1`: left behind 4\.633 MiB of rss in 1 call, peak /);
    assert.match(copied, /\n\| 3 \| 7\.633 MiB \| 3 \| `` const rows = new Array\(n\)\.fill\(`a,"b"\\\|c`\); `` \|\n/);
    await page.close();
  });

  it("shows each metric that was read, and what came while rows waited apart", async () => {
    const both = (rss: number, heap: number, waiting = 0): Partial<RowData> => ({
      figures: {
        rss: { usage: 9 * MIB, increment: rss, ...(waiting > 0 && { waiting, awaited: MIB }) },
        heap: { usage: 5 * MIB, increment: heap },
      },
    });
    const listing = sampleListing(
      "f",
      [
        ["async f() {", 0, both(9 * MIB, 5 * MIB)],
        ["  await a();", 0, both(MIB, 2 * MIB, 3 * MIB)],
        ["  b();", 0, both(2 * MIB, 0)],
      ],
      { baseline: { rss: 9 * MIB, heap: 5 * MIB }, metrics: ["rss", "heap"] },
    );
    const { page } = await open(write(sampleProfile([listing], { metrics: ["rss", "heap"] })));
    assert.deepEqual(await texts(page, "#source .row .col-increment"), ["0.000", "5.000", "2.000"]);
    assert.deepEqual(await texts(page, "#source .row .col-waiting"), ["0.000", "3.000", "0.000"]);
    assert.deepEqual(await texts(page, "#source .row .col-awaited"), ["0.000", "1.000", "0.000"]);
    assert.deepEqual(await texts(page, "#source .row .col-other"), ["0.000", "2.000", "0.000"]);
    await page.click("#metrics button:last-child");
    assert.deepEqual(await texts(page, "#source .row .col-increment"), ["0.000", "2.000", "0.000"]);
    assert.equal(await text(page, "#list .row .col-net"), "2.000");
    await page.close();
  });

  it("has what rows and functions took themselves, waits included, where that was followed", async () => {
    const row = (increment: number, self: number, waiting = 0): Partial<RowData> => ({
      figures: { rss: { usage: 9 * MIB, increment: increment * MIB, self: self * MIB, waiting: waiting * MIB } },
    });
    const rows: SampleRow[] = [
      ["f() {", 0, row(0, 0)],
      ["  await inner()", 0, row(7, 1, 2)],
    ];
    const outer = sampleListing("outer", rows, { baseline: { rss: 0 } });
    const inner = sampleListing("inner", [["g() {}", 0, row(6, 6)]], { baseline: { rss: 0 } });
    const { page } = await open(write(sampleProfile([outer, inner])));
    assert.deepEqual(await texts(page, "#list .row .title"), ["outer", "inner"]);
    assert.deepEqual(await texts(page, "#source .row .col-self"), ["0.000", "3.000"]);
    await page.selectOption("#sort", { label: "Self" });
    assert.deepEqual(await texts(page, "#list .row .title"), ["inner", "outer"]);
    assert.deepEqual(await texts(page, "#list .row .col-own"), ["6.000", "3.000"]);
    await page.close();
    const without = await open(write(sampleProfile([sampleListing("f", [["f() {}", MIB]])])));
    assert.equal(await without.page.locator(".col-self, .col-own").count(), 0);
    await without.page.close();
  });

  it("has the cells of every column below its heading, at every width", async () => {
    const row = (increment: number, waiting: number, freed: number): Partial<RowData> => ({
      figures: { rss: { usage: 9 * MIB, increment, self: increment - MIB, waiting, freed } },
    });
    const rows: [string, number, Partial<RowData>][] = [
      ["async f() {", 0, row(0, 0, 0)],
      ["  await x();", 0, row(190 * MIB, 2 * MIB, 183 * MIB)],
      ["}", 0, {}],
    ];
    const profile = sampleProfile([sampleListing("f", rows)], {
      collections: { count: 3, between: { count: 0, freed: {} } },
    });
    for (const width of [420, 900, 1200, 1600]) {
      const { page } = await open(write(profile), { width });
      const lines = await page.locator("#source .head, #source .row").all();
      const lefts = await Promise.all(
        lines.map(async (line) => {
          const boxes = (await line.locator(":scope > *").all()).map((cell) => cell.boundingBox());
          return (await Promise.all(boxes)).map((box) => Math.round(box?.x ?? -1)).join();
        }),
      );
      assert.equal(lefts.length, 4);
      assert.equal(new Set(lefts).size, 1, `${width}: ${lefts.join(" | ")}`);
      await page.close();
    }
  });

  it("of a program without profiled calls says so", async () => {
    const { page, trouble } = await open(write(sampleProfile([])));
    assert.ok(await page.isVisible("#nothing"));
    assert.deepEqual(trouble, []);
    await page.close();
  });
});
