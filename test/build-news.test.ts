/** What builds say at their end: how many functions they carry probes for, and names that no function has. */
import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { Options } from "../plugin/core/options.ts";
import { ROOT } from "./support/load-fixture.ts";
import { runProcess } from "./support/run-cli.ts";
import { scratchFolder } from "./support/scratch.ts";

const MARKED = "// @profile\nexport function load() {}\n// @profile\nexport const save = () => 1;\n";
const MAIN = `import "./marked.js";\nexport function plain() {}\n`;

/** By Rollup, in a process of its own; twice, as a watcher does. @returns what it says on standard error */
async function build(marked: string, options: Options, env: Record<string, string> = {}): Promise<string> {
  const folder = scratchFolder();
  const at = (path: string) => JSON.stringify(pathToFileURL(join(ROOT, path)).href);
  const script = `import { rollup } from ${at("node_modules/rollup/dist/es/rollup.js")};
import mprof from ${at("dist/esm/plugin/unplugin/rollup.js")};
const plugins = [mprof(${JSON.stringify(options)})];
for (let i = 0; i < 2; i++) {
  const bundle = await rollup({ input: "main.js", external: /^mprof/, plugins });
  await bundle.generate({});
}
`;
  for (const [name, text] of Object.entries({ "main.js": MAIN, "marked.js": marked, "build.mjs": script }))
    writeFileSync(join(folder, name), text);
  const { stderr, code } = await runProcess(process.execPath, ["build.mjs"], { cwd: folder, env });
  assert.equal(code, 0, stderr);
  return stderr;
}

describe("a build", () => {
  const cases: [says: string, marked: string, options: Options, env?: Record<string, string>][] = [
    ["mprof: 2 functions profiled in this build; MPROF=0 builds without\n", MARKED, {}],
    ["mprof: 1 function profiled in this build; MPROF=0 builds without\n", "export const f = profile(() => 1);\n", {}],
    ["", "export function load() {}\n", {}],
    ["", MARKED, { enabled: false }],
    ["", MARKED, {}, { MPROF: "OFF" }],
    ["", MARKED, {}, { MPROF_QUIET: "1" }],
    [
      "mprof: func laod matches no function of this build: did you mean load?\n",
      "export function load() {}\n",
      { func: "laod" },
    ],
  ];
  for (const [says, marked, options, env] of cases) {
    it(`says ${JSON.stringify(says)} with ${JSON.stringify({ ...options, ...env })}`, async () =>
      assert.equal(await build(marked, options, env), says));
  }
});
