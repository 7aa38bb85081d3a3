/** The options of the API, and what is wrong with those that are wrong. */
import { MprofError } from "../contract/errors.ts";
import type { CustomSource } from "./sources/source.ts";

/** Anything that takes text, as `process.stdout` or a file stream. */
export interface TextSink {
  write(text: string): unknown;
}

export interface FunctionOptions {
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
   * Collect garbage twice before each reading, so that an increment is retained memory. Slow.
   * @default false
   */
  gc?: boolean;
  /**
   * Print at exit, after each call of the function, or never.
   * @default "exit"
   */
  report?: "exit" | "call" | "none";
  /** Where reports go. Looked up when a report is written. @default standard output */
  stream?: TextSink;
}

/** What `profile(options)` takes. */
export interface ProfileOptions extends FunctionOptions {
  /** Shown instead of the function's own name; read at build time. */
  name?: string;
}

/** What `configure` takes. */
export interface Configuration extends FunctionOptions {
  /** Options of single functions, by the name that the report shows. */
  functions?: Record<string, FunctionOptions>;
}

/** What a double can show of a value in MiB. */
const MOST_DECIMALS = 20;

type Check = [wanted: string, fits: (value: unknown) => boolean];

const CHECKS: Record<keyof FunctionOptions, Check> = {
  precision: [`a whole number from 0 to ${MOST_DECIMALS}`, isPrecision],
  backend: ["the name of a source or { name, read() }", isBackend],
  gc: ["true or false", (value) => typeof value === "boolean"],
  report: ["one of exit, call, none", isReportMode],
  stream: ["an object with a method write(text)", (value) => typeof (value as TextSink | null)?.write === "function"],
};

const NAME_CHECK: Check = ["a string", (value) => typeof value === "string"];

/** @throws MprofError for what `configure` cannot take. */
export function checkConfiguration(options: unknown): Configuration {
  const { functions, ...rest } = checkObject(options, "options");
  checkEach(rest, CHECKS, "");
  if (functions !== undefined) {
    for (const [name, of] of Object.entries(checkObject(functions, 'option "functions"'))) {
      const where = `functions[${JSON.stringify(name)}]`;
      checkEach(checkObject(of, `option ${where}`), CHECKS, `${where}.`);
    }
  }
  return options as Configuration;
}

/** @throws MprofError for what `profile` cannot take. */
export function checkProfileOptions(options: unknown): ProfileOptions {
  checkEach(checkObject(options, "options"), { ...CHECKS, name: NAME_CHECK }, "");
  return options as ProfileOptions;
}

function checkEach(options: Record<string, unknown>, checks: Record<string, Check>, where: string): void {
  for (const [key, value] of Object.entries(options)) {
    if (value === undefined) continue;
    const check = Object.hasOwn(checks, key) ? checks[key] : undefined;
    if (check === undefined) {
      const cure = `Known are ${Object.keys(checks).join(", ")}; for configure also functions, for profile also name.`;
      throw new MprofError("MPROF_OPTION_UNKNOWN", `unknown option: ${where}${key}`, cure);
    }
    if (!check[1](value)) {
      throw new MprofError(
        "MPROF_OPTION_TYPE",
        `option "${where}${key}" must be ${check[0]}, got ${describe(value)}`,
        "docs/configuration.md lists the options with their values.",
      );
    }
  }
}

/** Only the form; whether the host has it is for `Sources.select` to say. */
function isBackend(value: unknown): boolean {
  const source = value as Partial<CustomSource> | null;
  return typeof value === "string" || (typeof source?.name === "string" && typeof source.read === "function");
}

export function isPrecision(value: unknown): value is number {
  return Number.isInteger(value) && (value as number) >= 0 && (value as number) <= MOST_DECIMALS;
}

export function isReportMode(value: unknown): value is "exit" | "call" | "none" {
  return ["exit", "call", "none"].includes(value as string);
}

function checkObject(value: unknown, what: string): Record<string, unknown> {
  if (typeof value === "object" && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  throw new MprofError(
    "MPROF_OPTION_TYPE",
    `${what} must be an object, got ${describe(value)}`,
    "Write { precision: 3 }.",
  );
}

function describe(value: unknown): string {
  if (value === null || value === undefined) return String(value);
  if (typeof value === "string") return `string: ${JSON.stringify(value)}`;
  return typeof value === "object" || typeof value === "function" ? typeof value : `${typeof value}: ${String(value)}`;
}
