/** What comes while rows wait, by hand: compiled programs under a source that says what they tell it to. Figures in MiB. */
import assert from "node:assert/strict";
import type { Profile } from "../../contract/profile.ts";
import { MIB } from "../../contract/units.ts";
import { source } from "../support/back-ends.ts";
import { createRuntime } from "../support/create-runtime.ts";
import { createScriptedSource } from "../support/scripted-source.ts";

type Mode = "exact" | "auto";

interface Ran {
  profile: Profile;
  /** By line: `increment waiting awaited`, `~` behind where another row had a part. */
  rows: Record<number, string>;
}

/** What programs call: memory that comes at once, and a promise with what comes until it is resolved. */
const HELPERS = ["grow", "read", "turn"];

/** Compiles and runs a program up to the end of the promise that it returns. The first line of `text` is line 1. */
async function run(text: string, { leaves = false, mode = "exact" as Mode } = {}): Promise<Ran> {
  const runtime = createRuntime();
  const memory = createScriptedSource();
  runtime.configure({ backend: memory });
  const { code } = source.compile(text, "case.cjs", { mode });
  const turn = () => new Promise((resolve) => setImmediate(resolve));
  const read = async (mib: number, turns = 1) => {
    for (let i = 0; i < turns; i++) {
      await turn();
      memory.add(mib / turns);
    }
    return mib;
  };
  const grow = (mib: number) => memory.add(mib);
  const program = new Function("require", ...HELPERS, `${code}\nreturn main;`);
  const main: () => unknown = program(() => runtime, grow, read, turn);
  const result = main();
  if (!leaves) await result;
  else await turn();
  const profile = runtime.getProfile();
  const rows: Record<number, string> = {};
  for (const listing of profile.listings) {
    for (const { line, data } of listing.rows) {
      const figures = data?.figures.scripted;
      if (figures === undefined) continue;
      const { increment, waiting = 0, awaited = 0 } = figures;
      const baseline = line === listing.first ? (listing.baseline?.scripted ?? 0) : 0;
      const parts = [increment - baseline, waiting, awaited].map((bytes) => Math.round(bytes / MIB));
      if (parts.some((part) => part !== 0)) rows[line] = parts.join(" ") + (data!.shared ? " ~" : "");
    }
  }
  return { profile, rows };
}

for (const mode of ["exact", "auto"] as const) {
  describe(`what comes while rows wait, mode ${mode}`, () => {
    const runIn = (text: string, options = {}) => run(text, { mode, ...options });

    it("is the row's that waits", async () => {
      const { rows } = await runIn(`// @profile
async function main() {
  const parts = [];
  for (let i = 0; i < 5; i++) {
    parts.push(await read(40));
  }
  grow(3);
}`);
      assert.deepEqual(rows, { 5: "0 200 0", 7: "3 0 0" });
    });

    it("is the row's where a function ends by its wait", async () => {
      const { rows } = await runIn(`// @profile
async function main() {
  await read(40);
}`);
      assert.deepEqual(rows, { 3: "0 40 0" });
    });

    it("is the row's where what it waits for is rejected, and where that is caught", async () => {
      const { rows } = await runIn(`// @profile
async function main() {
  try {
    await read(40).then(() => { throw new Error(); });
  } catch {
    grow(1);
  }
}`);
      assert.deepEqual(rows, { 4: "0 40 0", 6: "1 0 0" });
    });

    it("is the row's of Promise.all, and of those that it waits for if they are profiled", async () => {
      const { rows } = await runIn(`// @profile
async function main() {
  await Promise.all([read(10), read(20)]);
  await Promise.all([1, 2, 3].map((i) => one(i)));
}
// @profile
async function one(i) {
  await read(i);
}`);
      assert.deepEqual(rows, { 3: "0 30 0", 4: "0 0 6", 8: "0 6 0" });
    });

    it("is shared where rows wait at the same time, and they say so", async () => {
      const { rows } = await runIn(`// @profile
async function main() {
  const a = one();
  const b = two();
  await Promise.all([a, b]);
}
// @profile
async function one() {
  await read(30, 3);
}
// @profile
async function two() {
  await read(30, 3);
}`);
      assert.deepEqual(rows, { 5: "0 22 38 ~", 9: "0 17 0 ~", 13: "0 22 0 ~" });
    });

    it("goes through three layers, as in a program that does not wait", async () => {
      const { rows } = await runIn(`// @profile
async function main() {
  return await service();
}
// @profile
async function service() {
  const a = await repo();
  const b = [await repo(), await repo()];
  return [a, b];
}
// @profile
async function repo() {
  const rows = await read(40);
  grow(20);
  return rows;
}`);
      assert.deepEqual(rows, { 3: "0 0 180", 7: "0 0 60", 8: "0 0 120", 13: "0 120 0", 14: "60 0 0" });
    });

    it("goes through functions that are not async, and through code that is not profiled", async () => {
      const { rows } = await runIn(`// @profile
async function main() {
  await plain();
}
// @profile
function plain() {
  return unprofiled();
}
async function unprofiled() {
  return await inner();
}
// @profile
async function inner() {
  await read(8);
  grow(4);
}`);
      assert.deepEqual(rows, { 3: "0 0 12", 14: "0 8 0", 15: "4 0 0" });
    });

    it("of a generator is its own, and its consumer's who waits for the next value", async () => {
      const { rows } = await runIn(`// @profile
async function main() {
  for await (const x of values()) {
    grow(1);
  }
}
// @profile
async function* values() {
  for (let i = 0; i < 3; i++) {
    await read(10);
    grow(5);
    yield i;
  }
}`);
      assert.deepEqual(rows, { 3: "0 0 45", 4: "3 0 0", 10: "0 30 0", 11: "15 0 0" });
    });

    it("of a stream is the row's that waits for its chunks", async () => {
      const { rows } = await runIn(`// @profile
async function main() {
  for await (const chunk of stream()) {
    grow(1);
  }
}
function stream() {
  let left = 3;
  const next = async () => left-- > 0 ? { value: await read(10), done: false } : { done: true };
  return { [Symbol.asyncIterator]: () => ({ next }) };
}`);
      assert.deepEqual(rows, { 3: "0 30 0", 4: "3 0 0" });
    });

    it("is nobody's row while a generator has yielded to code that is not profiled", async () => {
      const { profile, rows } = await runIn(`async function main() {
  for (const x of values()) {
    await read(10);
    x;
  }
}
// @profile
function* values() {
  yield 1;
  grow(2);
  yield 2;
  grow(1);
}`);
      assert.deepEqual(rows, { 10: "2 0 0", 12: "1 0 0" });
      assert.equal(profile.nobody?.scripted, 20 * MIB);
    });

    it("is the row's that waits for a timer, and a callback's own work is not", async () => {
      const { rows } = await runIn(`// @profile
async function main() {
  await new Promise((resolve) => setTimeout(() => {
    grow(7);
    resolve();
  }, 1));
}`);
      assert.deepEqual(rows, { 4: "7 0 0" });
    });

    it("of callbacks that are not profiled is the row's that waits for them", async () => {
      const { rows } = await runIn(`const callback = (done) => setImmediate(() => { grow(6); done(); });
// @profile
async function main() {
  await new Promise((resolve) => callback(resolve));
}`);
      assert.deepEqual(rows, { 4: "0 6 0" });
    });

    it("of what is left to itself is no caller's that has gone on", async () => {
      const { rows } = await runIn(`// @profile
async function main() {
  log();
  await read(2);
}
// @profile
async function log() {
  await turn();
  await turn();
  grow(4);
}`);
      assert.equal(rows[10], undefined);
    });

    for (const [name, at] of [
      ["all at once", "await Promise.all(requests.map((mib) => request(mib)));"],
      ["one at a time", "for (const mib of requests) await request(mib);"],
    ] as const) {
      it(`of a hundred requests is the handler's, not the row's that waits for the end (${name})`, async () => {
        const { rows } = await runIn(`async function main() {
  const requests = new Array(100).fill(2);
  let close;
  const end = server(new Promise((resolve) => { close = resolve; }));
  ${at}
  close();
  await end;
}
// @profile
async function server(closed) {
  await closed;
}
// @profile
async function request(mib) {
  await read(mib, 2);
  grow(1);
}`);
        const [handler, close] = [15, 11].map((line) => Number(rows[line]!.split(" ")[1]));
        assert.ok(handler! > 0.9 * 200, `${handler} MiB`);
        assert.equal(handler! + close!, 200);
      });
    }

    it("is in the report while rows wait still", async () => {
      const { rows } = await runIn(
        `// @profile
async function main() {
  await inner();
}
// @profile
async function inner() {
  await read(40, 2);
  await new Promise(() => {});
}`,
        { leaves: true },
      );
      assert.deepEqual(rows, { 3: "0 0 20", 7: "0 20 0" });
    });
  });
}

describe("what comes while rows wait", () => {
  it("counts for nothing before a reset", async () => {
    const runtime = createRuntime();
    const memory = createScriptedSource();
    runtime.configure({ backend: memory });
    const m = runtime.table({
      version: 1,
      file: "a.js",
      listings: [{ name: "f", first: 1, lines: ["", ""] }],
      functions: [[0, 3]],
    });
    const a = m.enter(0);
    a.line(2);
    a.suspend();
    memory.add(5);
    runtime.reset();
    memory.add(3);
    a.resume();
    a.exit();
    const { data } = runtime.getProfile().listings[0]!.rows[1]!;
    assert.equal(data!.figures.scripted!.waiting, 3 * MIB);
  });

  it("is in the figures of the call, where reports are per call", async () => {
    const { profile, rows } = await run(`// @profile report="call"
async function main() {
  await read(4);
  await read(5);
}`);
    assert.deepEqual(rows, { 3: "0 4 0", 4: "0 5 0" });
    assert.equal(profile.listings[0]!.calls, 1);
  });
});
