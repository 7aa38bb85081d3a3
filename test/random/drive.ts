/**
 * Runs what a piece of a program left behind: calls its functions, makes instances of its classes, and goes on with all its
 * generators in turn, so that their activations interleave; some are returned from, some thrown into, some abandoned.
 */
export interface Driver {
  log(value: unknown): void;
  /** Whether the budget allows one call more. */
  tick(): boolean;
}

interface Iterating {
  next(value: unknown): unknown;
  return?(value: unknown): unknown;
  throw?(error: unknown): unknown;
}

const ROUNDS = 4;

/** @param names read late, because some are not initialised */
export function drive(names: readonly (() => unknown)[], driver: Driver): void {
  const open: Iterating[] = [];
  for (const read of names) {
    attempt(driver, () => {
      const value = read();
      if (typeof value !== "function" || !driver.tick()) return;
      const result = isClass(value) ? useInstance(Reflect.construct(value, [])) : value(2, { b: 3 });
      if (isIterating(result)) open.push(result);
      follow(result, driver);
    });
  }
  for (let round = 0; round < ROUNDS; round++) {
    for (const [index, iterator] of open.entries()) {
      if (driver.tick()) attempt(driver, () => follow(advance(iterator, round, index), driver));
    }
  }
}

function advance(iterator: Iterating, round: number, index: number): unknown {
  if (round === 2 && index % 3 === 0) return iterator.return?.(round);
  if (round === 3 && index % 3 === 1) return iterator.throw?.(new Error("thrown in"));
  return iterator.next(round);
}

function useInstance(instance: object): unknown {
  const { p0, p1, secret } = instance as Record<string, unknown>;
  const method = [p0, p1].find((member) => typeof member === "function") as (() => unknown) | undefined;
  return method ? method.call(instance) : [p0, p1, secret];
}

/** What comes of a promise is logged when it does. */
function follow(value: unknown, { log }: Driver): void {
  if (value instanceof Promise) value.then(log, log);
  else log(value);
}

function attempt({ log }: Driver, action: () => void): void {
  try {
    action();
  } catch (error) {
    log(error);
  }
}

function isIterating(value: unknown): value is Iterating {
  return typeof value === "object" && value !== null && typeof (value as Iterating).next === "function";
}

/** Without asking for its text. */
function isClass(value: object): boolean {
  return Object.getOwnPropertyDescriptor(value, "prototype")?.writable === false;
}
