import type { FunctionCall, RestOfCalls } from "../../contract/recording.ts";
import type { Curves } from "./curves.ts";
import { shortNames } from "./short-names.ts";

export interface CallsOfFunction {
  calls: FunctionCall[];
  /** Those that are only counted. */
  rest?: RestOfCalls;
}

/** How often, and how long in all. */
export function legendName(name: string, { calls, rest }: CallsOfFunction): string {
  const total = calls.reduce((sum, { enter, exit }) => sum + exit.time - enter.time, rest?.seconds ?? 0);
  const count = calls.length + (rest?.count ?? 0);
  return count === 1 ? `${name} ${total.toFixed(3)}s` : `${name} ${count} × ${total.toFixed(3)}s`;
}

/** By the shortest names that stay apart. */
export function callsByName(calls: readonly FunctionCall[], rest: Curves["rest"]): Map<string, CallsOfFunction> {
  const names = shortNames([...calls.map(({ name }) => name), ...rest.keys()]);
  const found = new Map<string, CallsOfFunction>();
  for (const call of calls) {
    const name = names.get(call.name)!;
    const own = found.get(name);
    if (own) own.calls.push(call);
    else found.set(name, { calls: [call], rest: rest.get(call.name) });
  }
  for (const [name, own] of rest) {
    const short = names.get(name)!;
    if (!found.has(short)) found.set(short, { calls: [], rest: own });
  }
  return found;
}
