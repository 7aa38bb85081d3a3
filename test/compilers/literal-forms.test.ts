/** Bundlers know a worker, an asset or a chunk by the shape of the call that loads it, arguments included. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import mprof from "../../plugin/unplugin/vite.ts";
import { openBundlers } from "../bundlers/packages.ts";
import { SPLITTERS } from "./bundles.ts";
import { type Built, INSTRUMENTED, type Mode, runNode } from "./programs.ts";

interface Form {
  entry: string;
  bundlers: string[];
  /** Besides the program itself: by the name of a file, what it begins with in every bundler's words. */
  emits: RegExp[];
  /** What the program prints; those for browsers are not run. */
  says?: string;
}

const VITE = ["vite", "vite-7"];
const WEBPACK = ["webpack", "rspack"];

const FORMS: Record<string, Form> = {
  "import() of a template": {
    entry: "src/main.js",
    bundlers: [...VITE, "esbuild", ...WEBPACK],
    emits: [/(\b|_)de[._]/, /(\b|_)en[._]/],
    says: "hallo\n",
  },
  "import() of a literal": {
    entry: "src/literal.js",
    bundlers: [...VITE, "rollup", "esbuild", ...WEBPACK],
    emits: [/(\b|_)de[._]/],
    says: "hallo\n",
  },
  "import() with comments for the bundler": {
    entry: "src/named.js",
    bundlers: WEBPACK,
    emits: [/^greeting\.cjs$/],
    says: "hallo\n",
  },
  "new Worker and new SharedWorker": {
    entry: "src/wk.js",
    bundlers: [...VITE, ...WEBPACK],
    emits: [/worker/, /shared/],
  },
  "new URL of a file": {
    entry: "src/asset.js",
    bundlers: [...VITE, ...WEBPACK],
    emits: [/\.png$/, /\.png$/],
  },
  "import.meta.glob": { entry: "src/glob.js", bundlers: VITE, emits: [/(\b|_)en[._]/], says: "hallo hello\n" },
  "require.context": { entry: "src/context.cjs", bundlers: WEBPACK, emits: [], says: "hallo,hello\n" },
  "import.meta.webpackContext": { entry: "src/context.js", bundlers: WEBPACK, emits: [], says: "hallo,hello\n" },
  "require.resolve": { entry: "src/resolve.cjs", bundlers: WEBPACK, emits: [], says: "true,hallo\n" },
  "require()": { entry: "src/require.cjs", bundlers: ["esbuild", ...WEBPACK], emits: [], says: "hello,hallo\n" },
};

const packages = openBundlers();

describe("literal forms", function () {
  this.timeout(120_000);
  if (packages === null) return;
  const project = packages.project("literal-forms");
  after(() => project.remove());

  for (const [name, { entry, bundlers, emits, says }] of Object.entries(FORMS)) {
    for (const bundler of bundlers) {
      it(`${name}, by ${bundler}: the same chunks and assets, and the program finds them`, async () => {
        const plain = await build("plain");
        const files = plain.files.filter((file) => !/^main\./.test(file));
        for (const pattern of emits) {
          const index = files.findIndex((file) => pattern.test(file));
          assert.ok(index >= 0, `${pattern} among ${plain.files}`);
          files.splice(index, 1);
        }
        assert.equal((await outcomeOf(plain))?.did.stdout, says);
        for (const mode of INSTRUMENTED) {
          const built = await build(mode);
          assert.deepEqual(built.files, plain.files, mode);
          assert.deepEqual(built.warnings, plain.warnings, mode);
          assert.match(built.code, /\b__mp\w*\.line\(/);
          for (const file of plain.files.filter((each) => !/^main\./.test(each)))
            assert.deepEqual(read(built, file), read(plain, file), `${file} (${mode})`);
          const outcome = await outcomeOf(built);
          if (outcome) assert.deepEqual(outcome.did, { stdout: says, stderr: "", code: 0 }, mode);
        }
      });

      const build = (mode: Mode) =>
        SPLITTERS[bundler]!(packages, { folder: project.folder, mode, entry, isForBrowsers: says === undefined });
      const outcomeOf = async (built: Built) =>
        says === undefined
          ? undefined
          : runNode([join(built.folder, built.files.find((file) => /^main\./.test(file))!)], project.folder);
    }
  }

  it("import.meta.hot.accept, by Vite's server: the same modules are waited for", async () => {
    const { createServer } = await packages.load<{ createServer(config: object): Promise<DevServer> }>("vite");
    const accepted: Record<string, string[]> = {};
    for (const mode of ["plain", ...INSTRUMENTED] as const) {
      const plugins = mode === "plain" ? [] : [mprof({ root: project.folder, functions: mode })];
      const server = await createServer({
        root: project.folder,
        configFile: false,
        logLevel: "silent",
        server: { middlewareMode: true, ws: false, watch: null },
        optimizeDeps: { noDiscovery: true },
        plugins,
      });
      try {
        const { code } = await server.transformRequest("/src/hot.js");
        assert.equal(/\b__mp\w*\.line\(/.test(code), mode !== "plain");
        const module = await server.moduleGraph.getModuleByUrl("/src/hot.js");
        accepted[mode] = [...module.acceptedHmrDeps].map(({ url }) => url).sort();
      } finally {
        await server.close();
      }
    }
    const expected = ["/src/locales/de.js", "/src/locales/en.js", "/src/worker.js"];
    assert.deepEqual(accepted, { plain: expected, marked: expected, all: expected });
  });
});

interface DevServer {
  transformRequest(url: string): Promise<{ code: string }>;
  moduleGraph: { getModuleByUrl(url: string): Promise<{ acceptedHmrDeps: Set<{ url: string }> }> };
  close(): Promise<void>;
}

function read(built: Built, file: string): string {
  return readFileSync(join(built.folder, file), "latin1");
}
