/** Pages in Chromium: figures that are right, a console that says what is wrong, and a page that runs on. */
import assert from "node:assert/strict";
import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import type { Browser, Page } from "playwright-core";
import type { PageMessage } from "../../contract/page-message.ts";
import type { Profile } from "../../contract/profile.ts";
import { MIB } from "../../contract/units.ts";
import { HOW_TO_GET_CHROMIUM, launchChromium, recordConsole } from "../support/chromium.ts";
import { ROOT } from "../support/load-fixture.ts";
import { openBundlers } from "./packages.ts";

// biome-ignore lint/suspicious/noExplicitAny: what bundlers take and give is their own; the tests build with it.
type Any = any;

const TABLE = (file: string, version = 1) => `{ version: ${version}, file: "${file}", functions: [[0, 1]],
  listings: [{ name: "f", first: 1, lines: ["function f() {", "  work();", "}"] }] }`;
const PROGRAM = (file: string, version?: number) => `
  import { table } from ${JSON.stringify(join(ROOT, "dist/esm/runtime/core/index.js"))};
  const m = table(${TABLE(file, version)});
  const f = () => { const a = m.enter(0); a.line(2); a.exit(); };
  f(); globalThis.f = f; document.title = "ran";`;
const CONNECT = `
  import { connect } from ${JSON.stringify(join(ROOT, "dist/esm/runtime/browser/index.js"))};
  connect({ url: "profiles", token: "t" });`;

describe(`a page in Chromium${HOW_TO_GET_CHROMIUM}`, function () {
  this.timeout(120_000);
  const bundlers = openBundlers();
  if (bundlers === null || HOW_TO_GET_CHROMIUM !== "") return;
  let browser: Browser;
  const open: Server[] = [];
  before(async () => {
    browser = (await launchChromium())!;
  });
  after(async () => {
    await browser.close();
    for (const server of open) server.close();
  });

  async function bundle(contents: string): Promise<string> {
    const { build } = await bundlers!.load<Any>("esbuild");
    const stdin = { contents, resolveDir: ROOT };
    const { outputFiles } = await build({ stdin, bundle: true, write: false, format: "iife" });
    return outputFiles[0].text;
  }

  /** A page of these scripts; what is posted to it is kept. */
  async function serve(scripts: string[], headers: Record<string, string> = {}) {
    const posted: PageMessage[] = [];
    const server = createServer(async (request, response) => {
      if (request.method === "POST") {
        posted.push(JSON.parse(await readBody(request)));
        response.writeHead(204).end();
        return;
      }
      const index = /^\/(\d)\.js$/.exec(request.url!)?.[1];
      if (index !== undefined) {
        response.writeHead(200, { "content-type": "text/javascript" }).end(scripts[Number(index)]);
        return;
      }
      const html = `<!doctype html><link rel="icon" href="data:,">${scripts.map((_, i) => `<script src="/${i}.js"></script>`).join("")}`;
      response.writeHead(200, { "content-type": "text/html", ...headers }).end(html);
    });
    open.push(server);
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`, posted };
  }

  async function visit(url: string): Promise<{ page: Page; lines: string[] }> {
    const page = await browser.newPage();
    const lines = recordConsole(page);
    await page.goto(url);
    return { page, lines };
  }

  const profileOf = (page: Page) => page.evaluate("__mprof.getProfile()") as Promise<Profile>;

  it("built by Vite shows 50 MiB on the row that keeps them", async () => {
    const { build, preview } = await bundlers.load<Any>("vite");
    const { default: mprof } = (await import("../../plugin/unplugin/vite.js")) as Any;
    const project = bundlers.project("page");
    const common = { root: project.folder, configFile: false, logLevel: "error" };
    await build({ ...common, plugins: [mprof({ root: project.folder })] });
    const server = await preview({ ...common, preview: { port: 0, host: "127.0.0.1" } });
    try {
      const { page, lines } = await visit(server.resolvedUrls.local[0]);
      const { listings, backend } = await profileOf(page);
      assert.equal(backend, "heap");
      const row = listings.find(({ name }) => name === "keep")!.rows.find(({ text }) => text.includes("new Array"))!;
      assert.equal(row.line, 7);
      const mib = row.data!.figures.heap!.increment / MIB;
      console.log(`      keeps ${mib.toFixed(3)} MiB`);
      assert.ok(Math.abs(mib - 50) < 0.05, `${mib} MiB`);
      assert.equal(lines.length, 0);
      await page.evaluate("__mprof.report()");
      assert.match(lines[0]!, /^log Filename: src\/keep\.ts\n\nLine # /);
      assert.deepEqual(
        lines.filter((line) => line.startsWith("startGroupCollapsed")),
        ["keep (src/keep.ts:3)", "count (src/count.ts:1)", "double (src/count.ts:10)"].map(
          (name) => `startGroupCollapsed ${name}`,
        ),
      );
    } finally {
      await server.close();
      project.remove();
    }
  });

  it("with two copies of the runtime has one profile", async () => {
    const { url } = await serve([await bundle(PROGRAM("a.js")), await bundle(PROGRAM("b.js"))]);
    const { page, lines } = await visit(url);
    const { listings } = await profileOf(page);
    assert.deepEqual(
      listings.map(({ file }) => file),
      ["a.js", "b.js"],
    );
    assert.deepEqual(lines, []);
  });

  it("with two versions of the runtime says so, and runs", async () => {
    const first = `Object.defineProperty(globalThis, Symbol.for("mprof"), { value: { version: 99 } });`;
    const { page, lines } = await visit((await serve([first, await bundle(PROGRAM("a.js"))])).url);
    assert.equal(await page.title(), "ran");
    assert.equal(lines.length, 1);
    assert.match(lines[0]!, /^error \[mprof\] two versions of mprof are loaded .*\n.*MPROF_STATE_VERSION/);
  });

  it("compiled by a newer mprof than the runtime says so, and runs", async () => {
    const { page, lines } = await visit((await serve([await bundle(PROGRAM("a.js", 2))])).url);
    assert.equal(await page.title(), "ran");
    assert.equal(lines.length, 1);
    assert.match(
      lines[0]!,
      /^error \[mprof\] two versions of mprof are loaded .*: a\.js is not profiled\n.*MPROF_TABLE_VERSION/,
    );
  });

  it("counts in a web worker", async () => {
    const worker = `importScripts("/0.js"); postMessage(__mprof.getProfile());`;
    const program = (await bundle(PROGRAM("a.js"))).replace('document.title = "ran"', "");
    const { page, lines } = await visit((await serve([program, worker])).url);
    const profile = (await page.evaluate(
      `new Promise((resolve) => { new Worker("/1.js").onmessage = ({ data }) => resolve(data); })`,
    )) as Profile;
    assert.equal(profile.listings[0]!.calls, 1);
    assert.deepEqual(
      lines.filter((line) => !line.includes("importScripts")),
      [],
    );
  });

  it("counts in a service worker", async () => {
    const worker = `importScripts("/0.js");
      addEventListener("message", ({ source }) => source.postMessage(__mprof.getProfile()));`;
    const program = (await bundle(PROGRAM("a.js"))).replace('document.title = "ran"', "");
    const { page } = await visit((await serve([program, worker])).url);
    const profile = (await page.evaluate(`new Promise(async (resolve) => {
      navigator.serviceWorker.onmessage = ({ data }) => resolve(data);
      await navigator.serviceWorker.register("/1.js");
      (await navigator.serviceWorker.ready).active.postMessage("the profile");
    })`)) as Profile;
    assert.equal(profile.listings[0]!.calls, 1);
  });

  describe("that is connected", () => {
    it("sends its profile when it is hidden, and when it is left", async () => {
      const { url, posted } = await serve([await bundle(PROGRAM("a.js") + CONNECT)]);
      const { page, lines } = await visit(url);
      await page.evaluate(`
        Object.defineProperty(document, "visibilityState", { value: "hidden", configurable: true });
        document.dispatchEvent(new Event("visibilitychange")); f();`);
      await page.goto("about:blank");
      await waitFor(() => posted.length === 2);
      const [hidden, left] = posted as [PageMessage, PageMessage];
      assert.deepEqual([hidden.token, hidden.page], ["t", "/"]);
      assert.deepEqual([hidden.profile.listings[0]!.calls, left.profile.listings[0]!.calls], [1, 2]);
      assert.equal(left.timeline.source, "usedJSHeapSize");
      assert.deepEqual(lines, []);
    });

    it("measures the whole page where it is isolated", async () => {
      const headers = {
        "cross-origin-opener-policy": "same-origin",
        "cross-origin-embedder-policy": "require-corp",
      };
      const { url, posted } = await serve([await bundle(PROGRAM("a.js") + CONNECT)], headers);
      const { page } = await visit(url);
      await page.goto("about:blank");
      await waitFor(() => posted.length === 1);
      assert.equal(posted[0]!.timeline.source, "measureUserAgentSpecificMemory");
    });

    it("says once that its policy forbids sending, and runs", async () => {
      const headers = { "content-security-policy": "connect-src 'none'" };
      const connect = CONNECT.replace('token: "t"', 'token: "t", interval: 50');
      const { url, posted } = await serve([await bundle(PROGRAM("a.js") + connect)], headers);
      const { page, lines } = await visit(url);
      await page.waitForTimeout(800);
      assert.equal(await page.title(), "ran");
      assert.deepEqual(posted, []);
      const own = lines.filter((line) => line.includes("[mprof]"));
      assert.equal(own.length, 1, lines.join("\n"));
      assert.match(own[0]!, /Content-Security-Policy of this page forbids sending .*\n {2}Add http:.*MPROF_PAGE_CSP/);
    });
  });
});

async function readBody(request: IncomingMessage): Promise<string> {
  let body = "";
  for await (const piece of request) body += piece;
  return body;
}

async function waitFor(isReached: () => boolean): Promise<void> {
  for (let i = 0; i < 100 && !isReached(); i++) await new Promise((resolve) => setTimeout(resolve, 50));
  assert.ok(isReached(), "what was waited for did not come");
}
