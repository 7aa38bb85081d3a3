import { readFileSync } from "node:fs";
import picomatch from "picomatch";
import type { Difference } from "./worker.ts";

/** Differences that are allowed, by the list at the end of docs/generated-code.md. */
export interface Exception {
  /** A test, or a glob of tests. */
  test: string;
  /** The only back-ends it holds for. */
  backEnds?: string[];
  /** The only variants it holds for. */
  variants?: string[];
  /** Part of what the instrumented test said. */
  says?: string;
  /** Which allowed difference it is, and where the test meets it. */
  reason: string;
}

export function readExceptions(): Exception[] {
  return JSON.parse(readFileSync("test/conformance/exceptions.json", "utf8")) as Exception[];
}

export function findException(
  exceptions: readonly Exception[],
  path: string,
  backEnd: string,
  { variant, instrumented }: Difference,
): Exception | undefined {
  return exceptions.find(
    ({ test, backEnds, variants, says }) =>
      picomatch.isMatch(path, test) &&
      (backEnds?.includes(backEnd) ?? true) &&
      (variants?.includes(variant) ?? true) &&
      instrumented.includes(says ?? ""),
  );
}
