/** Whether an error says that the stack was too small: parsers and readers recurse as deep as a program nests. */
export function isStackOverflow(error: unknown): boolean {
  return error instanceof RangeError && /call stack/i.test(error.message);
}

export const TOO_DEEP = "it is nested too deeply for the stack of this process";
