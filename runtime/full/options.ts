/** The options of the API, and what is wrong with those that are wrong. */
import { checkValues } from "../../contract/check-options.ts";
import { MprofError } from "../../contract/errors.ts";
import { type Checks, checksAt, type OptionsAt } from "../../contract/options.ts";
import { type CustomSource, describe, type GcOption, OBJECT, type TextSink } from "../../contract/values.ts";

export type { TextSink };

export interface FunctionOptions extends OptionsAt<"function"> {
  /**
   * Decimals in both memory columns, 0 to 20.
   * @default 1; 3 under the command and `mprof/register`
   */
  precision?: number;
  /**
   * What is measured: the name of a source, or a source of your own. See `docs/sources.md`.
   * @default "rss" on Node, Bun and Deno; "heap" in browsers
   */
  backend?: string | CustomSource;
  /**
   * Collect garbage before each reading, so that an increment is retained memory; slow. `call`: at the ends of calls.
   * `young`: before each reading, but only young objects. See docs/reading-the-numbers.md.
   * @default false
   */
  gc?: GcOption;
  /**
   * Print at exit, after each call of the function, or never.
   * @default "exit"
   */
  report?: "exit" | "call" | "none";
  /** Where reports go. Looked up when a report is written. @default standard output */
  stream?: TextSink;
}

/** What `profile(options)` takes. */
export interface ProfileOptions extends FunctionOptions, OptionsAt<"profile"> {
  /** Shown instead of the function's own name; read at build time. */
  name?: string;
  /** What a call may leave behind on average, for `mprof check`: `5 MiB`. */
  max?: string;
  /** The largest reading that the function may see, for `mprof check`. */
  maxPeak?: string;
}

/** What `configure` takes. */
export interface Configuration extends FunctionOptions, OptionsAt<"configure"> {
  /** Options of single functions, by the name that the report shows. */
  functions?: Record<string, FunctionOptions>;
}

const ofFunctions = (): Checks<FunctionOptions> => checksAt("function");
const ofProfile = (): Checks<ProfileOptions> => ({ ...ofFunctions(), ...checksAt("profile") });
const ofConfigure = (): Checks<Configuration> => ({ ...ofFunctions(), ...checksAt("configure") });
const CURE = "docs/configuration.md lists the options with their values.";

/** @throws MprofError for what `configure` cannot take. */
export function checkConfiguration(options: Configuration): Configuration {
  checkObject(options, "options");
  checkValues(options, ofConfigure(), { cure: CURE });
  for (const [name, of] of Object.entries(options.functions ?? {})) {
    const where = `functions[${JSON.stringify(name)}]`;
    checkObject(of, `option ${where}`);
    checkValues(of, ofFunctions(), { of: ` of ${where}`, cure: CURE });
  }
  return options;
}

/** @throws MprofError for what `profile` cannot take. */
export function checkProfileOptions(options: unknown): ProfileOptions {
  const given = checkObject(options, "options");
  checkValues(given, ofProfile(), { cure: CURE });
  return given;
}

function checkObject(value: unknown, what: string): Record<string, unknown> {
  if (OBJECT.fits(value)) return value;
  const problem = `${what} must be ${OBJECT.expected}, got ${describe(value)}`;
  throw new MprofError("MPROF_OPTION_TYPE", problem, "Write { precision: 3 }.");
}
