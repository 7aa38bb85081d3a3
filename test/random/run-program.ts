import { type Activation, FUNCTION_OUTER, type ModuleHandle, type ModuleTable } from "../../contract/module-table.ts";
import { createTestRuntime } from "../runtime/test-runtime.ts";
import { drive } from "./drive.ts";

/** What a program did, as text that can be compared, and the figures of its lines. */
export interface RandomOutcome {
  log: string[];
  result: string;
  /** `name line occurrences increment usage` of every row with data. */
  rows: string[];
  /** Listings whose increments do not add up to what the memory did while they ran. */
  unbalanced: string[];
}

const BUDGET = 120;

export async function runRandomProgram(code: string): Promise<RandomOutcome> {
  const { runtime, memory } = createTestRuntime();
  const ran = new RanModel(() => memory.bytes);
  const log: string[] = [];
  let budget = BUDGET;
  const tick = () => budget-- > 0;
  const globals: Record<string, unknown> = {
    log: (value: unknown) => void log.push(describe(value)),
    D(bytes: number) {
      memory.bytes += bytes;
      ran.grow(bytes);
      return bytes > 0;
    },
    tick,
    drive: (names: (() => unknown)[]) => drive(names, { tick, log: (value) => void log.push(describe(value)) }),
    id: (value: unknown) => value,
    call: (fn: unknown, ...args: unknown[]) => (typeof fn === "function" && tick() ? fn(...args) : 0),
    many: (value: unknown) => toIterable(value, tick),
    word: (value: unknown) => (typeof value === "object" || typeof value === "function" ? typeof value : String(value)),
    tag: (parts: readonly string[], ...values: unknown[]) => `${parts.join("|")} ${values.length}`,
    reject: (value: unknown) => Promise.reject(new Error(`rejected ${describe(value)}`)),
    Base: class Base {
      base = 1;
    },
    require: () => ({ table: (table: ModuleTable) => ran.watch(runtime.table(table), table) }),
  };
  const exports = {} as { main: () => unknown };
  let result: string;
  // The text of an instrumented function is an allowed difference.
  const textOfFunction = Function.prototype.toString;
  Function.prototype.toString = () => "the text of a function";
  try {
    new Function("exports", ...Object.keys(globals), code)(exports, ...Object.values(globals));
    result = await settled(exports.main());
  } catch (error) {
    result = `threw ${describe(error)}`;
  }
  await turn();
  Function.prototype.toString = textOfFunction;
  const { listings } = runtime.getProfile();
  const expectations = ran.expected();
  const unbalanced: string[] = [];
  const rows = listings.flatMap(({ name, file, rows: all }, index) => {
    const figures = all.flatMap(({ line, data }) =>
      data ? [{ line, occurrences: data.occurrences, ...data.figures.scripted! }] : [],
    );
    const sum = figures.reduce((total, { increment }) => total + increment, 0);
    const expected = expectations[index]!;
    if (sum !== expected) unbalanced.push(`${file}: ${name}: ${sum} bytes in rows, ${expected} while it ran`);
    return figures.map(
      ({ line, occurrences, increment, usage }) => `${name} ${line} ${occurrences} ${increment} ${usage}`,
    );
  });
  return { log, result, rows, unbalanced };
}

/** A promise that is not settled when nothing is left to do never will be. */
async function settled(value: unknown): Promise<string> {
  const never = {};
  const idle = turn()
    .then(turn)
    .then(() => never);
  try {
    const result = await Promise.race([value, idle]);
    return result === never ? "never settles" : describe(result);
  } catch (error) {
    return `rejected ${describe(error)}`;
  }
}

function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

function toIterable(value: unknown, tick: () => boolean): unknown {
  if (Array.isArray(value)) return value.slice(0, 3);
  if (typeof value === "number") return [value, value + 1].slice(0, Math.abs(value) % 3);
  const isIterable =
    typeof value === "object" && value !== null && (Symbol.iterator in value || Symbol.asyncIterator in value);
  return isIterable && tick() ? value : [value];
}

/** A value as text: functions by name and length, errors by class and message; nothing in it is called. */
export function describe(value: unknown, depth = 3): string {
  if (typeof value === "function") return `function ${Reflect.get(value, "name") as string}/${value.length}`;
  if (typeof value === "string") return JSON.stringify(value);
  if (typeof value !== "object" || value === null) return String(value);
  // V8 quotes the source in the messages of its TypeErrors.
  if (value instanceof TypeError) return "TypeError";
  if (value instanceof Error) return `${value.name}: ${value.message}`;
  if (depth === 0) return "…";
  const kind = Object.prototype.toString.call(value).slice(8, -1);
  const parts = Object.entries(Object.getOwnPropertyDescriptors(value)).map(([key, property]) =>
    "value" in property
      ? `${key}: ${describe(property.value, depth - 1)}`
      : `${key}: accessor ${describe(property.get, 1)}`,
  );
  return `${kind} { ${parts.join(", ")} }`;
}

/** Which listings run, by what compiled code says of its calls: knows nothing of readings or rows. */
class RanModel {
  private readonly stacks: object[][] = [];
  private readonly ran: number[] = [];
  private readonly baselines: (number | undefined)[] = [];
  private readonly memory: () => number;

  constructor(memory: () => number) {
    this.memory = memory;
  }

  grow(bytes: number): void {
    for (const [listing, stack] of this.stacks.entries()) if (stack.length > 0) this.ran[listing]! += bytes;
  }

  /** Of the listings that were called: the first reading, and what changed while they ran. */
  expected(): number[] {
    return this.ran.flatMap((bytes, listing) =>
      this.baselines[listing] === undefined ? [] : [this.baselines[listing] + bytes],
    );
  }

  watch(handle: ModuleHandle, { listings, functions }: ModuleTable): ModuleHandle {
    for (const _ of listings) {
      this.stacks.push([]);
      this.ran.push(0);
    }
    return {
      ...handle,
      enter: (k) => {
        const [listing, flags] = functions[k]!;
        // In mode auto nobody says which listings run.
        if (listings[listing]!.slots) return handle.enter(k);
        if (flags & FUNCTION_OUTER) this.baselines[listing] ??= this.memory();
        return this.activation(handle.enter(k), this.stacks[listing]!);
      },
    };
  }

  private activation(real: Activation, stack: object[]): Activation {
    const running = (): Activation => {
      if (!stack.includes(own)) stack.push(own);
      return real;
    };
    const left = (): Activation => {
      if (stack.includes(own)) stack.splice(stack.indexOf(own));
      return real;
    };
    const own: Activation = {
      line: (n) => running().line(n),
      back: (n, value) => running().back(n, value),
      at: (n, value) => running().at(n, value),
      exit: () => left().exit(),
      suspend: (value) => left().suspend(value) as never,
      resume: (value) => running().resume(value) as never,
      onLeave: () => real.onLeave(),
    };
    stack.push(own);
    return own;
  }
}
