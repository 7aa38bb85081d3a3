/**
 * The invariant of docs/reading-the-numbers.md against a model that knows nothing of readings: whenever memory changes,
 * the change belongs to the current line of the topmost activation of every listing that runs.
 */
import assert from "node:assert/strict";
import fc from "fast-check";
import {
  type Activation,
  FOR_CONSUMER,
  FOR_PROMISE,
  FUNCTION_OUTER,
  FUNCTION_SUSPENDS,
  type ModuleHandle,
} from "../../contract/module-table.ts";
import { createTestRuntime, type TestRuntime } from "./test-runtime.ts";

const LINES = 6;
/** Function k of a module: outer or inner, suspending or not. */
const FLAGS = [FUNCTION_OUTER, FUNCTION_OUTER | FUNCTION_SUSPENDS, 0, FUNCTION_SUSPENDS];

interface ModelRow {
  increment: number;
  usage: number;
  occurrences: number;
}

class ModelListing {
  rows = Array.from(
    { length: LINES + 1 },
    (): ModelRow => ({ increment: 0, usage: Number.NEGATIVE_INFINITY, occurrences: 0 }),
  );
  firstEntry: number | undefined;
  /** Sum over the stretches in which the listing runs. */
  ran = 0;
}

interface ModelCall {
  listing: number;
  suspends: boolean;
  waits: boolean;
  line: number;
  activation: Activation;
}

class Model {
  readonly listings = [new ModelListing(), new ModelListing()];
  /** The program's call stack, over all listings. */
  stack: ModelCall[] = [];
  suspended: ModelCall[] = [];
  /** Exited, or left on the stack when their caller exited. */
  readonly ended: ModelCall[] = [];
  private readonly test: TestRuntime;
  private readonly modules: ModuleHandle[];

  constructor(report: "exit" | "call") {
    this.test = createTestRuntime();
    this.test.runtime.configure({ report });
    this.modules = this.listings.map((_, i) =>
      this.test.module(
        { name: `f${i}`, lines: Array.from({ length: LINES }, () => "") },
        FLAGS.map((flags) => [0, flags]),
        `${i}.js`,
      ),
    );
  }

  allocate(bytes: number): void {
    this.test.memory.bytes += bytes;
    this.listings.forEach((listing, i) => {
      const top = this.topOf(i);
      if (top === undefined) return;
      listing.ran += bytes;
      listing.rows[top.line]!.increment += bytes;
    });
  }

  call(listing: number, k: number, line: number): void {
    this.close(listing);
    const model = this.listings[listing]!;
    if (FLAGS[k]! & FUNCTION_OUTER) {
      model.firstEntry ??= this.test.memory.bytes;
      this.count(listing, 1);
      this.raise(listing, 1);
    }
    const activation = this.modules[listing]!.enter(k);
    const call = { listing, suspends: (FLAGS[k]! & FUNCTION_SUSPENDS) !== 0, waits: false, line, activation };
    this.stack.push(call);
    this.count(listing, line);
    activation.line(line);
  }

  line(line: number, how: number): void {
    const call = this.stack.at(-1)!;
    this.close(call.listing);
    this.moveTo(call, line, how);
  }

  suspend(waits: boolean): void {
    const call = this.stack.at(-1)!;
    if (!call.suspends) return;
    this.close(call.listing);
    this.stack.pop();
    this.suspended.push(call);
    call.waits = waits;
    const value = {};
    assert.equal(call.activation.suspend(value, waits ? FOR_PROMISE : FOR_CONSUMER), value);
    call.activation.suspend();
  }

  resume(which: number, line: number, how: number): void {
    const [call] = this.suspended.splice(which % this.suspended.length, 1);
    this.close(call!.listing);
    if (call!.waits) this.raise(call!.listing, call!.line);
    this.stack.push(call!);
    if (how === 0) {
      call!.activation.resume();
      call!.activation.resume();
    } else this.moveTo(call!, line, how);
  }

  /** A return or throw; those above were left without their `exit`. */
  exit(depth: number): void {
    const call = this.stack[depth % this.stack.length]!;
    this.close(call.listing);
    const from = this.stack.indexOf(call);
    const left = this.stack.filter(({ listing }, i) => i >= from && listing === call.listing);
    this.stack = this.stack.filter((each) => !left.includes(each));
    this.ended.push(...left);
    call.activation.exit();
  }

  /** A probe that another compiler moved into a function which outlives the call: nothing happens. */
  late(which: number, line: number, how: number): void {
    const call = this.ended[which % this.ended.length];
    // That of a plain function is used again.
    if (call === undefined || this.stack.some(({ activation }) => activation === call.activation)) return;
    const reads = this.test.memory.reads;
    const { activation } = call;
    if (how === 0) activation.line(line);
    else if (how === 1) assert.equal(activation.back(line, call), call);
    else if (how === 2) assert.equal(activation.at(line, call), call);
    else if (how === 3) assert.equal(activation.resume(call), call);
    else assert.equal(activation.suspend(call), call);
    assert.equal(this.test.memory.reads, reads);
  }

  exitSuspended(which: number): void {
    const [call] = this.suspended.splice(which % this.suspended.length, 1);
    this.ended.push(call!);
    if (call!.waits) {
      this.close(call!.listing);
      this.raise(call!.listing, call!.line);
    }
    call!.activation.exit();
  }

  abandon(which: number): void {
    this.suspended.splice(which % this.suspended.length, 1);
  }

  check(): void {
    for (const i of this.listings.keys()) this.close(i);
    const profile = this.test.runtime.getProfile();
    this.listings.forEach((model, i) => {
      const listing = profile.listings.find(({ file }) => file === `${i}.js`);
      let sum = 0;
      for (let line = 1; line <= LINES; line++) {
        const expected = model.rows[line]!;
        const data = listing?.rows[line - 1]?.data;
        const figures = data?.figures.scripted;
        const baseline = line === 1 ? (model.firstEntry ?? 0) : 0;
        const increment = (figures?.increment ?? baseline) - baseline;
        sum += increment;
        assert.equal(increment, expected.increment, `increment of line ${line}`);
        assert.equal(data?.occurrences ?? 0, expected.occurrences, `occurrences of line ${line}`);
        assert.equal(figures?.usage ?? Number.NEGATIVE_INFINITY, expected.usage, `usage of line ${line}`);
      }
      assert.equal(sum, model.ran);
    });
  }

  private moveTo(call: ModelCall, line: number, how: number): void {
    call.line = line;
    if (how === 1) assert.equal(call.activation.back(line, call), call);
    else if (how === 2) assert.equal(call.activation.at(line, call), call);
    else call.activation.line(line);
    if (how !== 1) this.count(call.listing, line);
  }

  private topOf(listing: number): ModelCall | undefined {
    return this.stack.findLast((call) => call.listing === listing);
  }

  private close(listing: number): void {
    const top = this.topOf(listing);
    if (top) this.raise(listing, top.line);
  }

  private raise(listing: number, line: number): void {
    const row = this.listings[listing]!.rows[line]!;
    row.usage = Math.max(row.usage, this.test.memory.bytes);
  }

  private count(listing: number, line: number): void {
    this.listings[listing]!.rows[line]!.occurrences++;
  }
}

interface Step {
  kind: number;
  bytes: number;
  listing: number;
  k: number;
  line: number;
  how: number;
  which: number;
}

const steps = fc.array(
  fc.record<Step>({
    kind: fc.nat(15),
    bytes: fc.integer({ min: -1_000_000, max: 1_000_000 }),
    listing: fc.nat(1),
    k: fc.nat(3),
    line: fc.integer({ min: 1, max: LINES }),
    how: fc.nat(4),
    which: fc.nat(9),
  }),
  { maxLength: 60 },
);

function play(model: Model, { kind, bytes, listing, k, line, how, which }: Step): void {
  model.allocate(bytes);
  if (kind >= 14) model.late(which, line, how);
  else if (kind <= 3 || (model.stack.length === 0 && kind < 10)) model.call(listing, k, line);
  else if (kind <= 5) model.line(line, how);
  else if (kind === 6) model.exit(model.stack.length - 1);
  else if (kind === 7) model.exit(which);
  else if (kind <= 9) model.suspend(how > 1);
  else if (model.suspended.length > 0) {
    if (kind <= 11) model.resume(which, line, how);
    else if (kind === 12) model.exitSuspended(which);
    else model.abandon(which);
  }
}

describe("the invariant", () => {
  for (const report of ["exit", "call"] as const) {
    it(`holds to the byte for random calls, callbacks, recursion, generators, async, throws and late probes (report: "${report}")`, () => {
      fc.assert(
        fc.property(steps, (script) => {
          const model = new Model(report);
          for (const step of script) play(model, step);
          model.check();
        }),
        { numRuns: 2000 },
      );
    });
  }
});
