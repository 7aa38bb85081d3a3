import picomatch from "picomatch";
import { checkValues } from "../../contract/check-options.ts";
import { type Checks, checksAt, type OptionsAt } from "../../contract/options.ts";
import { describe, listOf, type Pattern } from "../../contract/values.ts";
import type { Warning } from "./messages.ts";

export { describe, type Pattern };

/** The options of every entry: Babel plugin, `instrument()`, bundlers, the register hook. */
export interface Options extends OptionsAt<"plugin"> {
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
   * `exact`: a reading at every line. `auto`: the same while that is cheap; then lines are counted, and memory is read as
   * often as a budget allows.
   * @default "auto" where what is built runs in Node, else "exact": docs/performance.md
   */
  mode?: "exact" | "auto";
  /**
   * Takes the time of rows, too: in mode `auto` it has to be known while building, and when the program runs (`MPROF_TIME`).
   * @default false
   */
  time?: boolean;
  /**
   * Follows a sample of the objects that lines make, to say how many survive: docs/leaks.md. On Node alone.
   * @default false
   */
  survivors?: boolean;
  /**
   * Functions to profile without a mark, by name: `"load"`, `"Cache.*"`, `/^render/`. A pattern without a dot also
   * matches the last part of a name.
   */
  func?: Pattern | Pattern[];
  /** Functions never to profile, by name; wins over marks. */
  excludeFunc?: Pattern | Pattern[];
  /**
   * Files to look at, by path relative to `root`: globs, or regular expressions. One that names `node_modules` opens what
   * is in there: `["src/**", "**\/node_modules/my-lib/**"]`.
   * @default everything
   */
  include?: Pattern | Pattern[];
  /** Files to leave alone, besides those under a `node_modules`. @default nothing besides */
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
  /**
   * Names of macros and callees whose arguments keep their literal form, for compilers that read them: a call of one is
   * not taken apart. `*` stands for anything.
   * @example ["myMacro", "$*"]
   */
  literal?: string | string[];
  /**
   * How JSX is compiled: like React's (rows inside it), or by something lazy or special, as Solid or Vue (expressions
   * inside it stay whole).
   * @default found out from tsconfig, pragma, imports and package.json
   */
  jsx?: "react" | "opaque";
  /** Prints the plan of each instrumented file, with the source beside it. */
  debug?: "plan";
  /** Called for each mark or function that cannot be honoured. @default console.warn in the Babel plugin */
  onWarning?: (warning: Warning) => void;
}

const CHECKS: Checks<Options> = checksAt("plugin");

/** Throws an MprofError that names the option, its value and what is accepted. `also` are names that an entry takes itself. */
export function checkOptions(options: object, also: readonly string[] = []): void {
  checkValues(options, CHECKS, {
    also,
    cure: "Change it where mprof is configured; docs/options.md lists the options.",
  });
}

/** What is not of one's own: left alone unless `include` names it. */
const PACKAGES = "node_modules";

/** Whether the file at `path` (relative to root, with `/` or, of Windows, `\\`) is looked at. */
export function includesFile(path: string, { include, exclude }: Options): boolean {
  const slashed = path.replaceAll("\\", "/");
  if (slashed.split("/").includes(PACKAGES) && !opensPackages(include)) return false;
  const matches = (pattern: Pattern) =>
    typeof pattern === "string" ? picomatch.isMatch(slashed, pattern, { dot: true }) : isFound(pattern, slashed);
  if (listOf(exclude ?? []).some(matches)) return false;
  return include === undefined || listOf(include).some(matches);
}

/** Whether files under a `node_modules` are looked at, too. */
export function opensPackages(include: Options["include"]): boolean {
  return listOf(include ?? []).some((pattern) => String(pattern).includes(PACKAGES));
}

/** Whether a function's display name is matched by one of the patterns. */
export function matchesName(name: string, patterns: Pattern | Pattern[] | undefined): boolean {
  const last = name.slice(name.lastIndexOf(".") + 1);
  return listOf(patterns ?? []).some((pattern) => {
    if (typeof pattern !== "string") return isFound(pattern, name);
    return matchesStars(name, pattern) || (!pattern.includes(".") && matchesStars(last, pattern));
  });
}

/** As `pattern.test(text)`, which would begin where a global or sticky one has left off. */
function isFound(pattern: RegExp, text: string): boolean {
  return text.search(pattern) >= 0;
}

/** Whether `*` in the pattern can stand for what the text has there: the parts between them, in their order. */
function matchesStars(text: string, pattern: string): boolean {
  const parts = pattern.split("*");
  const first = parts.shift() ?? "";
  const last = parts.pop();
  if (last === undefined) return text === pattern;
  let at = first.length;
  if (!text.startsWith(first)) return false;
  for (const part of parts) {
    const found = text.indexOf(part, at);
    if (found < 0) return false;
    at = found + part.length;
  }
  return text.length - last.length >= at && text.endsWith(last);
}
