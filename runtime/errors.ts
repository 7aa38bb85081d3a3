/** What the API throws on wrong options: what is wrong and its value, the cure, and a code to search for. */
export class MprofError extends Error {
  override readonly name = "MprofError";
  /** Stable, as `MPROF_OPTION_UNKNOWN`. */
  readonly code: string;
  /** The first line without its prefix: what is wrong, and the value. */
  readonly problem: string;
  readonly cure: string;

  constructor(problem: string, cure: string, code: string) {
    super(`[mprof] ${problem}\n  ${cure}   (${code})`);
    this.problem = problem;
    this.cure = cure;
    this.code = code;
  }
}
