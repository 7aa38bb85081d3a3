import assert from "node:assert/strict";
import { findGrowth } from "../../runtime/survivors/find-growth.ts";
import type { Point } from "../../runtime/survivors/row-samples.ts";

const HOUR = 3_600_000;
const COLLECTIONS = 12;

/** A row that makes 100 objects a second, of which so many are alive after each second. */
function history(alive: (second: number) => number): Point[] {
  return Array.from({ length: COLLECTIONS + 1 }, (_, second) => ({
    at: second * 1000,
    work: second * 100,
    made: second * 100,
    alive: alive(second),
  }));
}

/** One sample for ten objects, born between two seconds. */
function births(from: number, to: number, count: number): number[] {
  return Array.from({ length: count / 10 }, (_, i) => 1000 * (from + ((to - from) * (i + 0.5) * 10) / count));
}

const growth = (points: Point[], born: number[]) => findGrowth(points, born, 10);

describe("growth that is a leak", () => {
  it("is steady, with objects of all ages", () => {
    const found = growth(
      history((second) => 50 * second),
      births(0, 12, 600),
    );
    assert.equal(Math.round(found!.perHour), (50 * HOUR) / 1000);
  });

  it("may get faster", () => {
    assert.ok(
      growth(
        history((second) => second ** 2 * 4),
        births(0, 12, 570),
      ),
    );
  });

  it("takes three collections", () => {
    const points = history((second) => 50 * second);
    assert.equal(growth(points.slice(0, 3), births(0, 2, 100)), undefined);
    assert.ok(growth(points.slice(0, 4), births(0, 3, 150)));
  });

  const others: [what: string, alive: (second: number) => number, born: number[]][] = [
    ["levels off, as a bounded cache does", (second) => Math.min(400, 100 * second), births(8, 12, 400)],
    ["slows down, as a table that fills", (second) => 600 * (1 - 0.7 ** second), births(0, 12, 590)],
    ["was at the beginning, as warm-up is", (second) => Math.min(200, 100 * second), births(0, 2, 200)],
    ["falls back, as a burst does", (second) => (second < 8 ? 100 * second : 0), births(11, 12, 100)],
    ["is released again and again", (second) => 100 * (second % 5), births(10, 12, 200)],
    ["has young objects alone, as more requests at a time", (second) => 8 * second, births(11, 12, 100)],
    ["is of a few objects", (second) => second, births(0, 12, 10)],
  ];
  for (const [what, alive, born] of others)
    it(`is none where it ${what}`, () => assert.equal(growth(history(alive), born), undefined));
});
