import { MprofError } from "../../contract/errors.ts";

export { MprofError };

/**
 * Every error and warning of the compiler, by code. Wrong options throw an MprofError; what cannot be honoured in a
 * source file is a Warning and the build goes on. `docs/messages.md` lists them; a test compares the two.
 */
export const MESSAGES = {
  MPROF_OPTION_UNKNOWN: "unknown option",
  MPROF_OPTION_TYPE: "an option has the wrong type or value",
  MPROF_MARK_NOT_A_FUNCTION: "a mark on something that is no function",
  MPROF_MARK_UNKNOWN_FUNCTION: "profile(f) where the compiler cannot see which function f is",
  MPROF_MARK_OPTION: "an option of a mark is unknown, no literal, or of the wrong type",
  MPROF_MARK_ALIAS: "profile is passed on, so that its marks cannot be followed",
  MPROF_MARK_NOT_SEEN: "another plugin parsed the file, so that marks were not seen",
  MPROF_UNSUPPORTED: "a function is left alone because of syntax that cannot be instrumented safely",
  MPROF_LEFT_ALONE:
    "a function is left alone because it runs elsewhere: moved by another compiler, or sent away as text",
  MPROF_REACT_COMPILER: "a component is not memoised by React's compiler while it is profiled",
  MPROF_METADATA: "the types that decorators ask for are not written (emitDecoratorMetadata)",
  MPROF_NOT_REACHED: "what a reference builds with probes is not what the program imports",
  MPROF_INTERNAL: "a mistake of mprof's own: the probes of that function are dropped",
  MPROF_PARSE: "the file does not parse and is returned unchanged",
  MPROF_TYPESCRIPT_VERSION: "a TypeScript that the transformer cannot serve",
} as const;

export type MessageCode = keyof typeof MESSAGES;

/** Something in a source file that could not be honoured. The program runs; the place is unprofiled. */
export interface Warning {
  code: MessageCode;
  /** `[mprof] <what>: <value> (<file>:<line>:<column>)`, then a line with the cure. */
  message: string;
  file: string;
  /** Starts at 1. */
  line: number;
  /** Starts at 1. */
  column: number;
}

type Place = Pick<Warning, "file" | "line" | "column">;

export function createWarning(code: MessageCode, what: string, cure: string, place: Place): Warning {
  const where = `${place.file}:${place.line}:${place.column}`;
  return { code, message: new MprofError(code, `${what} (${where})`, cure).message, ...place };
}

/** An exception of ours: it says so, and the build goes on. */
export function internalWarning(error: unknown, what: string, place: Place): Warning {
  const { stack = String(error) } = error as Partial<Error>;
  const [message, where = ""] = stack.split("\n").map((line) => line.trim());
  const cure = `This is a mistake of mprof's own: please report it with the lines that it is about. ${where}`;
  return createWarning("MPROF_INTERNAL", `${what} because of ${message}`, cure, place);
}
