import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import mprof from "../../plugin/unplugin/vite.ts";
import { rowOf, runProcess } from "../support/run-cli.ts";
import { openBundlers } from "./packages.ts";

/** Text of a row -> its line in the file, increment in MiB, occurrences. */
type Rows = Record<string, [line: number, increment: number, occurrences: number]>;

const EXPECTED: Record<string, Record<string, Rows>> = {
  vue: {
    "Setup.vue": {
      "@profile": [16, 50, 1],
      "const items: Item[] = [];": [18, 0, 1],
      "for (let i = 0; i < count; i++) {": [19, 0, 3],
      "items.push({ size: allocate(1024 * 1024) });": [20, 2, 2],
    },
    "Options.vue": { "// @profile": [10, 52, 1], "for (let i = 0; i < count; i++) this.sizes": [12, 1.5, 4] },
    "Both.vue": {
      "return allocate(size);": [6, 4 / 1024, 4],
      "for (let i = 0; i < times; i++) size.value": [17, 4 / 1024, 5],
    },
  },
  svelte: {
    "Runes.svelte": {
      "for (let i = 0; i < count; i++) {": [9, 0, 3],
      "sizes.push(allocate(256 * 1024));": [10, 0.5, 2],
    },
    "Module.svelte": { "return allocate(size);": [6, 2 / 1024, 1], "return shared(2048);": [13, 2 / 1024, 1] },
  },
};

const PLUGINS: Record<string, [name: string, member: string]> = {
  vue: ["@vitejs/plugin-vue", "default"],
  svelte: ["@sveltejs/vite-plugin-svelte", "svelte"],
};

const bundlers = openBundlers();

describe("single-file components", function () {
  this.timeout(120_000);
  if (bundlers === null) return;
  const project = bundlers.project("components");
  after(() => project.remove());

  for (const [framework, files] of Object.entries(EXPECTED)) {
    it(`of ${framework} have rows of figures on the lines of their file`, async () => {
      const { folder } = project;
      const { build } = await bundlers.load<{ build(config: object): Promise<void> }>("vite");
      const [name, member] = PLUGINS[framework]!;
      const plugins = await bundlers.load<Record<string, () => object>>(name);
      await build({
        root: folder,
        configFile: false,
        logLevel: "error",
        plugins: [mprof({ root: folder }), plugins[member]!()],
        ssr: { noExternal: true },
        build: { ssr: join(folder, "src", `${framework}.ts`), outDir: `out/${framework}`, minify: true },
      });
      const bundle = join(folder, "out", framework, `${framework}.js`);
      const { stdout, stderr, code } = await runProcess(process.execPath, [bundle], { env: { MPROF_PRECISION: "5" } });
      assert.equal(stderr, "");
      assert.equal(code, 0);
      for (const [file, rows] of Object.entries(files)) {
        const lines = readFileSync(join(folder, "src", file), "utf8").split("\n");
        for (const [text, [line, increment, occurrences]] of Object.entries(rows)) {
          assert.ok(lines[line - 1]!.includes(text), `${file}:${line} is ${text}`);
          const listing = stdout
            .split("Filename: ")
            .filter((each) => each.startsWith(`src/${file}\n`))
            .join("");
          const row = rowOf(listing, text);
          assert.ok(row, `${file} has a row ${text}:\n${stdout}`);
          assert.ok(new RegExp(`^ *${line} .*${asPattern(text)}`, "m").test(listing), `${text} is on line ${line}`);
          assert.equal(row.occurrences, occurrences, text);
          assert.ok(Math.abs(row.increment - increment) < 0.0001, `${text}: ${row.increment}, not ${increment}`);
        }
      }
    });
  }
});

function asPattern(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&");
}
