/** Mode auto: in a storm of async calls only some know that they wait. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { Admission } from "../../runtime/waiting/admission.ts";
import { rowOf, runCli, withFolder } from "../support/run-cli.ts";

describe("calls that know that they wait", () => {
  it("are 5,000 at once, and then 10 a millisecond", () => {
    let now = 0;
    let turn = () => {};
    const admission = new Admission(
      () => now,
      (work) => {
        turn = work;
      },
    );
    const admitted = (calls: number) => Array.from({ length: calls }, () => admission.admits()).filter(Boolean).length;
    assert.equal(admitted(20_000), 5000);
    now += 10;
    assert.equal(admitted(20_000), 100);
    now += 1e6;
    assert.equal(admitted(20_000), 5000);
    now += 1;
    turn();
    assert.equal(admission.admits(), true);
  });

  it("are there again after a storm: what comes then is on its row, and all calls were counted", () =>
    withFolder(
      {
        "app.mjs": `import { setTimeout as sleep } from "node:timers/promises";
// @profile
async function bare(i) {
  const given = await i;
  return given;
}
let kept;
async function make() {
  await sleep(20);
  kept = Buffer.alloc(40e6);
}
// @profile
async function load() {
  await make();
  return kept.length;
}
for (let i = 0; i < 40_000; i++) await bare(i);
await sleep(20);
console.log(await load());
`,
      },
      async (folder) => {
        const { stdout, stderr } = await runCli(["--backend", "external", join(folder, "app.mjs")]);
        assert.equal(stderr, "");
        assert.equal(rowOf(stdout, "const given")!.occurrences, 40_000);
        assert.equal(rowOf(stdout, "return given")!.occurrences, 40_000);
        assert.ok(Math.abs(rowOf(stdout, "await make()")!.increment - 38.147) < 0.1, stdout);
      },
    ));
});
