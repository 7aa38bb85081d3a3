/** The runtime of hosts other than Node: how large it is in a bundle, and that it loads wherever there is JavaScript. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { createContext, runInContext } from "node:vm";
import { gzipSync } from "node:zlib";
import type { Profile } from "../../contract/profile.ts";
import { ROOT } from "../support/load-fixture.ts";
import { openBundlers } from "./packages.ts";

const MOST_BYTES = 5 * 1024;
const CORE = join(ROOT, "dist/esm/runtime/core/index.js");
const MARKED = `
  var m = mprof.table({ version: 1, file: "a.js", functions: [[0, 1]],
    listings: [{ name: "f", first: 1, lines: ["function f() {", "  work();", "}"] }] });
  function f() { var a = m.enter(0); try { a.line(2); } finally { a.exit(); } }
  f(); f(); mprof.getProfile();`;

/** As Chromium's with --enable-precise-memory-info. */
const GROWING = {
  bytes: 3 * 2 ** 20,
  get usedJSHeapSize() {
    this.bytes += 4096;
    return this.bytes;
  },
};

interface Esbuild {
  build(options: object): Promise<{ outputFiles: { text: string }[]; metafile: { inputs: object } }>;
}

describe("the runtime without Node", function () {
  this.timeout(60_000);
  const bundlers = openBundlers();
  if (bundlers === null) return;
  let script = "";

  async function bundle(options: object) {
    const { build } = await bundlers!.load<Esbuild>("esbuild");
    const common = { entryPoints: [CORE], bundle: true, minify: true, write: false, metafile: true, outdir: "out" };
    return build({ ...common, ...options });
  }

  before(async () => {
    const { outputFiles } = await bundle({ format: "iife", globalName: "mprof" });
    script = outputFiles[0]!.text;
  });

  it("is at most 5 KiB in a bundle, minified and gzipped: runtime/core, and how a table is printed", async () => {
    const { outputFiles, metafile } = await bundle({ format: "esm" });
    const { length } = gzipSync(outputFiles[0]!.text, { level: 9 });
    console.log(`      the core for browsers: ${length} bytes, minified and gzipped`);
    assert.ok(length <= MOST_BYTES, `${length} bytes`);
    const loaded = Object.keys(metafile.inputs).map((file) => /(?:runtime|contract)\/.*(?=\.js$)/.exec(file)![0]);
    const others = loaded.filter((file) => !/^(contract|runtime\/core)\//.test(file));
    assert.deepEqual(others.sort(), ["runtime/reporters/format-fixed", "runtime/reporters/text"]);
  });

  it("is all that a program gets that only has marks", async () => {
    const contents = `import runtime from "mprof/runtime"; globalThis.handle = runtime.table({});`;
    const stdin = { contents, resolveDir: bundlers.folder };
    const { outputFiles, metafile } = await bundle({
      entryPoints: undefined,
      stdin,
      format: "esm",
      platform: "browser",
    });
    const { length } = gzipSync(outputFiles[0]!.text, { level: 9 });
    assert.ok(length <= MOST_BYTES, `${length} bytes`);
    assert.ok(Object.keys(metafile.inputs).some((file) => file.endsWith("runtime/index.js")));
  });

  const stub = () => {
    throw new Error("not implemented");
  };
  const hosts: Record<string, { globals: object; runtime: string; backend: string; isExact?: boolean }> = {
    "nothing but JavaScript": { globals: {}, runtime: "unknown", backend: "time" },
    "an edge runtime with stubs for Node": {
      globals: { process: { env: {}, memoryUsage: stub }, navigator: { userAgent: "Cloudflare-Workers" } },
      runtime: "browser",
      backend: "time",
    },
    "a service worker": {
      globals: { navigator: { userAgent: "Firefox" }, performance: { now: () => 1 }, addEventListener() {} },
      runtime: "browser",
      backend: "time",
    },
    "a page of Chromium": {
      globals: {
        navigator: { userAgent: "Chrome" },
        document: {},
        performance: { now: () => 1, memory: GROWING },
      },
      runtime: "browser",
      backend: "heap",
    },
    "a page of Chromium without the flag": {
      globals: { navigator: { userAgent: "Chrome" }, performance: { now: () => 1, memory: { usedJSHeapSize: 7 } } },
      runtime: "browser",
      backend: "heap",
      isExact: false,
    },
    "Deno without a process": {
      globals: { Deno: { memoryUsage: () => ({ rss: 5, heapUsed: 3 }) } },
      runtime: "unknown",
      backend: "rss",
    },
    Bun: {
      globals: { process: { versions: { node: "24.0.0", bun: "1.4.5" }, memoryUsage: () => ({ rss: 5 }) } },
      runtime: "bun",
      backend: "rss",
    },
  };
  for (const [name, { globals, runtime, backend, isExact = backend !== "time" }] of Object.entries(hosts)) {
    it(`loads and counts on ${name}, by ${backend}`, () => {
      const context = createContext({ ...globals });
      const profile = runInContext(`${script}${MARKED}`, context) as Profile;
      assert.equal(profile.host.runtime, runtime);
      assert.equal(profile.backend, backend);
      assert.equal(profile.listings[0]!.rows[1]!.data!.occurrences, 2);
      assert.equal(profile.notes.length, isExact ? 0 : 1);
      runInContext("__mprof.report(); __mprof.stop(); __mprof.start(); __mprof.reset();", context);
    });
  }

  it("prints the table and one group for each function to the console of a page", () => {
    const printed: string[] = [];
    const console = {
      log: (text: string) => printed.push(text),
      groupCollapsed: (text: string) => printed.push(`> ${text}`),
      groupEnd: () => printed.push("<"),
    };
    const performance = { now: () => 1, memory: GROWING };
    const context = createContext({ console, performance, navigator: { userAgent: "Chrome" } });
    runInContext(`${script}${MARKED}; __mprof.report();`, context);
    const table = `Filename: a.js

Line #    Mem usage    Increment  Occurrences   Line Contents
=============================================================
     1      3.0 MiB      3.0 MiB           2   function f() {
     2      3.0 MiB      0.0 MiB           2     work();
     3                                         }`;
    assert.deepEqual(printed, [table, "> f (a.js:1)", table, "<"]);
  });
});
