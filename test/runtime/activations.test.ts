import assert from "node:assert/strict";
import { FOR_CONSUMER, FOR_PROMISE, FUNCTION_OUTER, FUNCTION_SUSPENDS } from "../../contract/module-table.ts";
import { createTestRuntime } from "./test-runtime.ts";

const OUTER_ASYNC = FUNCTION_OUTER | FUNCTION_SUSPENDS;

describe("activations", () => {
  it("charge each line with what changed until the next, and put the first entry on the baseline row", () => {
    const { memory, module, rows } = createTestRuntime();
    const m = module({});
    for (let call = 0; call < 2; call++) {
      const a = m.enter(0);
      a.line(2);
      memory.add(1);
      a.line(3);
      a.exit();
    }
    assert.deepEqual(rows(), ["1 51/50/2", "2 52/2/2", "3 52/0/2"]);
  });

  it("take one reading on entry, one a line after the first, and one on exit", () => {
    const { memory, module } = createTestRuntime();
    const m = module({});
    const a = m.enter(0);
    a.line(2);
    a.line(3);
    a.exit();
    assert.equal(memory.reads, 3);
    m.enter(0).exit();
    assert.equal(memory.reads, 4, "a call without a line takes its entry reading only");
  });

  it("compare with the latest reading, not with a maximum (golden 05)", () => {
    const { memory, module, rows } = createTestRuntime();
    const a = module({}).enter(0);
    a.line(4);
    memory.set(100);
    a.line(5);
    for (let i = 0; i < 3; i++) {
      a.line(6);
      memory.set(60);
      a.line(7);
      memory.set(80);
      a.line(5);
    }
    a.line(8);
    a.exit();
    assert.deepEqual(rows(), ["1 50/50/1", "4 100/50/1", "5 100/0/4", "6 60/-80/3", "7 80/60/3", "8 80/0/1"]);
  });

  it("of a recursion pause the caller's line (golden 10)", () => {
    const { memory, module, rows } = createTestRuntime();
    const m = module({ first: 2, lines: Array.from({ length: 7 }, () => "") });
    const recurse = (n: number) => {
      const a = m.enter(0);
      a.line(4);
      memory.add(10);
      a.line(5);
      if (n) {
        a.line(6);
        recurse(n - 1);
      }
      a.line(7);
      memory.add(-10);
      a.line(8);
      a.exit();
    };
    recurse(2);
    assert.deepEqual(rows(), ["2 70/50/3", "4 80/30/3", "5 80/0/3", "6 70/0/2", "7 70/-30/3", "8 70/0/3"]);
  });

  it("charge a statement on the first row to the baseline row as well", () => {
    const { memory, module, rows } = createTestRuntime();
    const a = module({}).enter(0);
    a.line(1);
    memory.add(7);
    a.exit();
    assert.deepEqual(rows(), ["1 57/57/2"]);
  });

  it("of inner functions are charged and leave the baseline alone (golden 12)", () => {
    const { memory, module, rows } = createTestRuntime();
    const m = module({}, [
      [0, FUNCTION_OUTER],
      [0, 0],
    ]);
    const outer = m.enter(0);
    for (const [line, mib] of [
      [7, 10],
      [8, 20],
    ] as const) {
      outer.line(line);
      const inner = m.enter(1);
      inner.line(5);
      memory.add(mib);
      inner.line(6);
      inner.exit();
    }
    outer.exit();
    assert.deepEqual(rows(), ["1 50/50/1", "5 80/30/2", "6 80/0/2", "7 60/0/1", "8 80/0/1"]);
  });

  it("of another listing are charged to the line that called, too", () => {
    const { memory, module, rows } = createTestRuntime();
    const outer = module({ name: "outer" }, undefined, "outer.js").enter(0);
    const inner = module({ name: "inner" }, undefined, "inner.js");
    outer.line(2);
    memory.add(5);
    outer.line(3);
    const a = inner.enter(0);
    a.line(2);
    memory.add(20);
    a.exit();
    outer.exit();
    assert.deepEqual(rows(0), ["1 50/50/1", "2 55/5/1", "3 75/20/1"]);
    assert.deepEqual(rows(1), ["1 55/55/1", "2 75/20/1"]);
  });

  it("go back to a line without counting it, and hand values through", () => {
    const { memory, module, rows } = createTestRuntime();
    const a = module({}).enter(0);
    const value = { a: 1 };
    a.line(2);
    a.line(3);
    memory.add(1);
    assert.equal(a.back(2, value), value);
    memory.add(2);
    assert.equal(a.at(4, value), value);
    memory.add(4);
    a.exit();
    assert.deepEqual(rows(), ["1 50/50/1", "2 53/2/1", "3 51/1/1", "4 57/4/1"]);
  });

  it("charge nobody while a generator is suspended (golden 18)", () => {
    const { memory, module, rows } = createTestRuntime();
    const a = module({}, [[0, OUTER_ASYNC]]).enter(0);
    a.line(4);
    memory.add(10);
    a.line(5);
    assert.equal(a.suspend(1), 1);
    memory.add(1);
    assert.equal(a.resume("sent"), "sent");
    a.line(6);
    memory.add(20);
    a.line(7);
    a.suspend();
    memory.add(1);
    a.resume();
    a.exit();
    assert.deepEqual(rows(), ["1 50/50/1", "4 60/10/1", "5 61/0/1", "6 81/20/1", "7 82/0/1"]);
  });

  it("resume by themselves at the next line, with one reading", () => {
    const { memory, module, rows } = createTestRuntime();
    const a = module({}, [[0, OUTER_ASYNC]]).enter(0);
    a.line(2);
    a.suspend();
    a.suspend();
    memory.add(30);
    const before = memory.reads;
    a.line(3);
    assert.equal(memory.reads, before + 1);
    memory.add(1);
    a.exit();
    assert.deepEqual(rows(), ["1 50/50/1", "2 80/0/1", "3 81/1/1"]);
  });

  it("take one reading when a call ends that waits, and none when one ends that has yielded", () => {
    const { memory, module } = createTestRuntime();
    const m = module({}, [[0, OUTER_ASYNC]]);
    for (const [why, readings] of [
      [FOR_PROMISE, 1],
      [FOR_CONSUMER, 0],
    ] as const) {
      const a = m.enter(0);
      a.line(2);
      a.suspend(undefined, why);
      const before = memory.reads;
      a.exit();
      assert.equal(memory.reads, before + readings);
    }
  });

  it("of concurrent calls keep their own places (golden 21)", () => {
    const { memory, module, rows } = createTestRuntime();
    const m = module({}, [[0, OUTER_ASYNC]]);
    const [one, two] = [1, 2].map((mib) => {
      const a = m.enter(0);
      a.line(5);
      memory.add(mib);
      a.line(6);
      a.suspend();
      return a;
    });
    for (const [a, mib] of [
      [one!, 1],
      [two!, 2],
    ] as const) {
      a.line(7);
      memory.add(-mib);
      a.line(8);
      a.exit();
    }
    assert.deepEqual(rows(), ["1 51/50/2", "5 53/3/2", "6 53/0/2", "7 52/-3/2", "8 52/0/2"]);
  });

  it("left on the stack by a throw are dropped when a caller exits", () => {
    const { memory, module, rows } = createTestRuntime();
    const m = module({}, [
      [0, FUNCTION_OUTER],
      [0, 0],
    ]);
    const outer = m.enter(0);
    outer.line(2);
    const lost = m.enter(1);
    lost.line(3);
    memory.add(4);
    outer.exit();
    memory.add(100);
    const again = m.enter(0);
    again.line(2);
    again.exit();
    assert.deepEqual(rows(), ["1 154/50/2", "2 154/0/2", "3 54/4/1"]);
  });

  it("suspend when what onLeave returned is disposed of", () => {
    const { memory, module, rows } = createTestRuntime();
    const a = module({}, [[0, OUTER_ASYNC]]).enter(0);
    a.line(2);
    const leave = a.onLeave() as unknown as Record<symbol, () => void>;
    leave[Symbol.dispose ?? Symbol.for("Symbol.dispose")]!();
    memory.add(9);
    a.exit();
    assert.deepEqual(rows(), ["1 50/50/1", "2 59/0/1"]);
  });

  it("are reported with what they had when a call never ends", () => {
    const { memory, module, rows } = createTestRuntime();
    const a = module({}).enter(0);
    a.line(2);
    memory.add(3);
    assert.deepEqual(rows(), ["1 50/50/1", "2 53/3/1"]);
    memory.add(3);
    assert.deepEqual(rows(), ["1 50/50/1", "2 56/6/1"]);
  });

  it("of functions that cannot suspend are used again", () => {
    const m = createTestRuntime().module({}, [
      [0, FUNCTION_OUTER],
      [0, FUNCTION_SUSPENDS],
    ]);
    const first = m.enter(0);
    first.exit();
    assert.equal(m.enter(0), first);
    assert.notEqual(m.enter(1), m.enter(1));
  });

  it("that are abandoned can be collected", async () => {
    const { COLLECTOR } = await import("../../runtime/node/collect.ts");
    const m = createTestRuntime().module({}, [[0, OUTER_ASYNC]]);
    const refs = Array.from({ length: 5 }, () => {
      const a = m.enter(0);
      a.line(2);
      a.suspend();
      return new WeakRef(a);
    });
    await new Promise((resolve) => setTimeout(resolve, 0));
    COLLECTOR.full();
    assert.ok(refs.every((ref) => ref.deref() === undefined));
  });

  it("do nothing when profiling is switched off at run time", () => {
    const { memory, module, runtime } = createTestRuntime({ isEnabled: false });
    const a = module({}).enter(0);
    a.line(2);
    assert.equal(a.suspend(a.resume(a.at(3, a.back(4, 5)))), 5);
    a.exit();
    assert.equal(memory.reads, 0);
    assert.deepEqual(runtime.getProfile().listings, []);
  });

  it("start anew after a reset, running calls included", () => {
    const { memory, module, rows, runtime } = createTestRuntime();
    const a = module({}).enter(0);
    a.line(2);
    memory.add(3);
    runtime.reset();
    memory.add(2);
    a.line(3);
    a.exit();
    assert.deepEqual(rows(), ["2 55/2/0", "3 55/0/1"]);
  });
});
