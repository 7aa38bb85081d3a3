/**
 * Random async programs, hand-compiled and run by real promises, against a model that knows nothing of readings: whenever
 * memory changes, it says which listings run, and whether anything waits.
 */
import {
  type Activation,
  FOR_CONSUMER,
  FOR_NEXT,
  FOR_PROMISE,
  FUNCTION_GENERATOR,
  FUNCTION_OUTER,
  FUNCTION_SUSPENDS,
  type ModuleHandle,
} from "../../contract/module-table.ts";
import type { Profile } from "../../contract/profile.ts";
import { createRuntime, type OwnRuntime } from "../support/create-runtime.ts";
import { createScriptedSource, type ScriptedSource } from "../support/scripted-source.ts";

const LISTINGS = 4;
const LINES = 5;
const [ASYNC, PLAIN, GENERATOR, INNER] = [0, 1, 2, 3];
const FLAGS = [
  FUNCTION_OUTER | FUNCTION_SUSPENDS,
  FUNCTION_OUTER,
  FUNCTION_OUTER | FUNCTION_SUSPENDS | FUNCTION_GENERATOR,
  FUNCTION_SUSPENDS,
];

export interface Shape {
  /** Listings are measured by so many sources. */
  sources: 1 | 2;
  /** One thing at a time: whatever is called is awaited. */
  isSequential: boolean;
  /** Bytes that each step allocates: any number, no less than nothing, or nothing but for one of them. */
  bytes: "any" | "positive" | "single";
}

interface Body {
  listing: number;
  k: number;
  steps: Step[];
}

type Step = { line: number; bytes: number; resumes: boolean } & (
  | { kind: "allocate" | "throw" | "sleep" | "report" | "last" }
  | { kind: "plain" | "await" | "leave" | "later" | "callback" | "caught"; body: Body }
  | { kind: "all" | "race"; bodies: Body[] }
  | { kind: "each"; body: Body; rounds: number }
);

/** Pseudo-random, 0 to 1. */
function randomFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

class Maker {
  private readonly random: () => number;
  private readonly shape: Shape;
  private left = 40;
  private isSingleDone = false;

  constructor(seed: number, shape: Shape) {
    this.random = randomFrom(seed);
    this.shape = shape;
  }

  below(most: number): number {
    return Math.floor(this.random() * most);
  }

  bytes(): number {
    if (this.shape.bytes === "any") return this.below(2_000_001) - 1_000_000;
    if (this.shape.bytes === "positive") return this.below(1_000_001);
    if (this.isSingleDone || this.below(8) > 0) return 0;
    this.isSingleDone = true;
    return 1_048_573;
  }

  body(k: number, depth: number): Body {
    const steps = Array.from({ length: 1 + this.below(4) }, () => this.step(k, depth));
    return { listing: this.below(LISTINGS), k, steps };
  }

  private asynchronous(depth: number): Body {
    return this.body(this.below(4) === 0 ? INNER : ASYNC, depth + 1);
  }

  private step(k: number, depth: number): Step {
    const common = { line: 1 + this.below(LINES), bytes: this.bytes(), resumes: this.below(2) === 0 };
    if (--this.left < 0 || depth > 4) return { ...common, kind: k === PLAIN ? "allocate" : "sleep" };
    const kinds = k === PLAIN || k === GENERATOR ? OTHER_KINDS[k]! : this.shape.isSequential ? SEQUENTIAL_KINDS : KINDS;
    const kind = kinds[this.below(kinds.length)]!;
    switch (kind) {
      case "allocate":
      case "throw":
      case "sleep":
      case "report":
      case "last":
        return { ...common, kind };
      case "all":
      case "race":
        return {
          ...common,
          kind,
          bodies: Array.from({ length: 1 + this.below(3) }, () => this.asynchronous(depth)),
        };
      case "each":
        return { ...common, kind, body: this.body(GENERATOR, depth + 1), rounds: this.below(4) };
      case "plain":
        return { ...common, kind, body: this.body(PLAIN, depth + 1) };
      default:
        return { ...common, kind, body: this.asynchronous(depth) };
    }
  }
}

const SEQUENTIAL_KINDS = ["allocate", "sleep", "await", "caught", "each", "plain", "last"] as const;
/** Of functions that are not async. */
const OTHER_KINDS: Record<number, readonly ("allocate" | "sleep" | "await" | "plain")[]> = {
  [PLAIN]: ["allocate", "plain"],
  [GENERATOR]: ["allocate", "sleep", "await", "plain"],
};
const KINDS = [...SEQUENTIAL_KINDS, "leave", "later", "callback", "all", "race", "throw", "report", "sleep"] as const;

/** What the model knows of one call. */
class ModelCall {
  readonly activation: Activation;
  readonly listing: number;
  private readonly program: Program;
  isRunning = false;
  isWaiting = false;

  constructor(program: Program, listing: number, k: number) {
    this.program = program;
    this.listing = listing;
    program.run(this);
    this.activation = program.modules[listing]!.enter(k);
  }

  line(n: number): void {
    this.program.run(this);
    this.activation.line(n);
  }

  resume(): void {
    this.program.run(this);
    this.activation.resume();
  }

  suspend<T>(value: T, why: typeof FOR_PROMISE | typeof FOR_CONSUMER | typeof FOR_NEXT): T {
    // It may yield what it has waited for.
    if (why === FOR_CONSUMER && this.isWaiting) this.program.run(this);
    this.activation.suspend(value, why);
    this.program.stop(this, why !== FOR_CONSUMER);
    return value;
  }

  exit(): void {
    if (this.isWaiting) this.program.run(this);
    this.activation.exit();
    this.program.stop(this, false);
  }
}

interface Event {
  bytes: number;
  happen(): void;
}

/** One program, while it runs. */
export class Program {
  readonly runtime: OwnRuntime = createRuntime();
  readonly memory: ScriptedSource[];
  readonly modules: ModuleHandle[];
  private readonly shape: Shape;
  private readonly main: Body;
  private readonly random: () => number;
  private readonly events: Event[] = [];
  /** By listing: calls that run; bytes that came meanwhile. */
  private readonly running = new Array<number>(LISTINGS).fill(0);
  readonly ran = new Array<number>(LISTINGS).fill(0);
  /** By source: calls that wait; bytes that came in gaps; those of nobody, up to the last gap that has ended. */
  private readonly waiting: number[];
  readonly gaps: number[];
  readonly nobody: number[];
  private readonly open: number[];
  private readonly hasRun: boolean[];
  /** All bytes since the first call, and how many came until the last call of `main` ended. */
  total = 0;

  constructor(seed: number, shape: Shape) {
    this.shape = shape;
    this.random = randomFrom(seed + 1);
    this.main = new Maker(seed, shape).body(ASYNC, 0);
    this.memory = Array.from({ length: shape.sources }, (_, i) => createScriptedSource(`source${i}`));
    const zeros = () => new Array<number>(shape.sources).fill(0);
    [this.waiting, this.gaps, this.nobody, this.open] = [zeros(), zeros(), zeros(), zeros()];
    this.hasRun = this.memory.map(() => false);
    const functions = Object.fromEntries(
      Array.from({ length: LISTINGS }, (_, i) => [`f${i}`, { backend: this.memory[this.sourceOf(i)]! }]),
    );
    this.runtime.configure({ functions });
    this.modules = Array.from({ length: LISTINGS }, (_, i) =>
      this.runtime.table({
        version: 1,
        file: `${i}.js`,
        listings: [{ name: `f${i}`, first: 1, lines: new Array<string>(LINES).fill("") }],
        functions: FLAGS.map((flags) => [0, flags]),
      }),
    );
  }

  get mainListing(): number {
    return this.main.listing;
  }

  sourceOf(listing: number): number {
    return listing % this.shape.sources;
  }

  // ---- the model ----

  run(call: ModelCall): void {
    const source = this.sourceOf(call.listing);
    if (call.isWaiting) this.waiting[source]!--;
    call.isWaiting = false;
    if (call.isRunning) return;
    call.isRunning = true;
    if (!this.runs(source)) {
      if (this.hasRun[source]) this.nobody[source]! += this.open[source]!;
      this.open[source] = 0;
    }
    this.hasRun[source] = true;
    this.running[call.listing]!++;
  }

  stop(call: ModelCall, waits: boolean): void {
    if (call.isRunning) this.running[call.listing]!--;
    call.isRunning = false;
    if (waits === call.isWaiting) return;
    call.isWaiting = waits;
    if (waits) this.waiting[this.sourceOf(call.listing)]!++;
  }

  private runs(source: number): boolean {
    return this.running.some((calls, listing) => calls > 0 && this.sourceOf(listing) === source);
  }

  private allocate(bytes: number): void {
    this.total += bytes;
    this.memory.forEach((memory, source) => {
      memory.bytes += bytes;
      if (this.runs(source)) {
        for (let i = 0; i < LISTINGS; i++) {
          if (this.running[i]! > 0 && this.sourceOf(i) === source) this.ran[i]! += bytes;
        }
      } else if (this.waiting[source]! > 0) this.gaps[source]! += bytes;
      else this.open[source]! += bytes;
    });
  }

  // ---- the program ----

  /** Resolved when nothing is left to happen. */
  async play(): Promise<Profile> {
    this.fire(this.main);
    while (this.events.length > 0) {
      await turn();
      const [event] = this.events.splice(Math.floor(this.random() * this.events.length), 1);
      if (event === undefined) break;
      this.allocate(event.bytes);
      event.happen();
      await turn();
    }
    await turn();
    return this.runtime.getProfile();
  }

  private fire(body: Body): void {
    this.start(body).catch(() => {});
  }

  private later(bytes: number): Promise<void> {
    return new Promise((resolve) => this.events.push({ bytes, happen: resolve }));
  }

  private async start(body: Body): Promise<void> {
    const call = new ModelCall(this, body.listing, body.k);
    try {
      for (const step of body.steps) {
        const promise = this.begin(call, step);
        if (promise) {
          // No `await` but with a suspension before it: nothing else may run while a call does.
          try {
            await call.suspend(promise, FOR_PROMISE);
          } catch (error) {
            if (step.kind !== "caught") throw error;
            call.resume();
          }
          if (step.kind === "last") return;
          if (step.resumes) call.resume();
        }
        if (step.kind !== "each") continue;
        let left = step.rounds;
        for await (const bytes of call.suspend(this.generate(step.body), FOR_NEXT)) {
          call.resume();
          try {
            this.allocate(bytes);
            if (--left <= 0) break;
            call.line(step.line);
          } finally {
            call.suspend(undefined, FOR_NEXT);
          }
        }
      }
    } finally {
      call.exit();
    }
  }

  private plain({ listing, k, steps }: Body): void {
    const call = new ModelCall(this, listing, k);
    try {
      for (const step of steps) {
        call.line(step.line);
        this.allocate(step.bytes);
        if (step.kind === "plain") this.plain(step.body);
      }
    } finally {
      call.exit();
    }
  }

  private async *generate(body: Body): AsyncGenerator<number> {
    const call = new ModelCall(this, body.listing, body.k);
    try {
      for (const step of body.steps) {
        const promise = this.begin(call, step);
        if (promise) {
          await call.suspend(promise, FOR_PROMISE);
          if (step.resumes) call.resume();
        }
        yield call.suspend(step.bytes, FOR_CONSUMER);
      }
    } finally {
      call.exit();
    }
  }

  /** Does a step up to where it waits. @returns what it waits for, if it does */
  private begin(call: ModelCall, step: Step): Promise<unknown> | undefined {
    call.line(step.line);
    this.allocate(step.bytes);
    switch (step.kind) {
      case "allocate":
      case "each":
        return undefined;
      case "throw":
        throw new Error("of the program");
      case "report":
        this.runtime.getProfile();
        return undefined;
      case "sleep":
      case "last":
        return this.later(step.bytes);
      case "plain":
        this.plain(step.body);
        return undefined;
      case "await":
      case "caught":
        return this.start(step.body);
      case "leave":
        this.fire(step.body);
        return undefined;
      case "callback":
        this.events.push({ bytes: step.bytes, happen: () => this.fire(step.body) });
        return undefined;
      case "later":
        return this.later(step.bytes).then(() => this.start(step.body));
      case "all":
        return Promise.all(step.bodies.map((body) => this.start(body)));
      case "race":
        return Promise.race(step.bodies.map((body) => this.start(body)));
    }
  }
}

function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
