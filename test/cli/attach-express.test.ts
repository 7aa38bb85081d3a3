import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { attachToExpress, fetchExpress, type Look } from "../support/attach-express.ts";

const FLAGS = ["--pick", "5", "--pick-for", "6s", "--for", "8s"];

/** bench/attach-express.ts is the long form, which also says what it costs. */
describe("mprof attach --pick at an Express server under load", function () {
  this.timeout(180_000);
  // Six seconds of samples say little on a machine that does other things, too.
  let packages: string | null;
  let folder: string;

  before(function () {
    packages = process.platform === "linux" ? fetchExpress() : null;
    if (packages === null) this.skip();
    folder = mkdtempSync(join(tmpdir(), "mprof-attach-express-"));
  });
  after(() => {
    if (folder) rmSync(folder, { recursive: true, force: true });
  });

  it("leads from its process to the line that leaks, by one command, and changes no answer", async () => {
    const node = process.execPath;
    const times = { warmUp: 5000, around: 2000, slice: 500 };
    const result = await attachToExpress(folder, { packages: packages!, node, flags: FLAGS, looks: 1, ...times });
    const [{ code, line, isLeak, stdout, stderr }] = result.looks as [Look];
    assert.equal(code, 0, stderr);
    assert.ok(isLeak, `${line}\n${stderr}\n${stdout}`);
    assert.deepEqual(result.wrong, []);
    assert.ok(result.answered > 100, `${result.answered}`);
    assert.equal(result.ended, null);
  });
});
