import assert from "node:assert/strict";
import { SLOT_UNBOUNDED } from "../../contract/module-table.ts";
import { newGroup } from "../../runtime/auto/expected.ts";
import { HotLine } from "../../runtime/auto/hot-line.ts";
import { Pace } from "../../runtime/auto/pace.ts";
import { createCounters, Slots } from "../../runtime/auto/slots.ts";
import { lackOf, notFound } from "../../runtime/auto/stretches.ts";
import { Windows } from "../../runtime/auto/windows.ts";
import type { CollectionCount } from "../../runtime/core/state.ts";

const MB = 1e6;

/**
 * Two lines of a listing, of which the first makes 64 bytes an execution and the second 160; time stands still.
 *
 * @param taken by 1000 executions of each while they were read each time
 */
function twoLines({
  rare = 0,
  taken = [0, 0],
  count,
}: {
  rare?: number;
  taken?: number[];
  count?: CollectionCount;
} = {}) {
  const table = { kinds: SLOT_UNBOUNDED.repeat(2), lines: [], starts: [], calls: [0] };
  const slots = new Slots(table, 0, () => true);
  const arrive = (n: number) => slots.begin(n, 1000);
  const counters = createCounters(slots, { arrive, caught() {} });
  const group = newGroup({ calls: () => Number.NaN, others: () => 0, found: notFound() });
  const windows = new Windows(new Pace(() => 0, 0.05), count);
  const run = (times: number) => {
    for (let i = 0; i < times; i++) {
      counters.line(0);
      counters.line(1);
    }
  };
  run(1000);
  const lines = [64, 160].map((bytes, n) => {
    const line = new HotLine(slots, n, n + 1, `a.js:${n + 1}`, group, SLOT_UNBOUNDED, taken[n]);
    for (let i = 0; i < 64; i++) line.sampled(bytes, false);
    windows.lines.push(line);
    return line;
  });
  for (let i = 0; i < rare; i++) lines[0]!.sampled(3200, false);
  /** Each of them runs 10,000 times, and the heap has grown by `bytes` when that is looked at. */
  const window = (bytes: number) => {
    run(10_000);
    windows.look(bytes, 0, undefined, undefined);
    windows.close(0);
  };
  return { windows, run, window, allocated: () => lines.map(({ allocated }) => allocated / MB) };
}

function assertNear(found: readonly number[], expected: readonly number[]): void {
  for (const [i, each] of expected.entries()) assert.ok(Math.abs(found[i]! - each) <= 0.02 * each, `${found}`);
}

describe("what a listing lacks", () => {
  it("is nothing where other lines of it took more than its stretches grew by", () => {
    const found = Float64Array.of(1, 0, 0, -284_808);
    const lack = lackOf({ calls: () => 1, others: () => 0, found }, []);
    assert.equal(lack({ within: 0, usual: 0 } as HotLine), 0);
  });
});

describe("a window", () => {
  it("is shared out by what the samples say", () => {
    const { window, allocated } = twoLines();
    window(2.24 * MB);
    assertNear(allocated(), [0.64, 1.6]);
  });

  it("is never shared out as more than there was", () => {
    const { window, allocated } = twoLines();
    window(1.12 * MB);
    assertNear(allocated(), [0.32, 0.8]);
  });

  it("in which there was a collection has what was to be expected", () => {
    const { windows, run, window, allocated } = twoLines();
    window(2.24 * MB);
    run(10_000);
    windows.settle(-8 * MB);
    assertNear(allocated(), [1.28, 3.2]);
    assertNear([windows.grown / MB], [4.48]);
  });

  it("says that rare samples are nobody's where it has grown by what lines do mostly", () => {
    const { windows, run, window, allocated } = twoLines({ rare: 8 });
    for (let i = 0; i < 10; i++) window(2.24 * MB);
    run(10_000);
    windows.settle(-8 * MB);
    assertNear(allocated(), [11 * 0.64, 11 * 1.6]);
  });

  it("says that they are the line's where it has grown by as much more", () => {
    const { windows, run, window, allocated } = twoLines({ rare: 8 });
    // Eight samples of 72, as they are counted among 256.
    const more = 8 * 3200 * (10_000 / 72) * 0.99;
    for (let i = 0; i < 10; i++) window(2.24 * MB + more);
    run(10_000);
    windows.settle(-8 * MB);
    assert.ok(allocated()[0]! > 11 * 0.64 + 0.8 * 11 * (more / MB), `${allocated()}`);
    assertNear(allocated().slice(1), [11 * 1.6]);
  });

  /** V8's profiler of collections is played; `taken` is what it says of each check, `undefined` that there was none. */
  function checked(taken: readonly (number | undefined)[]) {
    let checks = 0;
    const count = { begin() {}, end: () => taken[checks++] };
    return { ...twoLines({ count }), checks: () => checks };
  }

  it("that is checked has what a collection took, too", () => {
    const { windows, run, allocated, checks } = checked([3 * MB]);
    run(10_000);
    windows.settle(-8 * MB);
    windows.look(0, 0, undefined, undefined);
    run(10_000);
    windows.settle(-0.76 * MB);
    assert.equal(checks(), 1);
    assertNear(allocated(), [2 * 0.64, 2 * 1.6]);
  });

  it("and with far less than samples say is believed", () => {
    const { windows, run, allocated } = checked([0.2 * MB]);
    run(10_000);
    windows.settle(-8 * MB);
    windows.look(0, 0, undefined, undefined);
    run(10_000);
    windows.close(0);
    assertNear(allocated(), [0.64 + (0.2 * 64) / 224, 1.6 + (0.2 * 160) / 224]);
  });

  for (const [what, taken, part] of [
    ["has what was to be expected, if the next one that is checked has", 2.24 * MB, 1],
    ["has nothing, if the next one that is checked has: V8 has optimised the code", 0, 0],
  ] as const)
    it(`with far less, which is not checked, ${what}`, () => {
      const { windows, run, allocated } = checked([taken]);
      run(10_000);
      windows.close(0);
      windows.look(0, 0, undefined, undefined);
      run(10_000);
      windows.close(0);
      assertNear(allocated(), [2 * part * 0.64, 2 * part * 1.6]);
    });

  it("that nothing is known of when a report is asked for has what was to be expected", () => {
    const { windows, run, allocated } = checked([undefined]);
    run(10_000);
    windows.flush(0);
    assertNear(allocated(), [0.64, 1.6]);
  });

  it("is believed, where it has far less than samples say", () => {
    const { windows, run, window, allocated } = twoLines();
    for (let i = 0; i < 10; i++) window(0.2 * MB);
    run(10_000);
    windows.settle(-8 * MB);
    assertNear(allocated(), [(11 * 0.2 * 64) / 224, (11 * 0.2 * 160) / 224]);
  });

  it("that has grown by far more than samples say keeps it apart where it may have been either line", () => {
    const { windows, window, allocated } = twoLines({ taken: [8 * MB, 0.1 * MB] });
    window(200 * MB);
    assertNear(allocated(), [0.64, 1.6]);
    assertNear([windows.ambiguous[0]!.bytes / MB], [200 - 2.24]);
  });

  it("gives it to the one that has always taken as much, whatever samples say", () => {
    const { windows, window, allocated } = twoLines({ taken: [8 * MB, 0.1 * MB] });
    for (let i = 0; i < 3; i++) window(80 * MB);
    assert.deepEqual(windows.ambiguous, []);
    assertNear(allocated(), [3 * (80 - 1.6), 3 * 1.6]);
  });

  it("gives it to neither where both have", () => {
    const { windows, window } = twoLines({ taken: [8 * MB, 1 * MB] });
    window(80 * MB);
    assertNear([windows.ambiguous[0]!.bytes / MB], [80 - 2.24]);
  });
});
