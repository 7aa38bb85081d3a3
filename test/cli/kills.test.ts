/** SIGKILL, which nothing can answer: what is there had been kept before. */
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { ageOf, BUSY, COMPUTING, killProgram } from "../support/kill-program.ts";
import { BIN, REGISTER, runCli, runProcess, withFolder } from "../support/run-cli.ts";

describe("SIGKILL", function () {
  this.timeout(240_000);

  for (const mode of ["exact", "auto"]) {
    it(`at ten random moments leaves a whole file that is at most a second old, by mode ${mode}`, () =>
      withFolder({ "app.js": COMPUTING }, async (cwd) => {
        for (let i = 0; i < 10; i++) {
          const stderr = await killProgram(cwd, mode, 20 + Math.random() * 1200);
          assert.match(stderr, /^\[mprof\] the program was ended by SIGKILL; /);
          assert.ok(ageOf(stderr)! < 1000, stderr);
        }
      }));
  }

  it("of command and program leaves a report that mprof report shows, and the next start names", () =>
    withFolder({ "app.js": BUSY }, async (cwd) => {
      const child = spawn(process.execPath, [BIN, "app.js"], { cwd, detached: true });
      await new Promise((resolve) => child.stdout.once("data", resolve));
      process.kill(-child.pid!, "SIGKILL");
      await new Promise((resolve) => setTimeout(resolve, 6500));
      const startNext = () => runProcess(process.execPath, ["--require", REGISTER, "-e", "0"], { cwd });
      const { stderr } = await startNext();
      assert.match(
        stderr,
        /^\[mprof\] a report is waiting, of a run that ended at [\d:]+ without a word: mprof report\n/,
      );
      const shown = await runCli(["report"], { cwd });
      assert.match(shown.stdout, /^Filename: app\.js\n/);
      assert.match(
        shown.stderr,
        /^\[mprof\] app\.js, in .*: the program ended without a word, or runs still; these figures are of /,
      );
      // It is shown again, but nobody is told of it any more.
      assert.equal((await runCli(["report"], { cwd })).stdout, shown.stdout);
      assert.doesNotMatch((await startNext()).stderr, /waiting/);
    }));
});
