import assert from "node:assert/strict";
import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { ROOT } from "./support/load-fixture.ts";
import { type Finished, runCli, runProcess } from "./support/run-cli.ts";

/** Programs in `fixtures/node-path`: what tsx prints, we print. */
const PROGRAMS: Record<string, readonly string[]> = {
  syntax: [
    ...["b1.ts", "b3.ts", "r1.ts", "r3.ts", "r5.cjs", "n2.ts", "nsdestr.ts", "nsd2.ts", "u.ts"],
    ...["kinds.ts", "names.ts", "decorators.ts"],
  ],
  fields: ["a.ts"],
  "fields-es2022": ["o.ts"],
  "legacy-decorators": ["app.ts"],
  "dynamic-import": ["f.ts", "a.mts", "b.mjs", "d.mjs"],
  aliases: ["app.ts"],
  "commonjs-meta": ["app.ts"],
  module: ["app.ts"],
  jsx: ["app.tsx", "own.jsx"],
  stack: ["app.ts"],
};

const TSX = join(dirname(createRequire(import.meta.url).resolve("tsx/package.json")), "dist/cli.mjs");

describe("the Node path", () => {
  let folder: string;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), "mprof-node-path-"));
    cpSync(join(ROOT, "fixtures/node-path"), folder, { recursive: true });
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  for (const [name, entries] of Object.entries(PROGRAMS)) {
    for (const entry of entries) {
      it(`prints what tsx prints for ${name}/${entry}, compiled and kept`, async () => {
        const cwd = join(folder, name);
        const tsx = await runProcess(process.execPath, [TSX, entry], { cwd });
        assert.equal(tsx.code, 0, tsx.stderr);
        for (let round = 0; round < 2; round++) assert.deepEqual(seen(await runCli([entry], { cwd })), seen(tsx));
      });
    }
  }
});

/** What a program did, without our report. */
function seen({ stdout, code }: Finished): object {
  return { stdout: stdout.replace(/Filename: [\s\S]*/, ""), code };
}
