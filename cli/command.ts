import type { Command as Program } from "commander";

/** One subcommand, one file. */
export interface Command {
  /** Adds the command, its flags and its help to the program; `io` is all it may touch of the outside. */
  register(program: Program, io: Io): void;
}

/** What commands see of the outside, so that tests need no process. */
export interface Io {
  out(text: string): void;
  error(text: string): void;
  cwd: string;
  env: NodeJS.ProcessEnv;
  /** Lines and columns of the terminal that `out` goes to, if it is one. */
  screen?: { rows: number; columns: number } | undefined;
  /** The exit code that the process ends with. */
  exit(code: number): void;
}

/** Exit codes of the command itself; a profiled program's own code passes through. */
export const EXIT_USAGE = 2;
/** More memory than was allowed. */
export const EXIT_TOO_MUCH = 3;

/** Wrong usage: one line that says what, one with the cure. */
export class UsageError extends Error {
  constructor(what: string, cure: string) {
    super(`[mprof] ${what}\n  ${cure}`);
  }
}
