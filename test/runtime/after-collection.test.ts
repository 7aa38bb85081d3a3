/** Readings behind collections, of a heap that is made up. */
import assert from "node:assert/strict";
import { plainReader } from "../../runtime/core/sources.ts";
import { afterCollection } from "../../runtime/full/after-collection.ts";
import { HEAP, HeapGauge } from "../../runtime/full/heap-gauge.ts";

const KEPT = 4_000_000;
/** What `JSON.parse` leaves: the collection that takes its object spares it. */
const LEFT = 80;

describe("a reading of what is kept", () => {
  it("has nothing of garbage that only a second collection takes, however small", () => {
    let fresh = 0;
    let spared = 0;
    let collections = 0;
    const gauge = new HeapGauge(() => ({
      used_heap_size: KEPT + fresh + spared,
      total_heap_size: 2 * KEPT,
      external_memory: 0,
    }));
    const full = () => {
      collections++;
      spared = fresh;
      fresh = 0;
    };
    const now = new Float64Array(1);
    const reader = plainReader("heap", () => {
      gauge.sample(HEAP, false, now);
      return now[0]!;
    });
    const kept = afterCollection(reader, { settle() {}, full, young() {} }, gauge);
    kept.settle?.();
    kept.read();
    for (let call = 0; call < 10; call++) {
      fresh = LEFT;
      kept.read();
      assert.equal(kept.now[0], KEPT, `call ${call}`);
      const before = collections;
      kept.read();
      assert.equal(kept.now[0], KEPT, `line of call ${call}`);
      assert.equal(collections - before, 1, "a line that keeps nothing takes one collection");
    }
  });

  it("does not take an area that V8 has just opened for what the profiler keeps", () => {
    const AREA = 80_000;
    const OURS = 3000;
    let ours = 0;
    let looks = 0;
    let isOpening = false;
    const gauge = new HeapGauge(() => {
      const area = isOpening && looks++ > 0 ? AREA : 0;
      return { used_heap_size: KEPT + ours + area, total_heap_size: 2 * KEPT, external_memory: 0 };
    });
    const full = () => {
      looks = 0;
    };
    const now = new Float64Array(1);
    const reader = plainReader("heap", () => {
      gauge.sample(HEAP, false, now);
      return now[0]!;
    });
    const kept = afterCollection(reader, { settle() {}, full, young() {} }, gauge);
    kept.settle?.();
    kept.read();
    isOpening = true;
    gauge.exclude(() => {
      ours = OURS;
      isOpening = false;
    });
    kept.read();
    assert.equal(kept.now[0], KEPT);
  });
});
