/** The mark as a value: what `profile` does where no compiler has replaced it. */
import { checkProfileOptions, type ProfileOptions } from "./options.ts";

// biome-ignore lint/suspicious/noExplicitAny: a mark fits every function
type AnyFunction = (...args: any[]) => any;

/** What `profile(options)` returns: a mark for a function, a class or, as a decorator, for either. */
export interface MarkFunction {
  (target: object, key: string | symbol, descriptor?: PropertyDescriptor): void;
  (value: unknown, context: DecoratorContext): void;
  <F extends AnyFunction | (abstract new (...args: never[]) => unknown)>(fn: F): F;
}

/**
 * Marks a function, method or class for line-by-line profiling: as decorator, or round a function. The compiler does
 * the work; without it the function runs unprofiled.
 * @example const load = profile(async (path: string) => { … });
 * @example class Cache { @profile({ precision: 3 }) get(key: string) { … } }
 * @throws MprofError for wrong options.
 */
export interface ProfileFunction extends MarkFunction {
  (options?: ProfileOptions): MarkFunction;
}

export const profile: ProfileFunction = ((...args: unknown[]) => {
  if (args.length >= 2) return undefined;
  const [target] = args;
  if (typeof target === "function") return target;
  if (target !== undefined) checkProfileOptions(target);
  return (...marked: unknown[]) => (marked.length === 1 ? marked[0] : undefined);
}) as ProfileFunction;

/** Leaves a function, method or class out, with everything inside it that has no mark of its own: as `profile`, but without options. */
export const noprofile: MarkFunction = ((...args: unknown[]) =>
  args.length === 1 ? args[0] : undefined) as MarkFunction;
