/** Detached nodes: a page in Chromium that follows what survives, and who holds it, by a snapshot as DevTools takes it. */
import assert from "node:assert/strict";
import { closeSync, openSync, readFileSync, writeSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { createContext, runInContext } from "node:vm";
import type { Browser, Page } from "playwright-core";
import { findChains } from "../../heap/find-chains.ts";
import { readSnapshot } from "../../heap/read-snapshot.ts";
import type { LeakReport } from "../../runtime/survivors/leaking-rows.ts";
import { openBundlers } from "../bundlers/packages.ts";
import { HOW_TO_GET_CHROMIUM, launchChromium, recordConsole } from "../support/chromium.ts";
import { ROOT } from "../support/load-fixture.ts";
import { scratchFolder } from "../support/scratch.ts";

// biome-ignore lint/suspicious/noExplicitAny: what bundlers take and give is their own; the tests build with it.
type Any = any;

const ROUNDS = 40;
const MADE = 16_000;
const COLLECT_EACH_MS = 250;
const DIALOG = "src/dialog.ts";

describe(`a page that keeps nodes it has taken out${HOW_TO_GET_CHROMIUM}`, function () {
  this.timeout(120_000);
  // A collection may fall on the row that makes them, and take more than it made.
  this.retries(3);
  const bundlers = openBundlers();
  if (bundlers === null || HOW_TO_GET_CHROMIUM !== "") return;
  let browser: Browser;
  before(async () => {
    browser = (await launchChromium())!;
  });
  after(() => browser.close());

  const bundle = async (isMinified: boolean, folder: string) => {
    const { build } = await bundlers.load<Any>("esbuild");
    const { default: mprof } = (await import("../../plugin/unplugin/esbuild.js")) as Any;
    const { outputFiles } = await build({
      entryPoints: [join(folder, "src/main.ts")],
      bundle: true,
      minify: isMinified,
      write: false,
      format: "esm",
      plugins: [mprof({ root: folder, survivors: true })],
    });
    return outputFiles[0].text as string;
  };

  for (const isMinified of [false, true])
    it(`has the row that makes them, alone, and its holder; ${isMinified ? "minified" : "as written"}`, async () => {
      const { folder, remove } = bundlers.project("page-leaks");
      const script = await bundle(isMinified, folder);
      const source = readFileSync(join(folder, DIALOG), "utf8").split("\n");
      remove();
      const server = createServer((request, response) => {
        const isScript = request.url === "/src/main.ts";
        response.writeHead(200, { "content-type": isScript ? "text/javascript" : "text/html" });
        response.end(
          isScript
            ? script
            : '<!doctype html><link rel="icon" href="data:,"><script type="module" src="/src/main.ts"></script>',
        );
      });
      await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
      const page = await browser.newPage();
      try {
        const lines = recordConsole(page);
        await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
        const client = await page.context().newCDPSession(page);
        while (((await page.evaluate("rounds")) as number) < ROUNDS) {
          await client.send("HeapProfiler.collectGarbage");
          await page.waitForTimeout(COLLECT_EACH_MS);
        }
        const { collections, rows } = (await page.evaluate("ask()")) as LeakReport;
        assert.ok(collections >= 3, `${collections} collections`);
        const line = source.findIndex((text) => text.includes("//= leak")) + 1;
        assert.deepEqual(
          rows.map(({ file, line: at }) => [file, at]),
          [[DIALOG, line]],
        );
        assert.equal(rows[0]!.made, MADE);
        // A minifier leaves no names.
        if (!isMinified) assert.deepEqual(await holdersOf(page, rows[0]!.leak.key), ["Array[ ]", "variable closed"]);
        assert.deepEqual(lines, []);
      } finally {
        await page.close();
        server.close();
      }
    });

  it("is not looked for where no collection shows, and that is said", async () => {
    const { build } = await bundlers.load<Any>("esbuild");
    const entryPoints = [join(ROOT, "dist/esm/runtime/index.js")];
    const { outputFiles } = await build({
      entryPoints,
      bundle: true,
      write: false,
      format: "iife",
      globalName: "mprof",
    });
    const said: string[] = [];
    const console = { error: (text: string) => said.push(text) };
    const context = createContext({ console, navigator: { userAgent: "Firefox" }, performance: { now: () => 1 } });
    const program = "mprof.startLeaks(); mprof.startLeaks(); mprof.leaks({ why: true })";
    assert.deepEqual({ ...(await runInContext(`${outputFiles[0].text}; ${program}`, context)).rows }, {});
    assert.deepEqual(
      said.map((text) => /MPROF_\w+/.exec(text)![0]),
      ["MPROF_LEAKS_HOST", "MPROF_LEAKS_HOLDERS"],
    );
  });

  async function holdersOf(page: Page, wanted: string) {
    const path = join(scratchFolder(), "page.heapsnapshot");
    const file = openSync(path, "w");
    const client = await page.context().newCDPSession(page);
    client.on("HeapProfiler.addHeapSnapshotChunk", ({ chunk }) => writeSync(file, chunk));
    await client.send("HeapProfiler.takeHeapSnapshot");
    closeSync(file);
    const snapshot = readSnapshot(path);
    try {
      return findChains(snapshot, (key) => key === wanted)[0]?.holders.map(({ name }) => name);
    } finally {
      snapshot.close();
    }
  }
});
