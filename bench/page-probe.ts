/** What a probe costs in a page of headless Chromium, beside a bare reading: `node dist/esm/bench/page-probe.js`. */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { build } from "esbuild";
import { launchChromium } from "../test/support/chromium.ts";
import { ROOT } from "../test/support/load-fixture.ts";
import { median } from "./statistics.ts";

const BATCHES = 40;
const PROBES = 500;
/** The clock of a page moves in tenths of milliseconds. */
const PROBES_OF_TIME = 50_000;

/** Milliseconds of batches, interleaved, by what they do. */
const PAGE = `
import { table, configure } from ${JSON.stringify(join(ROOT, "dist/esm/runtime/index.js"))};
const row = (name) => ({ name, first: 1, lines: ["function f() {", "  a", "  b", "}"] });
const module = (file) => table({ version: 1, file, functions: [[0, 1]], listings: [row("f")] });
const memory = module("memory.js"), time = module("time.js");
const batches = { bare: [], probe: [], call: [], "probe of time": [] };
const work = {
  bare() { let sum = 0; for (let i = 0; i < ${PROBES}; i++) sum += performance.memory.usedJSHeapSize; return sum; },
  probe() { const a = memory.enter(0); for (let i = 0; i < ${PROBES}; i++) a.line(i % 2 + 2); a.exit(); },
  call() { for (let i = 0; i < ${PROBES}; i++) { const a = memory.enter(0); a.exit(); } },
  "probe of time"() { const a = time.enter(0); for (let i = 0; i < ${PROBES_OF_TIME}; i++) a.line(i % 2 + 2); a.exit(); },
};
configure({ functions: { f: { backend: "heap" } } });
memory.enter(0).exit();
configure({ functions: { f: { backend: "time" } } });
time.enter(0).exit();
for (let i = 0; i < ${BATCHES}; i++) {
  for (const [name, run] of Object.entries(work)) {
    const start = performance.now();
    run();
    batches[name].push(performance.now() - start);
  }
}
globalThis.batches = batches;
globalThis.backends = globalThis.__mprof?.getProfile().listings.map((each) => Object.keys(each.rows[1].data.figures));
`;

const stdin = { contents: PAGE, resolveDir: ROOT };
const { outputFiles } = await build({ stdin, bundle: true, write: false, format: "iife", minify: true });
const script = outputFiles[0]!.text;
const server = createServer((request, response) => {
  const isScript = request.url === "/page.js";
  response.writeHead(200, { "content-type": isScript ? "text/javascript" : "text/html" });
  response.end(isScript ? script : '<!doctype html><script src="/page.js"></script>');
}).listen(0, "127.0.0.1");
await new Promise((resolve) => server.once("listening", resolve));
const browser = await launchChromium();
if (browser === null) throw new Error("Chromium is not installed: apt-get install chromium");
const page = await browser.newPage();
page.on("pageerror", (error) => console.error(error));
await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
const batches = (await page.evaluate("batches")) as Record<string, number[]>;
console.log(`Chromium ${browser.version()}, medians of ${BATCHES} interleaved batches`);
console.log(`figures of ${JSON.stringify(await page.evaluate("backends"))}`);
for (const [name, each] of Object.entries(batches)) {
  const times = name === "probe of time" ? PROBES_OF_TIME : PROBES;
  console.log(`${name.padEnd(14)} ${((median(each.slice(5)) / times) * 1000).toFixed(2).padStart(6)} µs`);
}
await browser.close();
server.close();
