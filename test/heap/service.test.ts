import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { REGISTER, runProcess } from "../support/run-cli.ts";
import { scratchFolder } from "../support/scratch.ts";

/** A service that asks for itself; what it throws away makes V8 collect. */
const SERVICE = `import { setTimeout as sleep } from "node:timers/promises";
import { leaks, startLeaks } from "mprof";

const sessions: { id: number; text: string }[] = [];
let scratch: number[][] = [];

/** @profile */
function handle(id: number): number {
  const session = { id, text: "session " + id };
  sessions.push(session);
  const answer = { id, at: [id] };
  return answer.at.length;
}

startLeaks();
for (let round = 0; round < 400; round++) {
  for (let i = 0; i < 20; i++) handle(round * 20 + i);
  scratch = Array.from({ length: 3000 }, (_, i) => [i, i, i, i, i, i, i, i]);
  await sleep(3);
}
const { collections, rows } = await leaks({ why: true });
console.log(JSON.stringify({ collections, rows, scratch: scratch.length, sessions: sessions.length }));
`;

describe("startLeaks() and leaks()", function () {
  this.timeout(60_000);

  it("say of a service what leaks and who holds it, by V8's own collections", async () => {
    const folder = scratchFolder();
    writeFileSync(join(folder, "service.mts"), SERVICE);
    const flags = ["--max-old-space-size=24", "--max-semi-space-size=1", "--require", REGISTER];
    const { stdout, stderr } = await runProcess(process.execPath, [...flags, join(folder, "service.mts")], {
      cwd: folder,
      env: { MPROF_COMPILE: JSON.stringify({ survivors: true }), MPROF_BACKEND: "heap", MPROF_REPORT: "none" },
    });
    const { collections, rows } = JSON.parse(stdout.split("\n")[0] || `{"stderr":${JSON.stringify(stderr)}}`);
    assert.ok(collections >= 3, `${collections} collections ${stderr}`);
    assert.deepEqual(
      rows.map(({ file, line, text }: { file: string; line: number; text: string }) => [file, line, text]),
      [["service.mts", 9, 'const session = { id, text: "session " + id };']],
    );
    assert.deepEqual(rows[0].leak.holders, ["Array[ ]", "variable sessions (service.mts:4)"]);
  });
});
