/** What is wrong with options, said in the same words everywhere. */
import { type ErrorCode, MprofError } from "./errors.ts";
import { describe, type Value } from "./values.ts";

export interface Problem {
  code: ErrorCode;
  /** `option "gc" must be true or false, got number: 1`. */
  what: string;
}

/** @param of what the option is of, if not simply of mprof: ` of a mark` */
export function findProblem(
  name: string,
  value: unknown,
  checks: Readonly<Record<string, Value>>,
  of = "",
): Problem | undefined {
  const check = Object.hasOwn(checks, name) ? checks[name] : undefined;
  if (check === undefined) return { code: "MPROF_OPTION_UNKNOWN", what: `unknown option${of}: "${name}"` };
  if (check.fits(value)) return undefined;
  return {
    code: "MPROF_OPTION_TYPE",
    what: `option "${name}"${of} must be ${check.expected}, got ${describe(value)}`,
  };
}

/** An option that is undefined is not given; those in `also` are for others to check. @throws MprofError for the first that is unknown, or has a wrong value */
export function checkValues(
  options: object,
  checks: Readonly<Record<string, Value>>,
  { of = "", cure, also = [] }: { of?: string; cure: string; also?: readonly string[] },
): void {
  for (const [name, value] of Object.entries(options)) {
    const problem = value === undefined || also.includes(name) ? undefined : findProblem(name, value, checks, of);
    if (problem === undefined) continue;
    const { code, what } = problem;
    const names = `The options are ${[...Object.keys(checks), ...also].join(", ")}.`;
    throw new MprofError(code, what, code === "MPROF_OPTION_UNKNOWN" ? names : cure);
  }
}
