/** Vite's dev server: the profile of the open page in the terminal and at `/__mprof/`. */
import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { request } from "node:http";
import { join } from "node:path";
import type { Browser, Page } from "playwright-core";
import { HOW_TO_GET_CHROMIUM, launchChromium, recordConsole } from "../support/chromium.ts";
import { openBundlers } from "./packages.ts";

// biome-ignore lint/suspicious/noExplicitAny: what Vite takes and gives is its own; the tests build with it.
type Any = any;

describe(`Vite's dev server${HOW_TO_GET_CHROMIUM}`, function () {
  this.timeout(120_000);
  const bundlers = openBundlers();
  if (bundlers === null || HOW_TO_GET_CHROMIUM !== "") return;
  const project = bundlers.project("page");
  const terminal: string[] = [];
  let server: Any;
  let browser: Browser;
  let page: Page;
  let live: Page;
  let lines: string[];
  let url: string;
  let token: string;

  before(async () => {
    const { createServer, createLogger } = await bundlers.load<Any>("vite");
    const { default: mprof } = (await import("../../plugin/unplugin/vite.js")) as Any;
    const logger = createLogger("silent");
    logger.info = logger.warn = (text: string) => terminal.push(text);
    server = await createServer({
      root: project.folder,
      base: "/app/",
      configFile: false,
      customLogger: logger,
      plugins: [mprof({ root: project.folder })],
      server: { port: 0, host: "127.0.0.1" },
    });
    await server.listen();
    url = server.resolvedUrls.local[0];
    browser = (await launchChromium())!;
    page = await browser.newPage();
    lines = recordConsole(page);
    page.on("request", (sent) => {
      if (sent.method() === "POST") ({ token } = JSON.parse(sent.postData()!));
    });
    await page.goto(url);
    live = await browser.newPage({ colorScheme: "dark" });
  });
  after(async () => {
    await browser?.close();
    await server?.close();
    project.remove();
  });

  const shown = () => live.locator("main").innerText();

  it("prints the classic table of the open page, its latest state", async () => {
    await waitFor(() => terminal.join("").includes("Filename"));
    const table = terminal.find((text) => text.includes("Filename"))!;
    assert.match(table, /^\nFilename: src\/keep\.ts\n\nLine # {4}Mem usage /);
    // On a busy machine V8's own threads give back half a MiB within a row.
    assert.match(table, /\n +7 +5\d\.\d MiB +(49\.[5-9]|50\.[0-4]) MiB +10 +kept\.push/);
    assert.deepEqual(
      lines.filter((line) => !line.startsWith("debug [vite]")),
      [],
    );
  });

  it("shows it at __mprof/, which updates by itself and asks nobody else", async () => {
    const requests: string[] = [];
    const errors = recordConsole(live);
    live.on("request", (each) => requests.push(each.url()));
    await live.goto(`${url}__mprof`);
    assert.equal(live.url(), `${url}__mprof/`);
    assert.match(await shown(), /count\nsrc\/count\.ts:1 · 1 call\n/);
    await page.click("#again");
    await waitFor(async () => (await shown()).includes("src/count.ts:1 · 2 calls"));
    assert.ok(requests.every((each) => each.startsWith(url) || each.startsWith("data:")));
    assert.deepEqual(errors, []);
  });

  it("keeps figures of functions that only moved, and those of a changed one under its old text", async () => {
    const file = join(project.folder, "src/count.ts");
    const text = readFileSync(file, "utf8");
    writeFileSync(file, `// one line more\n${text.replace("2 * n", "3 * n")}`);
    await page.waitForFunction(`document.getElementById("out").textContent.startsWith("counted 9")`);
    await waitFor(async () => (await shown()).includes("superseded"));
    const sections = await live.locator("section").allInnerTexts();
    const heads = sections.map((section) => section.split("\n").slice(0, 3).join(" "));
    assert.deepEqual(
      heads.map((head) => head.replace(/ Line #.*/, "")),
      [
        "keep src/keep.ts:3 · 1 call",
        "count src/count.ts:2 · 3 calls",
        "double src/count.ts:11 · 1 call",
        "double src/count.ts:10 · 2 calls superseded",
      ],
    );
    assert.match(sections[2]!, /return 3 \* n/);
    assert.match(sections[3]!, /return 2 \* n/);
    assert.equal(await live.locator("section.superseded").count(), 1);
    await waitFor(() => terminal.join("").includes("src/count.ts (superseded)"));
  });

  describe("refuses", () => {
    const post = (body: string, headers: Record<string, string>) =>
      new Promise<{ status: number; text: string }>((resolve, reject) => {
        const { host } = new URL(url);
        const sent = request(`${url}__mprof/`, { method: "POST", headers: { host, ...headers } }, async (response) => {
          let text = "";
          for await (const piece of response) text += piece;
          resolve({ status: response.statusCode!, text });
        });
        sent.on("error", reject);
        sent.end(body);
      });
    const origin = () => new URL(url).origin;
    it("an origin that is not its own, with what a proxy in front has to do", async () => {
      const { status, text } = await post("{}", { origin: "http://evil.example" });
      assert.equal(status, 403);
      assert.match(text, /http:\/\/evil\.example is not taken at 127\.0\.0\.1:\d+: .*proxy.*X-Forwarded-Host/);
      assert.equal((await post("{}", {})).status, 403);
      assert.equal((await post("{}", { origin: "http://evil.example", "sec-fetch-site": "cross-site" })).status, 403);
      const behindProxy = { origin: "http://evil.example", "x-forwarded-host": "evil.example" };
      assert.match((await post("{}", behindProxy)).text, /token/);
      assert.ok(
        terminal.some((each) => each.startsWith("[mprof] a profile was refused (403): A profile from the origin")),
      );
    });

    it("a wrong token", async () => {
      for (const wrong of [undefined, "", 7, "x".repeat(32)]) {
        const { status, text } = await post(JSON.stringify({ token: wrong, profile: {} }), { origin: origin() });
        assert.equal(status, 403);
        assert.match(text, /Reload the page/);
      }
    });

    it("more than 8 MiB, told beforehand or not", async () => {
      const body = " ".repeat(8 * 1024 * 1024 + 1);
      assert.equal((await post(body, { origin: origin() })).status, 413);
      assert.equal((await post(body, { origin: origin(), "transfer-encoding": "chunked" })).status, 413);
    });

    it("what is no profile", async () => {
      assert.match(token, /^[\w-]{32}$/);
      for (const body of ["", "null", "7", "nonsense"]) {
        assert.equal((await post(body, { origin: origin() })).status, 400, body);
      }
      for (const profile of [
        null,
        {},
        { format: "mprof-profile", version: 99, listings: [] },
        { format: "mprof-profile", listings: [7] },
      ]) {
        const { status } = await post(JSON.stringify({ token, profile }), { origin: origin() });
        assert.equal(status, 400, JSON.stringify(profile));
      }
      assert.match(await shown(), /src\/keep\.ts/);
    });
  });
});

async function waitFor(isReached: () => boolean | Promise<boolean>): Promise<void> {
  for (let i = 0; i < 200; i++) {
    if (await isReached()) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  assert.fail("what was waited for did not come");
}
