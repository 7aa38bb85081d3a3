/** Modules that are compiled anew while the program runs. */
import assert from "node:assert/strict";
import { FUNCTION_OUTER, type ListingTable, TABLE_VERSION } from "../../contract/module-table.ts";
import { createRuntime } from "../support/create-runtime.ts";
import { createTestRuntime, describeRows } from "./test-runtime.ts";

function setUp() {
  const { runtime, memory } = createTestRuntime();
  /** Loads `a.js` with these functions, each `[name, first line, text of line 2]`, and returns a call of one by name. */
  const load = (...functions: [name: string, first: number, text: string][]) => {
    const listings = functions.map(
      ([name, first, text]): ListingTable => ({ name, first, lines: [`function ${name}() {`, text, "}"] }),
    );
    const handle = runtime.table({
      version: TABLE_VERSION,
      hot: true,
      file: "a.js",
      listings,
      functions: listings.map((_, i) => [i, FUNCTION_OUTER]),
    });
    return (k: number, mib: number) => {
      const a = handle.enter(k);
      a.line(functions[k]![1] + 1);
      memory.add(mib);
      a.exit();
    };
  };
  const listings = () => runtime.getProfile().listings;
  const names = () =>
    listings().map(
      ({ name, first, rows, superseded }) => `${name}:${first} ${rows[1]!.text}${superseded ? " old" : ""}`,
    );
  return { runtime, load, names, rows: (i: number) => describeRows(runtime.getProfile(), i) };
}

describe("a module that is changed while the program runs", () => {
  it("keeps the figures of functions with the same text, on their new lines", () => {
    const { load, names, rows } = setUp();
    const call = load(["f", 1, "work();"]);
    call(0, 1);
    const moved = load(["f", 5, "work();"]);
    moved(0, 2);
    assert.deepEqual(names(), ["f:5 work();"]);
    assert.deepEqual(rows(0), ["5 51/50/2", "6 53/3/2"]);
    call(0, 4);
    assert.deepEqual(rows(0), ["5 53/50/3", "6 57/7/3"], "calls of the old module count, too");
  });

  it("starts a changed function anew, and keeps its old figures under its old text", () => {
    const { load, names, rows } = setUp();
    load(["f", 1, "work();"], ["g", 10, "work();"])(0, 1);
    const call = load(["f", 1, "play();"], ["g", 10, "work();"]);
    call(0, 2);
    call(1, 3);
    assert.deepEqual(names(), ["f:1 work(); old", "f:1 play();", "g:10 work();"]);
    assert.deepEqual(rows(0), ["1 50/50/1", "2 51/1/1"]);
    assert.deepEqual(rows(1), ["1 51/51/1", "2 53/2/1"]);
  });

  it("has for each text what its own calls said at entry and exit", () => {
    let heap = 1000;
    const runtime = createRuntime({
      gauges: {
        rss: () => 7,
        heapStatistics: () => ({ used_heap_size: heap, total_heap_size: heap, external_memory: 0 }),
      },
    });
    runtime.configure({ backend: "rss" });
    const call = (text: string, bytes: number) => {
      const listings = [{ name: "f", first: 1, lines: ["function f() {", text, "}"] }];
      const functions: [number, number][] = [[0, FUNCTION_OUTER]];
      const a = runtime.table({ version: TABLE_VERSION, hot: true, file: "a.js", listings, functions }).enter(0);
      a.line(2);
      heap += bytes;
      a.exit();
    };
    call("work();", 100);
    call("play();", 30);
    const asides = runtime.getProfile().listings.map(({ rows, aside }) => [rows[1]!.text, aside.heap]);
    assert.deepEqual(asides, [
      ["work();", { peak: 1100, net: 100 }],
      ["play();", { peak: 1130, net: 30 }],
    ]);
  });

  it("finds figures again when the old text comes back", () => {
    const { load, names } = setUp();
    load(["f", 1, "work();"])(0, 1);
    load(["f", 1, "play();"])(0, 1);
    load(["f", 2, "work();"])(0, 1);
    assert.deepEqual(names(), ["f:2 work();", "f:1 play(); old"]);
  });

  it("keeps two functions of the same name and text apart, in their order", () => {
    const { load, names, rows } = setUp();
    const call = load(["f", 1, "work();"], ["f", 4, "work();"]);
    call(0, 1);
    call(1, 2);
    load(["f", 4, "work();"], ["f", 7, "work();"]);
    assert.deepEqual(names(), ["f:4 work();", "f:7 work();"]);
    assert.deepEqual(rows(0), ["4 50/50/1", "5 51/1/1"]);
  });

  it("is told in the report", () => {
    const { runtime, load } = setUp();
    load(["f", 1, "work();"])(0, 1);
    load(["g", 1, "work();"]);
    let text = "";
    runtime.report({ stream: { write: (piece) => (text += piece) } });
    assert.match(text, /^Filename: a\.js \(superseded\)\n/);
  });
});
