import assert from "node:assert/strict";
import { SLOT_BOUNDED, SLOT_QUIET, SLOT_STORES, SLOT_UNBOUNDED } from "../../contract/module-table.ts";
import { newGroup } from "../../runtime/auto/expected.ts";
import { HotLine } from "../../runtime/auto/hot-line.ts";
import { Slots } from "../../runtime/auto/slots.ts";
import { notFound } from "../../runtime/auto/stretches.ts";

const TABLE = { kinds: SLOT_UNBOUNDED, lines: [], starts: [], calls: [7] };

function lineOf(kind: string, samples: readonly number[]): HotLine {
  const line = new HotLine(
    new Slots(TABLE, 7, () => true),
    7,
    1,
    "a.js:1",
    newGroup({ calls: () => Number.NaN, others: () => 0, found: notFound() }),
    kind,
  );
  for (const bytes of samples) line.sampled(bytes, false);
  return line;
}

const usual = (count: number) => new Array<number>(count).fill(64);

describe("what the samples of a hot line say", () => {
  it("is nothing before there are three of them", () => {
    assert.equal(lineOf(SLOT_UNBOUNDED, [9000, 64]).rate, 0);
    assert.equal(lineOf(SLOT_UNBOUNDED, [9000, 64, 64]).rate, 64);
  });

  it("is by the lower quarter of them, as long as they are few, and then their median", () => {
    assert.equal(lineOf(SLOT_UNBOUNDED, [14_064, 3032, 2672, 64, 64]).rate, 64);
    assert.equal(lineOf(SLOT_UNBOUNDED, [...usual(7), ...new Array<number>(9).fill(128)]).rate, 128);
  });

  it("holds for what ran in windows before there were any", () => {
    const line = lineOf(SLOT_UNBOUNDED, []);
    line.give(0, 1000);
    assert.equal(line.allocated, 0);
    for (const bytes of usual(3)) line.sampled(bytes, false);
    assert.equal(line.allocated, 64 * 1000);
    for (const bytes of usual(13)) line.sampled(bytes, false);
    line.give(64, 1);
    for (let i = 0; i < 100; i++) line.sampled(128, false);
    assert.equal(line.allocated, 64 * 1001);
  });

  it("is no more early where a line that makes nothing as a rule had something in a few: V8 made that of code of ours", () => {
    const ours = [1928, 0, 0, 0, 0, 0, 688, 0, 752, 64, 0, 0, 0, 0, 0, 0];
    assert.equal(lineOf(SLOT_QUIET, ours).earlyRate, 0);
    assert.ok(lineOf(SLOT_UNBOUNDED, ours).earlyRate > 0);
  });

  it("is calm where the last sixteen said nothing, and then no more of what it made early", () => {
    const numbers = lineOf(SLOT_UNBOUNDED, [...new Array<number>(16).fill(16), ...new Array<number>(15).fill(0)]);
    assert.deepEqual([numbers.isCalm, numbers.seemsCalm], [false, false]);
    numbers.sampled(0, false);
    assert.deepEqual([numbers.isCalm, numbers.earlyRate < 16], [true, true]);
    numbers.sampled(16, false);
    assert.equal(numbers.isCalm, false);
  });

  it("is not calm where it made objects early: V8 may count them later in larger steps", () => {
    const objects = lineOf(SLOT_UNBOUNDED, [...usual(16), ...new Array<number>(60).fill(0)]);
    assert.deepEqual([objects.isCalm, objects.earlyRate >= 16], [false, true]);
  });

  it("seems calm as long as nothing was said", () => {
    assert.equal(lineOf(SLOT_UNBOUNDED, [0, 0]).seemsCalm, true);
    assert.equal(lineOf(SLOT_UNBOUNDED, [0, 64]).seemsCalm, false);
  });

  it("has nothing that is rare beside the literals of a line; in buffers of many, if V8 makes old objects of them", () => {
    const rare = [...usual(40), ...new Array<number>(5).fill(9320)];
    assert.ok(lineOf(SLOT_UNBOUNDED, rare).mostRate > 64);
    assert.equal(lineOf(SLOT_BOUNDED, rare).mostRate, 64);
    const old = [...new Array<number>(40).fill(0), ...new Array<number>(5).fill(2 ** 18)];
    assert.ok(lineOf(SLOT_BOUNDED, old).mostRate > 1000);
  });

  it("is not changed by one that says far more", () => {
    const line = lineOf(SLOT_UNBOUNDED, [...usual(40), 9320, ...usual(10)]);
    assert.equal(line.rate, 64);
    assert.equal(line.earlyRate, 64);
    assert.equal(line.mostRate, 64);
  });

  it("may be as much more as several of them say", () => {
    const often = Array.from({ length: 256 }, (_, i) => (i % 16 === 15 ? 3200 : 64));
    const line = lineOf(SLOT_UNBOUNDED, often);
    assert.equal(line.rate, 64);
    assert.ok(Math.abs(line.mostRate - (64 + 3200 / 16)) < 50, `${line.mostRate}`);
  });

  it("may be more after one of them, if the line fills a store", () => {
    assert.ok(lineOf(SLOT_STORES, [...usual(40), 9320]).mostRate > 64);
  });

  it("is as much of a line that makes 100 kB each time", () => {
    const line = lineOf(SLOT_UNBOUNDED, new Array<number>(80).fill(100_000));
    assert.deepEqual([line.rate, line.earlyRate, line.mostRate], [100_000, 100_000, 100_000]);
  });

  it("follows the samples when they change", () => {
    const rate = lineOf(SLOT_UNBOUNDED, [...usual(64), ...new Array<number>(128).fill(160)]).rate;
    assert.ok(Math.abs(rate - 160) < 1, `${rate}`);
  });

  it("is at once what several in a row say that are far less, as when V8 has optimised the code", () => {
    const none = (count: number) => new Array<number>(count).fill(0);
    assert.ok(lineOf(SLOT_UNBOUNDED, [...usual(40), ...none(5)]).rate > 40);
    assert.equal(lineOf(SLOT_UNBOUNDED, [...usual(40), ...none(6)]).rate, 0);
    assert.equal(lineOf(SLOT_UNBOUNDED, [...usual(16), ...none(6)]).rate, 0);
  });

  it("is not, where there were such samples among the others", () => {
    const mixed = Array.from({ length: 64 }, (_, i) => (i % 3 === 2 ? 0 : 64));
    const { rate } = lineOf(SLOT_UNBOUNDED, [...mixed, 0, 0, 0, 0, 0, 0]);
    assert.ok(rate > 20, `${rate}`);
  });

  it("is apart from what is charged at once", () => {
    const line = lineOf(SLOT_UNBOUNDED, usual(10));
    assert.equal(line.sampled(600 * 1024, false), true);
    assert.equal(line.rate, 64);
    assert.equal(line.allocated, 600 * 1024);
  });
});
