import assert from "node:assert/strict";
import { HEAP_USED, HeapGauge } from "../../runtime/full/heap-gauge.ts";

describe("what the heap gauge takes a reading to make", () => {
  /** One that makes `cost()` bytes at each reading, and no null probes. */
  function gaugeOf(cost: () => number) {
    let used = 5e6;
    const gauge = new HeapGauge(() => {
      used += cost();
      return { used_heap_size: used, total_heap_size: 1e7, external_memory: 0 };
    });
    const now = new Float64Array(1);
    const read = () => {
      gauge.sample(HEAP_USED, false, now);
      return now[0]!;
    };
    return { gauge, read };
  }

  it("is learned from pairs of readings, in both directions, and one that is off counts for nothing", () => {
    let cost = 600;
    const { gauge, read } = gaugeOf(() => cost);
    const learn = () => {
      const first = read();
      gauge.learnReading(read() - first);
    };
    const unknown = () => {
      const first = read();
      return read() - first;
    };
    assert.equal(unknown(), 600);
    for (let i = 0; i < 3; i++) learn();
    assert.equal(unknown(), 0);
    // V8 has optimised it.
    cost = 0;
    assert.equal(unknown(), -600);
    for (let i = 0; i < 3; i++) learn();
    assert.equal(unknown(), 0);
    gauge.learnReading(4000);
    assert.equal(unknown(), 0);
  });
});
