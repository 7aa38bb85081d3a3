import assert from "node:assert/strict";
import { LogLedger } from "../../runtime/node/attached/log-ledger.ts";

const HIT = 3000;
/** The place where calls end; those of lines go by these. */
const END = 99;

/** A heap that grows by what a hit takes, and by what the program makes. */
function open() {
  let bytes = 1_000_000;
  const ledger = new LogLedger(() => bytes, HIT);
  const lines = ["function f() {", "  a();", "  b();", "}"];
  const fn = ledger.add({ id: "1", file: "f.js", name: "f", first: 10, lines, statements: [] });
  return {
    ledger,
    hit(line: number, made: number, { isCall = false, isTold = true, hasSecond = false } = {}) {
      bytes += HIT + made;
      ledger.arrive(fn, line, isCall, { isTold, hasSecond });
    },
    end(made: number, { hasSecond = false } = {}) {
      bytes += HIT + made;
      ledger.leave({ isTold: true, hasSecond });
    },
    /** The second point of a line, with what a hit takes there. */
    again(line: number, own: number) {
      bytes += own;
      ledger.repeat(line, true);
    },
    collect(fallen: number) {
      bytes -= fallen;
    },
  };
}

describe("what log points tell", () => {
  it("is what came from a line to the next hit, without what the hit takes", () => {
    const { ledger, hit, end } = open();
    hit(11, 0, { isCall: true });
    hit(12, 5000);
    end(0);
    const { calls, rows } = ledger.figures(() => 1, 0.01).listings[0]!;
    assert.equal(calls, 1);
    assert.deepEqual(rows[1]!.data, {
      occurrences: 1,
      figures: { heap: { usage: 1_011_000, increment: 5000 } },
      estimated: { measured: 1, allocated: 5000 },
    });
    assert.equal(rows[3]!.data, undefined);
  });

  it("is scaled to the time that nobody looked", () => {
    const { ledger, hit, end } = open();
    for (let i = 0; i < 3; i++) {
      hit(11, 0, { isCall: true });
      hit(12, 2000);
      end(0);
    }
    const { listings, cost } = ledger.figures(() => 10, 0.02);
    assert.equal(listings[0]!.calls, 30);
    assert.equal(listings[0]!.rows[1]!.data!.figures.heap!.increment, 60_000);
    assert.deepEqual(cost, { executions: 60, measured: 6, overhead: 0.02 });
  });

  it("leaves out what a collection or the first hit of a place hides, and scales the rest", () => {
    const { ledger, hit, end, collect } = open();
    hit(11, 0, { isCall: true });
    hit(12, 90_000, { isTold: false });
    end(0);
    hit(11, 0, { isCall: true });
    collect(500_000);
    hit(12, 4000);
    end(0);
    hit(11, 0, { isCall: true });
    hit(12, 4000);
    end(0);
    const { data } = ledger.figures(() => 1, 0).listings[0]!.rows[1]!;
    assert.equal(data!.occurrences, 3);
    assert.equal(data!.estimated!.measured, 1);
    assert.equal(data!.figures.heap!.increment, 12_000);
  });

  it("takes off what a hit takes at its place, by the second point there", () => {
    const { ledger, hit, again, end } = open();
    const hasSecond = true;
    for (let i = 0; i < 3; i++) {
      hit(11, 0, { isCall: true, hasSecond });
      again(11, HIT);
      // The variables in scope make a hit dearer here.
      hit(12, 1000, { hasSecond });
      again(12, HIT + 1000);
      end(700, { hasSecond });
      again(END, HIT);
    }
    // A page comes within the second point: what came before it is told from it no more.
    hit(11, 0, { isCall: true, hasSecond });
    hit(12, 1000, { hasSecond });
    again(12, 260_000);
    const { rows } = ledger.figures(() => 1, 0).listings[0]!;
    assert.deepEqual(rows[1]!.data!.estimated, { measured: 3, allocated: 0 });
    assert.deepEqual(rows[2]!.data!.estimated, { measured: 3, allocated: 2800 });
  });

  it("leaves out the largest of many: V8 hands its heap out by the page", () => {
    const { ledger, hit, end } = open();
    for (let i = 0; i < 60; i++) {
      hit(11, 0, { isCall: true });
      hit(12, i === 30 ? 260_000 : 600);
      end(0);
    }
    assert.equal(ledger.figures(() => 1, 0).listings[0]!.rows[1]!.data!.figures.heap!.increment, 36_000);
  });

  it("charges nothing once the program rests", () => {
    const { ledger, hit, end } = open();
    hit(11, 0, { isCall: true });
    ledger.rest();
    hit(12, 100_000);
    end(0);
    assert.equal(ledger.figures(() => 1, 0).listings[0]!.rows[1]!.data!.figures.heap!.increment, 0);
  });
});
