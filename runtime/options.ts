/** The options of the API, and what is wrong with those that are wrong. */
import { MprofError } from "./errors.ts";
import { BACKENDS, isBackendName } from "./sources/select.ts";
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

const REPORTS = ["exit", "call", "none"];
/** What a double can show of a value in MiB. */
const MOST_DECIMALS = 20;

/** @throws MprofError for what `configure` cannot take. */
export function checkConfiguration(options: unknown): Configuration {
  const { functions, ...rest } = checkObject(options, "options");
  checkFunctionOptions(rest, "");
  if (functions === undefined) return rest;
  for (const [name, of] of Object.entries(checkObject(functions, 'option "functions"'))) {
    checkFunctionOptions(
      checkObject(of, `option functions[${JSON.stringify(name)}]`),
      `functions[${JSON.stringify(name)}].`,
    );
  }
  return options as Configuration;
}

/** @throws MprofError for what `profile` cannot take. */
export function checkProfileOptions(options: unknown): ProfileOptions {
  const { name, ...rest } = checkObject(options, "options");
  if (name !== undefined && typeof name !== "string") throw wrongType("name", "a string", name);
  checkFunctionOptions(rest, "");
  return options as ProfileOptions;
}

function checkFunctionOptions(options: Record<string, unknown>, where: string): void {
  for (const [key, value] of Object.entries(options)) {
    if (value !== undefined) checkOption(key, value, where);
  }
}

function checkOption(key: string, value: unknown, where: string): void {
  switch (key as keyof FunctionOptions) {
    case "precision":
      if (!isPrecision(value)) throw wrongType(`${where}precision`, `a whole number from 0 to ${MOST_DECIMALS}`, value);
      return;
    case "gc":
      if (typeof value !== "boolean") throw wrongType(`${where}gc`, "true or false", value);
      return;
    case "report":
      if (!isReportMode(value)) throw wrongType(`${where}report`, `one of ${REPORTS.join(", ")}`, value);
      return;
    case "stream":
      if (typeof (value as TextSink | null)?.write === "function") return;
      throw wrongType(`${where}stream`, "an object with a method write(text)", value);
    case "backend":
      checkBackend(`${where}backend`, value);
      return;
    default:
      throw new MprofError(
        `unknown option: ${where}${key}`,
        "Known are precision, backend, gc, report, stream; for configure also functions, for profile also name.",
        "MPROF_OPTION_UNKNOWN",
      );
  }
}

/** Only the form; whether the host has it is for `Sources.select` to say. */
function checkBackend(key: string, value: unknown): void {
  if (typeof value === "string") {
    if (isBackendName(value)) return;
    const cure = `Choose one of ${BACKENDS.join(", ")}, or pass a source of your own, { name, read() }.`;
    throw new MprofError(`unknown backend: ${JSON.stringify(value)}`, cure, "MPROF_BACKEND_UNKNOWN");
  }
  const source = value as Partial<CustomSource> | null;
  if (typeof source?.name === "string" && typeof source.read === "function") return;
  throw wrongType(key, "the name of a source or { name, read() }", value);
}

export function isPrecision(value: unknown): value is number {
  return Number.isInteger(value) && (value as number) >= 0 && (value as number) <= MOST_DECIMALS;
}

export function isReportMode(value: unknown): value is "exit" | "call" | "none" {
  return REPORTS.includes(value as string);
}

function checkObject(value: unknown, what: string): Record<string, unknown> {
  if (typeof value === "object" && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  throw new MprofError(
    `${what} must be an object, got ${describe(value)}`,
    "Write { precision: 3 }.",
    "MPROF_OPTION_TYPE",
  );
}

function wrongType(key: string, wanted: string, got: unknown): MprofError {
  return new MprofError(
    `option "${key}" must be ${wanted}, got ${describe(got)}`,
    "docs/configuration.md lists the options with their values.",
    "MPROF_OPTION_TYPE",
  );
}

function describe(value: unknown): string {
  if (value === null || value === undefined) return String(value);
  if (typeof value === "string") return `string: ${JSON.stringify(value)}`;
  return typeof value === "object" || typeof value === "function" ? typeof value : `${typeof value}: ${String(value)}`;
}
