import assert from "node:assert/strict";
import { rmSync } from "node:fs";
import { join } from "node:path";
import { ROOT } from "../support/load-fixture.ts";
import { rowOf, runProcess } from "../support/run-cli.ts";

const FOLDER = join(ROOT, "examples/tsc");

describe("examples/tsc", function () {
  this.timeout(120_000);
  after(() => {
    for (const name of ["build", "build-profile", "node_modules"])
      rmSync(join(FOLDER, name), { recursive: true, force: true });
  });

  it("profiles with one command", async () => {
    const { stdout, stderr, code } = await runProcess("npm", ["run", "--silent", "profile"], { cwd: FOLDER });
    assert.equal(code, 0, stdout + stderr);
    assert.ok(stdout.startsWith("20004 words\n"), stdout);
    assert.equal(rowOf(stdout, "documents.push")?.occurrences, 20_000);
    assert.equal(rowOf(stdout, "const known")?.occurrences, 880_000);
  });

  it("builds without a trace of it", async () => {
    const { stdout, code } = await runProcess("npm", ["run", "--silent", "build"], { cwd: FOLDER });
    assert.equal(`${stdout}${code}`, "0");
    const { stdout: output } = await runProcess(process.execPath, ["build/main.js"], { cwd: FOLDER });
    assert.equal(output, "20004 words\n");
  });
});
