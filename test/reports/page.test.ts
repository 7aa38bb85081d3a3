/** The page of a profile: what it weighs, what it shows, and that it neither asks for nor runs anything of others. */
import assert from "node:assert/strict";
import { copyFileSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { Browser, Page } from "playwright-core";
import { HTML } from "../../cli/formats/html.ts";
import type { PageData } from "../../cli/report-page/page-data.ts";
import type { Profile, RowData } from "../../contract/profile.ts";
import type { FunctionCall, Recording, Sample } from "../../contract/recording.ts";
import { MIB } from "../../contract/units.ts";
import { measure } from "../../runtime/reporters/measure.ts";
import { tellLeaks } from "../../runtime/reporters/show-leaks.ts";
import { HOW_TO_GET_CHROMIUM, launchChromium } from "../support/chromium.ts";
import { runCli, withFolder } from "../support/run-cli.ts";
import { MIXED, MIXED_NET, type SampleRow, sampleListing, sampleProfile } from "../support/sample-profile.ts";
import { scratchFolder } from "../support/scratch.ts";

const folder = scratchFolder();
let pages = 0;

function write(profile: Profile, recording?: Recording): string {
  const path = join(folder, `page-${pages++}.html`);
  writeFileSync(path, HTML.render(profile, { root: "/srv/my app", recording }));
  return path;
}

const dataOf = (html: string): PageData =>
  JSON.parse(/<script id="data" type="application\/json">(.*)<\/script>/.exec(html)![1]!);

const HOSTILE =
  "</script><script>document.title='run'</script><img src=x onerror=document.title='run'>\u2028\u2029<!--";
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

const large = sampleProfile(
  Array.from({ length: 100 }, (_, at) =>
    sampleListing(
      `work${at}`,
      Array.from(
        { length: 200 },
        (_, line): SampleRow => [
          `    const value${line} = compute(input[${line}], "some text of usual length");`,
          line % 3 === 0 ? null : at * 1000 + line * 37,
          { occurrences: line * 13, time: line / 7 },
        ],
      ),
      { file: `src/folder/module-${at}.ts`, first: 1 + at, time: { self: at, total: at * 2 } },
    ),
  ),
);

const at = (time: number, memory: number): Sample => ({ time: 1_790_000_000 + time, memory });
const call = (name: string, from: number, to: number): FunctionCall => ({
  name,
  enter: at(from, 50),
  exit: at(to, 60),
  level: 1,
});

/** Ten seconds: `load` runs thrice, twice with hardly a pause; what has no row; a block; and calls that are counted only. */
const RECORDED: Recording = {
  command: "node app.js",
  samples: [at(0, 40), at(4, 90), at(10, 60)],
  children: new Map(),
  calls: [
    call("app.load", 1, 2),
    call("app.load", 2.001, 3),
    call("app.load", 6, 9),
    call("other.gone", 4, 5),
    call(`.${HOSTILE}`, 3, 4.5),
  ],
  rest: new Map([["app.load", { count: 7, seconds: 0.5, highest: at(8, 95.5) }]]),
  open: new Map(),
  skipped: 0,
};

describe("the time line of a page", () => {
  const lineOf = (recording?: Recording) => dataOf(HTML.render(MIXED, { recording }).toString()).timeLine;

  it("is there where the run was recorded", () => assert.equal(lineOf(), undefined));

  it("has the curve, its peak, and when each function ran, those that ran longest first", () => {
    const { tracks, ...rest } = lineOf(RECORDED)!;
    assert.deepEqual(rest.peak, { time: 8, memory: 95.5 });
    assert.deepEqual([rest.duration, rest.left], [10, 0]);
    assert.deepEqual([rest.times[0], rest.times.at(-1), Math.max(...rest.memory)], [0, 10, 95.5]);
    assert.deepEqual(tracks, [
      { name: "app.load", index: 0, calls: 10, counted: 7, seconds: 5.499, from: [1, 6], to: [3, 9] },
      { name: HOSTILE, calls: 1, counted: 0, seconds: 1.5, from: [3], to: [4.5] },
      { name: "other.gone", calls: 1, counted: 0, seconds: 1, from: [4], to: [5] },
    ]);
  });

  it("of a million samples and a hundred thousand calls adds less than 400 kB", () => {
    const long: Recording = {
      ...RECORDED,
      samples: Array.from({ length: 1_000_000 }, (_, i) => at(i / 1000, 50 + (i % 977) / 7)),
      calls: Array.from({ length: 100_000 }, (_, i) => call(`m.f${i % 50}`, i / 100, i / 100 + 0.001 * (i % 50))),
    };
    const weight = (recording?: Recording) => HTML.render(large, { recording }).length;
    const added = weight(long) - weight();
    assert.ok(added > 20_000 && added < 400_000, `${added}`);
    const { left, times, memory } = lineOf(long)!;
    assert.deepEqual([left, times.length <= 1600], [50 + 1 - 24, true]);
    assert.equal(Math.max(...memory), 189.429);
  });

  it("leaves a track without a function where two have its name", () => {
    const two = sampleProfile(
      ["a", "b"].map((each) => sampleListing("load", [["load() {", 1]], { file: `${each}/app.ts` })),
    );
    const { tracks } = dataOf(HTML.render(two, { recording: RECORDED }).toString()).timeLine!;
    assert.equal(tracks[0]!.index, undefined);
  });
});

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

  interface Opened {
    page: Page;
    /** Errors, messages of the console (refusals of the policy are some), and what was asked for besides the page. */
    trouble: string[];
  }

  async function open(
    path: string,
    { width = 1600, scheme = "light", hash = "" }: { width?: number; scheme?: "light" | "dark"; hash?: string } = {},
  ): Promise<Opened> {
    const page = await browser!.newPage({ viewport: { width, height: 800 }, colorScheme: scheme });
    const trouble: string[] = [];
    page.on("pageerror", ({ message }) => trouble.push(message));
    page.on("console", (message) => trouble.push(message.text()));
    page.on("request", (request) => {
      if (!request.url().startsWith(pathToFileURL(path).href)) trouble.push(request.url());
    });
    await page.goto(pathToFileURL(path).href + hash);
    return { page, trouble };
  }

  const texts = (page: Page, selector: string): Promise<string[]> =>
    page.evaluate(`[...document.querySelectorAll(${JSON.stringify(selector)})].map((each) => each.textContent)`);
  const text = async (page: Page, selector: string) => (await texts(page, selector))[0];
  const evaluate = <T>(page: Page, script: string): Promise<T> => page.evaluate(script);

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

  for (const width of [420, 1000, 1600])
    it(`draws the time line at ${width} px, and leads from a track to its function`, async () => {
      const profile = sampleProfile([...MIXED.listings].reverse());
      const { page, trouble } = await open(write(profile, RECORDED), { width });
      assert.deepEqual(await texts(page, ".track bdi"), ["app.load", HOSTILE, "other.gone"]);
      assert.deepEqual(await texts(page, "#curve-facts span"), ["40.0 to 95.5 MiB, at 8.00 s", "10.00 s"]);
      const box = (selector: string) =>
        evaluate<[number, number]>(
          page,
          `(({ left, right }) => [left, right])(document.querySelector(${JSON.stringify(selector)}).getBoundingClientRect())`,
        );
      const [[left, right], [from, to]] = [await box(".track"), await box(".track .call")];
      assert.ok(left >= 0 && right <= width);
      assert.ok(Math.abs((from - left) / (right - left) - 0.1) < 0.01, "load begins after a tenth");
      assert.ok(Math.abs((to - left) / (right - left) - 0.3) < 0.01);
      await page.click("#list .row:nth-child(2)");
      if (width === 420) await page.click("#back");
      await page.click(".track");
      assert.equal(await text(page, "#chosen-name"), "load");
      assert.deepEqual(
        await evaluate(
          page,
          "[...document.querySelectorAll('.track')].map((each) => [each.ariaPressed, each.disabled])",
        ),
        [
          ["true", false],
          ["false", true],
          ["false", true],
        ],
      );
      assert.equal((await texts(page, "#curve .ran")).length, 2);
      assert.deepEqual(trouble, []);
      await page.close();
    });

  const leak = { perHour: 3600, bytesPerHour: 5 * MIB, key: "1", holders: ["Map entry", `variable ${HOSTILE}`] };
  const leaking = sampleProfile(
    [
      ...MIXED.listings,
      sampleListing("keep", [
        ["keep() {", 0],
        [`  all.push(${HOSTILE});`, 1],
      ]),
    ].map((listing) =>
      listing.name === "keep"
        ? {
            ...listing,
            file: "src/keep.ts",
            rows: listing.rows.map((row, i) =>
              i === 1 ? { ...row, survivors: { made: 900, sampled: 90, alive: 800, age: 2000, leak } } : row,
            ),
          }
        : listing,
    ),
    { survivors: { collections: 5, time: 9000 } },
  );

  for (const width of [420, 1000, 1600])
    it(`names what leaks at ${width} px, and leads to its line`, async () => {
      const { page, trouble } = await open(write(leaking), { width });
      assert.equal(await text(page, "#leaks-say"), tellLeaks(leaking)!.says);
      assert.deepEqual(await texts(page, ".leak > *"), [
        "src/keep.ts:2",
        `all.push(${HOSTILE});`,
        `800 alive, half of them older than 2.0 s; 5.0 MiB, 3,600 objects more an hour; held by Map entry ← variable ${HOSTILE}`,
      ]);
      assert.ok(await evaluate(page, "document.querySelector('.leak').getBoundingClientRect().right <= innerWidth"));
      await page.click(".leak b");
      assert.equal(await text(page, "#source .row[aria-selected=true] .code"), `  all.push(${HOSTILE});`);
      assert.equal(await text(page, "#source .row[aria-selected=true] .col-alive"), "800");
      assert.deepEqual(trouble, []);
      await page.close();
    });

  it("says where nothing leaks, and nothing where nothing was followed", async () => {
    const { page } = await open(write({ ...MIXED, survivors: { collections: 5, time: 9000 } }));
    assert.match((await text(page, "#leaks-say"))!, /^No object was followed/);
    const other = await open(write(MIXED));
    assert.equal(await other.page.isVisible("#leaks"), false);
    await page.close();
    await other.page.close();
  });

  it("has no time line where nothing was recorded", async () => {
    const { page } = await open(write(MIXED));
    assert.equal(await page.isVisible("#time-line"), false);
    await page.close();
  });

  it("of a program without profiled calls says so", async () => {
    const { page, trouble } = await open(write(sampleProfile([])));
    assert.ok(await page.isVisible("#nothing"));
    assert.deepEqual(trouble, []);
    await page.close();
  });
});

describe("mprof report --html", () => {
  const json = JSON.stringify(MIXED);
  const APP = "// @profile\nfunction f() {\n  return [1];\n}\nf();\n";

  it("writes a page beside the profile, or where it is told, and says where", () =>
    withFolder({ "a.json": json }, async (cwd) => {
      for (const [args, page] of [
        [["report", "a.json", "--html"], "a.html"],
        [["report", "--html", "a.json"], "a.html"],
        [["report", "a.json", "--html", "b.html"], "b.html"],
        [["report", "--html", "c.html", "--root", "/srv", "a.json"], "c.html"],
      ] as const) {
        const { code, stdout, stderr } = await runCli([...args], { cwd });
        assert.deepEqual([code, stdout, stderr], [0, `${join(cwd, page)}\n`, ""]);
      }
      assert.equal(readFileSync(join(cwd, "a.json"), "utf8"), json);
      const { root, functions } = dataOf(readFileSync(join(cwd, "c.html"), "utf8"));
      assert.deepEqual([root, functions.length], ["/srv", 2]);
    }));

  it("writes the page of a program that runs, beside its report and its profile", () =>
    withFolder({ "app.js": APP }, async (cwd) => {
      const { code, stdout } = await runCli(["--html", "a.html", "--json", "a.json", "app.js"], { cwd });
      assert.equal(code, 0);
      assert.match(stdout, /return \[1\]/);
      const { functions, root } = dataOf(readFileSync(join(cwd, "a.html"), "utf8"));
      assert.deepEqual([functions[0]!.name, root], ["f", cwd]);
      assert.ok(existsSync(join(cwd, "a.json")));
    }));

  it("writes the page of a program that was killed", () =>
    withFolder({ "app.js": `${APP}process.kill(process.pid, "SIGKILL");` }, async (cwd) => {
      const { signal } = await runCli(["--html", "a.html", "app.js"], { cwd });
      assert.equal(signal, "SIGKILL");
      assert.equal(dataOf(readFileSync(join(cwd, "a.html"), "utf8")).functions[0]!.name, "f");
    }));

  it("says that leaks are not known of a program that was killed", () =>
    withFolder({ "app.js": `${APP}process.kill(process.pid, "SIGINT");` }, async (cwd) => {
      const { signal, stdout, stderr } = await runCli(["--leaks", "--html", "a.html", "app.js"], { cwd });
      assert.equal(signal, "SIGINT");
      assert.match(stderr, /^\[mprof\] What leaks is in the memory of the program alone: let it end by itself/m);
      assert.doesNotMatch(stdout, /No object was followed/);
      const { leaks, notes } = dataOf(readFileSync(join(cwd, "a.html"), "utf8"));
      assert.equal(leaks, undefined);
      assert.match(notes.join(), /What leaks is in the memory/);
    }));

  it("says that there is nothing to show, and keeps an older profile out", () =>
    withFolder({ "app.js": "", "a.json": json }, async (cwd) => {
      const { code, stderr } = await runCli(["-q", "--html", "a.html", "--json", "a.json", "app.js"], { cwd });
      assert.deepEqual([code, stderr], [0, "[mprof] a.html is not written: no profiled function was called\n"]);
      assert.equal(existsSync(join(cwd, "a.html")), false);
    }));

  it("has the time line of the recording beside the profile, or of the one that is named", () =>
    withFolder({ "app.js": `${APP}setTimeout(f, 300);` }, async (cwd) => {
      const env = { MPROF_JSON: "run.json" };
      const ran = await runCli(["run", "-T", "0.02", "-o", "run.dat", "node", "app.js"], { cwd, env });
      assert.equal(ran.code, 0, ran.stderr);
      copyFileSync(join(cwd, "run.dat"), join(cwd, "other.dat"));
      for (const args of [
        ["run.json", "--html"],
        ["run.json", "--html", "run.html", "--recording", "other.dat"],
      ]) {
        const { code, stderr } = await runCli(["report", ...args], { cwd });
        assert.deepEqual([code, stderr], [0, ""]);
        const { timeLine } = dataOf(readFileSync(join(cwd, "run.html"), "utf8"));
        assert.deepEqual(
          timeLine!.tracks.map(({ name, index, calls }) => [name, index, calls]),
          [["app.f", 0, 2]],
        );
        assert.ok(timeLine!.duration > 0.25 && timeLine!.times.length > 5);
        rmSync(join(cwd, "run.html"));
      }
    }));

  const WRONG: Record<string, [args: string[], says: RegExp]> = {
    "a folder": [["report", "a.json", "--html", "folder.html"], /folder\.html cannot be written \(EISDIR\)/],
    "a folder that is missing": [
      ["report", "a.json", "--html", "no/a.html"],
      /no\/a\.html cannot be written \(ENOENT\)/,
    ],
    "a folder that is missing, before the program runs": [
      ["--html", "no/a.html", "app.js"],
      /no\/a\.html cannot be written \(ENOENT\)/,
    ],
    "a name of something else": [["report", "a.json", "--html", "a.json"], /this is no name of a page: a\.json/],
    "the file of the profile": [
      ["--html", "a.html", "--json", "a.html", "app.js"],
      /--html and --json name the same file: a\.html/,
    ],
    "the file of the report, by another way": [
      ["--html", "a.html", "-o", "folder.html/../a.html", "app.js"],
      /--html and --output name the same file: a\.html/,
    ],
    "standard output, which is the program's": [
      ["--html", "/dev/stdout", "app.js"],
      /--html \/dev\/stdout is no file: standard output is the program's/,
    ],
    "a dash": [["--html", "-", "app.js"], /--html - is no file/],
    "a profile that cannot be read again": [
      ["--html", "a.html", "--json", "/dev/stdout", "app.js"],
      /--json \/dev\/stdout is no file: the page is made of the profile in it/,
    ],
    "a recording that is none": [
      ["report", "a.json", "--html", "--recording", "app.js"],
      /no memory values in app\.js/,
    ],
    "a recording without a page": [["report", "a.json", "--recording", "app.js"], /--recording without --html/],
    "JSON besides": [["report", "a.json", "--html", "--json"], /--html with --json: a page has all of it/],
    "a choice of rows": [["report", "a.json", "--html", "--top", "3"], /--html with --top: a page has all of it/],
    "a profile that is none": [["report", "app.js", "--html"], /app\.js: /],
    "a profile that is missing": [["report", "b.json", "--html"], /there is no such file: b\.json/],
  };
  for (const [what, [args, says]] of Object.entries(WRONG))
    it(`refuses ${what}: one line, exit 2`, () =>
      withFolder({ "a.json": json, "app.js": `${APP}console.log("ran");` }, async (cwd) => {
        mkdirSync(join(cwd, "folder.html"));
        const { code, stdout, stderr } = await runCli(args, { cwd });
        assert.deepEqual([code, stdout], [2, ""]);
        assert.match(stderr.split("\n")[0]!, says);
        assert.match(stderr, /^\[mprof\] [^\n]+\n {2}[^\n]+\n$/);
        assert.equal(readFileSync(join(cwd, "a.json"), "utf8"), json);
      }));
});
