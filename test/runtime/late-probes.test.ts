/** Probes that run after their call has ended: another compiler moved them into an effect, a getter, a thunk. */
import assert from "node:assert/strict";
import { type Activation, FUNCTION_OUTER, FUNCTION_SUSPENDS } from "../../contract/module-table.ts";
import { createTestRuntime } from "./test-runtime.ts";

const PROBES: Record<string, (a: Activation, value: object) => unknown> = {
  line: (a, value) => {
    a.line(3);
    return value;
  },
  back: (a, value) => a.back(3, value),
  at: (a, value) => a.at(3, value),
  resume: (a, value) => a.resume(value),
  suspend: (a, value) => a.suspend(value),
  onLeave: (a, value) => {
    (a.onLeave() as unknown as Record<symbol, () => void>)[Symbol.dispose ?? Symbol.for("Symbol.dispose")]!();
    return value;
  },
};

/** By which a call of function k comes to its end; functions: 0 plain, 1 suspends, 2 plain and inner. */
const ENDS: Record<string, (enter: (k: number) => Activation) => Activation> = {
  "of a plain function": (enter) => {
    const a = enter(0);
    a.line(2);
    a.exit();
    return a;
  },
  "of an async function": (enter) => {
    const a = enter(1);
    a.line(2);
    a.suspend();
    a.line(2);
    a.exit();
    return a;
  },
  "of a generator that was returned from while it waited": (enter) => {
    const a = enter(1);
    a.line(2);
    a.suspend();
    a.exit();
    return a;
  },
  "of a recursion's inner call, while the outer one runs": (enter) => {
    enter(0).line(2);
    const inner = enter(0);
    inner.line(2);
    inner.exit();
    return inner;
  },
  "of an activation that was left when its caller ended": (enter) => {
    const caller = enter(0);
    caller.line(2);
    const left = enter(2);
    left.line(2);
    caller.exit();
    return left;
  },
};

describe("a probe after the end", () => {
  for (const [says, end] of Object.entries(ENDS)) {
    for (const [name, probe] of Object.entries(PROBES)) {
      it(`${says} does nothing, takes no reading and hands its value through: ${name}`, () => {
        const { memory, module, rows } = createTestRuntime();
        const m = module({}, [
          [0, FUNCTION_OUTER],
          [0, FUNCTION_OUTER | FUNCTION_SUSPENDS],
          [0, 0],
        ]);
        const a = end((k) => m.enter(k));
        const before = rows();
        const reads = memory.reads;
        const value = {};
        assert.equal(probe(a, value), value);
        assert.equal(memory.reads, reads);
        assert.deepEqual(rows(), before);
        // Nothing was opened either: what grows now is nobody's, or that of what runs.
        const isRunning = says.includes("runs");
        memory.add(500);
        probe(a, value);
        if (isRunning) assert.match(rows()[1]!, /^2 550\/500\//);
        else assert.deepEqual(rows(), before);
      });
    }
  }

  it("leaves a row at what it took, however much grows elsewhere (Solid's effects)", () => {
    const { memory, module, rows } = createTestRuntime();
    const m = module({});
    const thunks: (() => void)[] = [];
    for (let call = 0; call < 2; call++) {
      const a = m.enter(0);
      const thunk = () => {
        a.line(5);
        memory.add(1);
      };
      a.line(2);
      thunk();
      thunks.push(thunk);
      a.exit();
    }
    for (const thunk of thunks) {
      memory.add(400);
      thunk();
    }
    assert.deepEqual(rows(), ["1 51/50/2", "2 51/0/2", "5 52/2/2"]);
  });

  it("of what is only suspended is where it goes on", () => {
    const { memory, module, rows } = createTestRuntime();
    const a = module({}, [[0, FUNCTION_OUTER | FUNCTION_SUSPENDS]]).enter(0);
    a.line(2);
    a.suspend();
    memory.add(100);
    a.line(3);
    memory.add(1);
    a.exit();
    assert.deepEqual(rows(), ["1 50/50/1", "2 150/0/1", "3 151/1/1"]);
  });

  it("of a caller, moved into what it calls, lets the callee go on", () => {
    const { memory, module, rows } = createTestRuntime();
    const m = module({}, [
      [0, FUNCTION_OUTER],
      [0, 0],
    ]);
    const caller = m.enter(0);
    caller.line(2);
    const callee = m.enter(1);
    callee.line(5);
    caller.line(3);
    memory.add(1);
    callee.line(6);
    memory.add(2);
    callee.exit();
    memory.add(4);
    caller.exit();
    assert.deepEqual(rows(), ["1 50/50/1", "2 50/0/1", "3 57/5/1", "5 50/0/1", "6 53/2/1"]);
  });
});
