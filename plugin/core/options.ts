import picomatch from "picomatch";
import { MprofError } from "./messages.ts";

/** A file or function name: a glob such as `src/**` or `Cache.*`, or a regular expression. */
export type Pattern = string | RegExp;

/** The options of every entry: Babel plugin, `instrument()`, bundlers, the register hook. */
export interface Options {
  /**
   * `false` leaves nothing in the program: marks are blanked, nothing is inserted.
   * @default true, or false if MPROF=0 is set while building
   */
  enabled?: boolean;
  /**
   * Which functions are profiled: those with a mark, or every function that has a name.
   * @default "marked"
   */
  functions?: "marked" | "all";
  /**
   * Functions to profile without a mark, by name: `"load"`, `"Cache.*"`, `/^render/`. A pattern without a dot also
   * matches the last part of a name.
   */
  func?: Pattern | Pattern[];
  /** Functions never to profile, by name; wins over marks. */
  excludeFunc?: Pattern | Pattern[];
  /** Files to look at, by path relative to `root`. @default everything */
  include?: Pattern | Pattern[];
  /** Files to leave alone. @default everything under a `node_modules` */
  exclude?: Pattern | Pattern[];
  /** What `Filename:` is relative to. @default the working directory */
  root?: string;
  /**
   * How compiled code reaches the runtime: `import` in ES modules, `require` in CommonJS, `global` in plain scripts
   * (`globalThis.__mprof`, installed by loading `mprof/runtime`).
   * @default by the kind of file
   */
  runtime?: "import" | "require" | "global";
  /** The module that compiled code loads. @default "mprof/runtime" */
  runtimeModule?: string;
  /** Put the source lines of profiled functions into the program, so that a report needs no files. @default true */
  embedSource?: boolean;
  literal?: string | string[];
  jsx?: "react" | "opaque";
  debug?: "plan";
  /** Called for each mark or function that cannot be honoured. @default console.warn in the Babel plugin */
  onWarning?: (warning: import("./messages.ts").Warning) => void;
}

const SCHEMA: Record<keyof Options, { expected: string; accepts: (value: unknown) => boolean }> = {
  enabled: { expected: "true or false", accepts: isBoolean },
  functions: { expected: '"marked" or "all"', accepts: (value) => value === "marked" || value === "all" },
  func: { expected: "a string, a RegExp, or an array of them", accepts: isPatterns },
  excludeFunc: { expected: "a string, a RegExp, or an array of them", accepts: isPatterns },
  include: { expected: "a string, a RegExp, or an array of them", accepts: isPatterns },
  exclude: { expected: "a string, a RegExp, or an array of them", accepts: isPatterns },
  root: { expected: "a path", accepts: isText },
  runtime: {
    expected: '"import", "require" or "global"',
    accepts: (value) => ["import", "require", "global"].includes(value as string),
  },
  runtimeModule: { expected: "a module specifier", accepts: isText },
  embedSource: { expected: "true or false", accepts: isBoolean },
  literal: { expected: "a string or an array of strings", accepts: isPatterns },
  jsx: { expected: '"react" or "opaque"', accepts: (value) => value === "react" || value === "opaque" },
  debug: { expected: '"plan"', accepts: (value) => value === "plan" },
  onWarning: { expected: "a function", accepts: (value) => typeof value === "function" },
};

/** Throws an MprofError that names the option, its value and what is accepted. `also` are names that an entry takes itself. */
export function checkOptions(options: object, also: readonly string[] = []): void {
  for (const [name, value] of Object.entries(options)) {
    if (also.includes(name) || value === undefined) continue;
    const rule = SCHEMA[name as keyof Options];
    if (!rule) {
      const known = [...Object.keys(SCHEMA), ...also].join(", ");
      throw new MprofError("MPROF_OPTION_UNKNOWN", `unknown option: "${name}"`, `The options are ${known}.`);
    }
    if (!rule.accepts(value)) {
      const what = `option "${name}" must be ${rule.expected}, got ${describe(value)}`;
      throw new MprofError("MPROF_OPTION_TYPE", what, `Change "${name}" where mprof is configured.`);
    }
  }
}

export function describe(value: unknown): string {
  if (value === null) return "null";
  if (Array.isArray(value)) return `array: ${JSON.stringify(value)}`;
  return `${typeof value}: ${typeof value === "object" || typeof value === "string" ? JSON.stringify(value) : String(value)}`;
}

/** Whether the file at `path` (relative to root, with `/`) is looked at. */
export function includesFile(path: string, { include, exclude = "**/node_modules/**" }: Options): boolean {
  const matches = (pattern: Pattern) =>
    typeof pattern === "string" ? picomatch.isMatch(path, pattern, { dot: true }) : pattern.test(path);
  if (listOf(exclude).some(matches)) return false;
  return include === undefined || listOf(include).some(matches);
}

/** Whether a function's display name is matched by one of the patterns. */
export function matchesName(name: string, patterns: Pattern | Pattern[] | undefined): boolean {
  const last = name.slice(name.lastIndexOf(".") + 1);
  return listOf(patterns ?? []).some((pattern) => {
    if (typeof pattern !== "string") return pattern.test(name);
    const glob = new RegExp(`^${pattern.split("*").map(escapeRegExp).join(".*")}$`);
    return glob.test(name) || (!pattern.includes(".") && glob.test(last));
  });
}

function escapeRegExp(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&");
}

export function listOf<T>(value: T | T[]): T[] {
  return Array.isArray(value) ? value : [value];
}

function isBoolean(value: unknown): boolean {
  return typeof value === "boolean";
}

function isText(value: unknown): boolean {
  return typeof value === "string" && value !== "";
}

function isPatterns(value: unknown): boolean {
  return listOf(value).every((pattern) => isText(pattern) || pattern instanceof RegExp);
}
