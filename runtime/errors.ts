/** What the API throws on wrong options: what is wrong and its value, the cure, and a code to search for. */
export class MprofError extends Error {
  override readonly name = "MprofError";
  /** Stable, as `MPROF_OPTION_UNKNOWN`. */
  readonly code: string;

  constructor(problem: string, cure: string, code: string) {
    super(`[mprof] ${problem}\n  ${cure}   (${code})`);
    this.code = code;
  }
}
