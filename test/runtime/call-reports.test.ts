import assert from "node:assert/strict";
import { type Activation, FOR_CONSUMER, FUNCTION_OUTER, FUNCTION_SUSPENDS } from "../../contract/module-table.ts";
import { createTestRuntime } from "./test-runtime.ts";

/** `line Mem/Increment/Occurrences` of a printed table, precision 0 to 3. */
function read(text: string): string[] {
  return text
    .split("\n")
    .map((row) => /^ +(\d+) +(-?[\d.]+) MiB +(-?[\d.]+) MiB +(\d+)/.exec(row))
    .filter((match) => match !== null)
    .map(([, line, usage, increment, count]) => `${line} ${Number(usage)}/${Number(increment)}/${count}`);
}

describe("reports per call", () => {
  it("hold no more than 10,000 calls apart that were left, and lose nothing of them", () => {
    let sheets = 0;
    const allocate = (length: number) => {
      sheets++;
      return new Float64Array(length);
    };
    const { memory, module, printed, rows } = createTestRuntime({ allocate });
    const m = module({ options: { report: "call" } }, [[0, FUNCTION_OUTER | FUNCTION_SUSPENDS]]);
    const left: Activation[] = [];
    const outer = m.enter(0);
    outer.line(2);
    for (let i = 0; i < 30_000; i++) {
      const call = m.enter(0);
      call.line(3);
      memory.add(1);
      call.suspend(undefined, FOR_CONSUMER);
      if (i === 0) left.push(call);
    }
    assert.ok(sheets < 10_010, `${sheets} sheets`);
    // The first is no longer apart: it goes on in the call that runs, and has no report of its own.
    left[0]!.line(4);
    memory.add(5);
    left[0]!.exit();
    assert.equal(printed.length, 0);
    outer.exit();
    assert.equal(printed.length, 1, "what runs keeps its own");
    assert.deepEqual(rows().slice(1), ["2 30055/0/1", "3 30050/30000/30000", "4 30055/5/1"]);
  });

  it("come innermost first, with everything that ran within (golden 11)", () => {
    const { memory, module, printed, runtime, rows } = createTestRuntime();
    const m = module({ first: 2, lines: Array.from({ length: 7 }, () => ""), options: { report: "call" } });
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
    assert.deepEqual(printed.map(read), [
      ["2 70/70/1", "4 80/10/1", "5 80/0/1", "7 70/-10/1", "8 70/0/1"],
      ["2 70/60/2", "4 80/20/2", "5 80/0/2", "6 70/0/1", "7 70/-20/2", "8 70/0/2"],
      ["2 70/50/3", "4 80/30/3", "5 80/0/3", "6 70/0/2", "7 70/-30/3", "8 70/0/3"],
    ]);
    assert.deepEqual(rows(), read(printed[2]!), "totals stay complete");
    assert.deepEqual(runtime.finalReports(), [], "nothing is left for the end");
  });

  it("of concurrent calls hold their own figures only (golden 21)", () => {
    const { memory, module, printed, rows } = createTestRuntime();
    const m = module({ options: { report: "call" } }, [[0, FUNCTION_OUTER | FUNCTION_SUSPENDS]]);
    const begin = (mib: number): Activation => {
      const a = m.enter(0);
      a.line(5);
      memory.add(mib);
      a.line(6);
      a.suspend();
      return a;
    };
    const finish = (a: Activation, mib: number) => {
      a.line(7);
      memory.add(-mib);
      a.line(8);
      a.exit();
    };
    const calls = [begin(1), begin(2)] as const;
    finish(calls[0], 1);
    finish(calls[1], 2);
    assert.deepEqual(printed.map(read), [
      ["1 50/50/1", "5 51/1/1", "6 53/0/1", "7 52/-1/1", "8 52/0/1"],
      ["1 51/51/1", "5 53/2/1", "6 53/0/1", "7 50/-2/1", "8 50/0/1"],
    ]);
    assert.deepEqual(rows(), ["1 51/50/2", "5 53/3/2", "6 53/0/2", "7 52/-3/2", "8 52/0/2"]);
  });

  it("leave late callbacks to a last one at the end", () => {
    const { memory, module, printed, runtime } = createTestRuntime();
    const m = module({ options: { report: "call" } }, [
      [0, FUNCTION_OUTER],
      [0, 0],
    ]);
    const outer = m.enter(0);
    outer.line(2);
    outer.exit();
    const late = m.enter(1);
    late.line(5);
    memory.add(4);
    late.exit();
    assert.deepEqual(printed.map(read), [["1 50/50/1", "2 50/0/1"]]);
    assert.deepEqual(
      runtime.finalReports().map(({ text }) => read(text)),
      [["5 54/4/1"]],
    );
  });

  it("count an inner function that waits to the call that began it while that runs", () => {
    const { memory, module, printed } = createTestRuntime();
    const m = module({ options: { report: "call" } }, [
      [0, FUNCTION_OUTER | FUNCTION_SUSPENDS],
      [0, FUNCTION_SUSPENDS],
    ]);
    const outer = m.enter(0);
    outer.line(2);
    const inner = m.enter(1);
    inner.line(3);
    inner.suspend();
    outer.suspend();
    inner.line(4);
    memory.add(8);
    inner.exit();
    outer.line(5);
    outer.exit();
    assert.deepEqual(printed.map(read), [["1 50/50/1", "2 58/0/1", "3 50/0/1", "4 58/8/1", "5 58/0/1"]]);
  });

  it("show at the end what calls that never ended had", () => {
    const { memory, module, printed, runtime } = createTestRuntime();
    const m = module({ options: { report: "call" } }, [[0, FUNCTION_OUTER | FUNCTION_SUSPENDS]]);
    const a = m.enter(0);
    a.line(2);
    memory.add(6);
    a.suspend();
    assert.deepEqual(printed, []);
    assert.deepEqual(
      runtime.finalReports().map(({ text }) => read(text)),
      [["1 50/50/1", "2 56/6/1"]],
    );
  });

  it("go to the stream of the function", () => {
    const { module, printed, runtime } = createTestRuntime();
    const written: string[] = [];
    runtime.configure({ functions: { f: { report: "call", stream: { write: (text) => written.push(text) } } } });
    module({}).enter(0).exit();
    assert.equal(printed.length, 0);
    assert.equal(written.length, 1);
  });

  it("never throw into the program when the stream does", () => {
    const { module, runtime, warned } = createTestRuntime();
    const stream = {
      write() {
        throw new Error("full");
      },
    };
    runtime.configure({ report: "call", stream });
    module({}).enter(0).exit();
    assert.match(warned.join(""), /MPROF_REPORT_WRITE/);
  });
});
