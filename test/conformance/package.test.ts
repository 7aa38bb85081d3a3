import assert from "node:assert/strict";
import { join } from "node:path";
import { ROOT } from "../support/load-fixture.ts";
import { runProcess, withFolder } from "../support/run-cli.ts";

const SCRIPT = join(ROOT, "dist/esm/test/conformance/main.js");
const SUM = "exports.sum = function sum(list) { return list.reduce((a, b) => a + b, 0); };\n";
const CHECK = 'if (require("./sum.js").sum([1, 2]) !== 3) process.exit(1);\nconsole.log("1 passing");\n';

/** A package whose tests run, and then `test`. */
const compare = (test: string) =>
  withFolder({ "package.json": "{}", "sum.js": SUM, "check.js": CHECK + test }, (folder) =>
    runProcess(process.execPath, [SCRIPT, "--package", folder, "--test", "node check.js", "--exclude", "check.js"]),
  );

describe("conformance of a package", () => {
  it("runs its tests plain and instrumented, and compares what they count", async () => {
    const { stdout, code } = await compare("");
    assert.equal(stdout, "plain: exit code 0; 1 passing\ninstrumented: exit code 0; 1 passing\n");
    assert.equal(code, 0);
  });

  it("fails when the instrumented copy differs", async () => {
    const { stdout, code } = await compare('if (/__mp/.test(require("./sum.js").sum)) process.exit(1);');
    assert.match(stdout, /^plain: exit code 0; 1 passing\ninstrumented: exit code 1; 1 passing\n/);
    assert.match(stdout, /the instrumented package differs\n$/);
    assert.equal(code, 1);
  });
});
