/**
 * What options take. One kind of value says what it expects, whether a value fits, and what a text stands for: that of a
 * flag or an environment variable. `options.ts` says which option takes which.
 *
 * As everything that the runtime loads, it uses no global object before a function of it is called: a program may have
 * hidden some while it loads us (`runtime/node/index.ts`).
 */

export interface Value<T = unknown> {
  /** After "must be": `a whole number from 0 to 20`. */
  readonly expected: string;
  fits(value: unknown): value is T;
}

/** A value that can be written as a text. */
export interface Text<T = unknown> {
  /** After "must be". */
  readonly expected: string;
  /** Undefined for a text that stands for no such value. */
  read(text: string): T | undefined;
  /** All the texts there are, if they are few. */
  readonly choices?: readonly string[];
}

/** Anything that takes text, as `process.stdout` or a file stream. */
export interface TextSink {
  write(text: string): unknown;
}

/** A source of your own, for `configure({ backend })` and `profile({ backend })`. */
export interface CustomSource {
  /** Names the metric in the profile. */
  name: string;
  /** The memory now, in bytes. Called at every probe: keep it fast, and allocate nothing if you can. */
  read(): number;
}

/** A file or function name: a glob such as `src/**` or `Cache.*`, or a regular expression. */
export type Pattern = string | RegExp;

export const YES_OR_NO: Value<boolean> = {
  expected: "true or false",
  fits: (value): value is boolean => typeof value === "boolean",
};

/** As variables say yes and no. */
export const ONE_OR_ZERO: Text<boolean> = {
  expected: "0 or 1",
  read: (text) => (text === "1" ? true : text === "0" ? false : undefined),
};

/** When garbage is collected: before each reading, at the ends of calls, or the young generation's before each reading. */
export type GcOption = boolean | "call" | "young";

export const COLLECTIONS: Value<GcOption> & Text<GcOption> = {
  expected: "true, false, call or young",
  fits: (value): value is GcOption => typeof value === "boolean" || value === "call" || value === "young",
  read: (written) =>
    written === "0" || written === "false"
      ? false
      : written === "1" || written === "line" || written === "true"
        ? true
        : written === "call" || written === "young"
          ? written
          : undefined,
};

/** A switch that is on unless it is told otherwise. */
export const UNLESS_OFF: Text<boolean> = { expected: "0, off or false to switch it off", read: (text) => !isOff(text) };

export function isOff(text: string | undefined): boolean {
  return /^(0|off|false)$/i.test(text ?? "");
}

export const FUNCTION: Value<(...args: never) => unknown> = {
  expected: "a function",
  fits: (value): value is (...args: never) => unknown => typeof value === "function",
};

export const SINK: Value<TextSink> = {
  expected: "an object with a method write(text)",
  fits: (value): value is TextSink => hasMember(value, "write", "function"),
};

/** Only its form; whether the host has a source of this name is for its sources to say. */
export const SOURCE: Value<string | CustomSource> = {
  expected: "the name of a source or { name, read() }",
  fits: (value): value is string | CustomSource =>
    isText(value) || (hasMember(value, "name", "string") && hasMember(value, "read", "function")),
};

export const OBJECT: Value<Record<string, unknown>> = {
  expected: "an object",
  fits: (value): value is Record<string, unknown> =>
    typeof value === "object" && value !== null && !Array.isArray(value),
};

export const PATTERNS: Value<Pattern | Pattern[]> = {
  expected: "a string, a RegExp, or an array of them",
  fits: (value): value is Pattern | Pattern[] => listOf(value).every((each) => isText(each) || each instanceof RegExp),
};

export const NAMES: Value<string | string[]> = {
  expected: "a string or an array of strings",
  fits: (value): value is string | string[] => listOf(value).every(isText),
};

/** A text that is not empty, called what it stands for. */
export function text(expected: string): Value<string> & Text<string> {
  return { expected, fits: isText, read: (written) => written || undefined };
}

/** More choices than these are a list. */
const MOST_QUOTED = 3;

export function oneOf<const C extends string>(...choices: C[]): Value<C> & Text<C> {
  return {
    get expected() {
      return choices.length > MOST_QUOTED ? `one of ${choices.join(", ")}` : quote(choices);
    },
    choices,
    fits: (value): value is C => choices.some((each) => each === value),
    read: (written) => choices.find((each) => each === written),
  };
}

export function wholeNumber(from: number, to = Infinity): Value<number> & Text<number> {
  const fits = (value: unknown): value is number =>
    typeof value === "number" && Number.isInteger(value) && value >= from && value <= to;
  return {
    expected: to === Infinity ? `a whole number from ${from}` : `a whole number from ${from} to ${to}`,
    fits,
    read: (written) => readNumber(written, fits),
  };
}

/** A number above 0, called what it measures. */
export function above0(expected: string): Value<number> & Text<number> {
  const fits = (value: unknown): value is number => typeof value === "number" && value > 0;
  return { expected: `${expected}, above 0`, fits, read: (written) => readNumber(written, fits) };
}

/** The value as a message shows it: `string: "x"`. */
export function describe(value: unknown): string {
  if (value === null || value === undefined) return String(value);
  if (typeof value === "function") return "function";
  const kind = Array.isArray(value) ? "array" : typeof value;
  return `${kind}: ${kind === "array" || kind === "object" || kind === "string" ? written(value) : String(value)}`;
}

/** A list of one is written without its brackets. */
export function listOf<T>(value: T | readonly T[]): readonly T[] {
  return Array.isArray(value) ? value : [value as T];
}

function quote(choices: readonly string[]): string {
  const quoted = choices.map((each) => JSON.stringify(each));
  return [quoted.slice(0, -1).join(", "), ...quoted.slice(-1)].filter(Boolean).join(" or ");
}

/** Characters of a value in a message. */
const MOST_SHOWN = 200;

/** As JSON, but for functions and expressions; what JSON cannot write, a circle for one, is still something to name. */
function written(value: unknown): string {
  const readable = (_key: string, part: unknown) => {
    if (typeof part === "function") return "function";
    return part instanceof RegExp ? String(part) : part;
  };
  try {
    const json = JSON.stringify(value, readable);
    return json.length > MOST_SHOWN ? `${json.slice(0, MOST_SHOWN)}…` : json;
  } catch {
    return String(value);
  }
}

function readNumber<T extends number>(written: string, fits: (value: unknown) => value is T): T | undefined {
  const value = /^[\d.]/.test(written) ? Number(written) : Number.NaN;
  return fits(value) ? value : undefined;
}

function isText(value: unknown): value is string {
  return typeof value === "string" && value !== "";
}

function hasMember(value: unknown, name: string, type: "function" | "string"): boolean {
  const holds = (typeof value === "object" && value !== null) || typeof value === "function";
  return holds && typeof Reflect.get(value, name) === type;
}
