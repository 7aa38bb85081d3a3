/** A code as `docs/messages.md` lists it. */
export type ErrorCode = `MPROF_${string}`;

/** The one error type of every entry: `[mprof] <what is wrong>: <the value>`, a line with the cure, a code to search for. */
export class MprofError extends Error {
  override readonly name = "MprofError";
  /** Stable, as `MPROF_OPTION_UNKNOWN`. */
  readonly code: ErrorCode;

  constructor(code: ErrorCode, what: string, cure: string) {
    super(`[mprof] ${what}\n  ${cure}   (${code}, docs/messages.md)`);
    this.code = code;
  }
}

/** What is said where mprof itself fails. */
export function faultOf(cause: unknown): MprofError {
  return new MprofError("MPROF_FAULT", `not profiled: ${cause}`, "The next call tries again.");
}
