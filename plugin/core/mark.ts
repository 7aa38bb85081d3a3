import type { MarkOptions } from "../../contract/module-table.ts";
import type { Range } from "./source-text.ts";

/** One `@profile` or `@noprofile`, in whichever of its five forms (`docs/marks.md`). */
export interface Mark {
  form: "decorator" | "comment" | "directive" | "call";
  noprofile: boolean;
  /** Start of what it stands above: a statement, a member, a function. */
  target: number;
  /** The line that holds it. */
  line: number;
  offset: number;
  options: MarkOptions;
  /** Options of `profile({ stream })(fn)` that exist only at run time. */
  runtimeOptions: RuntimeOptions | null;
}

export interface RuntimeOptions {
  /** The whole call, the object between the first parentheses, and the function. */
  call: Range;
  object: Range;
  fn: Range;
}
