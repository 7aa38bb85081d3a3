/** A page says that its memory is not exact only where it is not. */
import assert from "node:assert/strict";
import { createPlatform } from "../../runtime/core/create-platform.ts";

/** What a page says of a heap with these readings, one after the other; the last goes on. */
function notesOf(readings: number[]): number {
  const left = [...readings];
  const memory = {
    get usedJSHeapSize() {
      return left.length > 1 ? left.shift()! : left[0]!;
    },
  };
  return createPlatform({ performance: { now: () => 0, memory } }, () => {}).notes.length;
}

describe("the note that memory is not exact", () => {
  it("is not for a heap that shows what is allocated", () => {
    assert.equal(notesOf([10_000, 11_100]), 0);
  });

  it("is not for one in which a collection falls between two readings, once or twice", () => {
    assert.equal(notesOf([9_000_000, 7_000_000, 7_000_000, 7_001_100]), 0);
    assert.equal(notesOf([9_000_000, 7_000_000, 7_000_000, 6_000_000, 6_000_000, 6_001_100]), 0);
  });

  it("is for one that stays, or moves by itself", () => {
    assert.equal(notesOf([10_000_000]), 1);
    assert.equal(notesOf([10_000_000, 10_000_000, 9_000_000]), 1);
  });

  it("is for a host without memory", () => {
    assert.equal(createPlatform({}, () => {}).notes.length, 1);
  });
});
