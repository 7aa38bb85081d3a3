/** The file in which figures are kept: what is written, what is read of it, and of one that is damaged. */
import assert from "node:assert/strict";
import { readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { FUNCTION_OUTER, FUNCTION_SUSPENDS } from "../../contract/module-table.ts";
import type { Profile } from "../../contract/profile.ts";
import { MIB } from "../../contract/units.ts";
import { FigurePool } from "../../runtime/node/kept/figure-pool.ts";
import { Keeper } from "../../runtime/node/kept/keeper.ts";
import { KeptFile } from "../../runtime/node/kept/kept-file.ts";
import { profileOfKept } from "../../runtime/node/kept/profile-of-kept.ts";
import { type Kept, readKept } from "../../runtime/node/kept/read-kept.ts";
import { scratchFolder } from "../support/scratch.ts";
import { createTestRuntime, describeRows } from "./test-runtime.ts";

const folder = scratchFolder();
let files = 0;

function createKept() {
  const path = join(folder, `${++files}.mprof`);
  const pool = new FigurePool();
  const warned: string[] = [];
  const keeper = new Keeper(new KeptFile(path, true), pool, false, (text) => warned.push(text));
  const test = createTestRuntime({ keep: keeper, allocate: (length) => pool.allocate(length) });
  keeper.attach(test.runtime, { cwd: "/here", args: ["app.js"], pid: process.pid });
  return { ...test, keeper, path, warned, read: () => readKept(readFileSync(path)) as Kept };
}

/** A small file with two functions, of which one has a line open. */
function written(): { bytes: Buffer; rows: string[] } {
  const { module, memory, keeper, path, read } = createKept();
  const outer = module({ name: "outer" }).enter(0);
  outer.line(2);
  const inner = module({ name: "inner" }, [[0, FUNCTION_OUTER]], "b.js").enter(0);
  inner.line(2);
  memory.add(7);
  inner.line(3);
  keeper.finish();
  return { bytes: readFileSync(path), rows: describeRows(profileOfKept(read(), []), 1) };
}

describe("a kept file", () => {
  it("says what the profile says at the same moment", () => {
    const { runtime, module, memory, keeper, read } = createKept();
    for (const name of ["f", "g"]) {
      const activation = module({ name }).enter(0);
      activation.line(2);
      memory.add(name === "f" ? 3 : 5);
      activation.line(3);
      activation.exit();
    }
    keeper.finish();
    const kept = profileOfKept(read(), []);
    const { taken: _, ...profile } = JSON.parse(JSON.stringify(runtime.getProfile()));
    const { taken: __, ...same } = JSON.parse(JSON.stringify(kept));
    assert.deepEqual(same, profile);
  });

  it("has what came while rows waited, and wait still", () => {
    const { runtime, module, memory, keeper, read } = createKept();
    const m = module({ name: "f" }, [[0, FUNCTION_OUTER | FUNCTION_SUSPENDS]]);
    for (const line of [2, 3]) {
      const activation = m.enter(0);
      activation.line(line);
      activation.suspend();
      memory.add(line);
    }
    keeper.finish();
    const [kept, now] = [profileOfKept(read(), []), runtime.getProfile()];
    const waiting = (profile: Profile) =>
      profile.listings[0]!.rows.map(({ data }) => (data?.figures.scripted?.waiting ?? 0) / MIB);
    assert.deepEqual(waiting(kept).slice(0, 3), [0, 3.5, 1.5]);
    assert.deepEqual(waiting(kept), waiting(now));
  });

  it("has what lines have taken that run still, and does not end them", () => {
    const { module, memory, keeper, read, runtime } = createKept();
    const outer = module({ name: "outer" }).enter(0);
    outer.line(2);
    memory.add(7);
    const inner = module({ name: "inner" }, [[0, FUNCTION_OUTER]], "b.js").enter(0);
    inner.line(2);
    keeper.finish();
    const kept = read();
    assert.deepEqual(describeRows(profileOfKept(kept, []), 0), ["1 50/50/1", "2 57/7/1"]);
    assert.deepEqual(
      kept.open.map(({ name, line }) => `${name}:${line}`),
      ["outer:2", "inner:2"],
    );
    inner.exit();
    outer.exit();
    assert.deepEqual(describeRows(runtime.getProfile(), 0), ["1 50/50/1", "2 57/7/1"]);
  });

  it("is written by the first probes, and is nobody else's", () => {
    const { module, read, path } = createKept();
    const activation = module({}).enter(0);
    activation.line(2);
    activation.exit();
    assert.equal(read().figures.length, 1);
    assert.equal(statSync(path).mode & 0o777, 0o600);
  });

  it("does not grow with readings", () => {
    const { module, path } = createKept();
    const handle = module({});
    const size = () => {
      for (let i = 0; i < 20_000; i++) {
        const activation = handle.enter(0);
        activation.line(2);
        activation.exit();
      }
      return statSync(path).size;
    };
    assert.equal(size(), size());
  });

  it("finds room for more figures than there was", () => {
    const { module, keeper, read } = createKept();
    const lines = Array.from({ length: 3000 }, (_, i) => `line ${i}`);
    for (let i = 0; i < 20; i++)
      module({ name: `f${i}`, lines })
        .enter(0)
        .exit();
    keeper.finish();
    assert.equal(read().figures.length, 20);
  });

  it("that cannot be written is given up with one line, and the program goes on", () => {
    const { module, warned, runtime } = createKept();
    module({});
    Object.defineProperty(runtime.records[0], "ledger", {
      get() {
        throw Object.assign(new Error("ENOSPC: no space left"), { code: "ENOSPC" });
      },
    });
    module({ name: "g" }).enter(0).exit();
    assert.equal(warned.length, 1);
    assert.match(warned[0]!, /figures are no longer kept in .*ENOSPC.*MPROF_KEEP/s);
  });
});

describe("a damaged kept file", () => {
  const { bytes, rows } = written();
  /** The same numbers, or a note. */
  const check = (damaged: Buffer) => {
    const read = readKept(damaged);
    if (typeof read === "string") return void assert.match(read, /\w/);
    const profile = profileOfKept(read, []);
    if (read.problems.length > 0) return;
    assert.deepEqual(profile.listings.length === 2 ? describeRows(profile, 1) : profile.listings, rows);
  };

  it("is read as far as it goes when it was cut off anywhere", () => {
    for (let length = 0; length < bytes.length; length += length < 1500 ? 1 : 97) {
      const read = readKept(bytes.subarray(0, length));
      if (typeof read !== "string" && read.figures.length === 2) check(bytes.subarray(0, length));
    }
  });

  it("gives no wrong number without a note, in 10,000 cases", () => {
    let random = 1;
    const next = (below: number) => {
      random = (Math.imul(random, 1103515245) + 12345) >>> 0;
      return Math.floor((random / 2 ** 32) * below);
    };
    const used = bytes.findLastIndex((byte) => byte !== 0);
    for (let i = 0; i < 10_000; i++) {
      const damaged = Buffer.from(bytes);
      for (let n = 0; n <= next(4); n++) damaged[next(used)]! ^= 1 + next(255);
      const read = readKept(damaged);
      if (typeof read === "string" || read.problems.length > 0) continue;
      const profile = profileOfKept(read, []);
      // The newest slot is damaged: then it is the one before, or none is there.
      for (const { rows: all } of profile.listings) for (const row of all) assert.ok(row.line > 0);
      if (read.hasEnded && profile.listings.length === 2) assert.deepEqual(describeRows(profile, 1), rows);
    }
  });
});
