import { createRequire } from "node:module";

/** The arguments by which Node runs a program under the register hook. */
export function nodeArguments(own: readonly string[], program: readonly string[]): string[] {
  return [...own, "--require", createRequire(import.meta.url).resolve("mprof/register"), ...program];
}
