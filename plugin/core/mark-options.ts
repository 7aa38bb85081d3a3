import { findProblem } from "../../contract/check-options.ts";
import type { MarkOptions } from "../../contract/module-table.ts";
import { type Checks, checksAt } from "../../contract/options.ts";
import type { Expression } from "./outline.ts";

/** Names of backends are checked when the program runs. */
const CHECKS: Checks<MarkOptions> = checksAt("mark");

export interface ReadOptions {
  options: MarkOptions;
  problems: string[];
  /** Something in it exists only at run time. */
  dynamic: boolean;
}

/** `key=value key="a value"`, as in `// @profile precision=4`. */
export function readCommentOptions(text: string): ReadOptions {
  const result: ReadOptions = { options: {}, problems: [], dynamic: false };
  for (let at = skipBlanks(text, 0); at < text.length; ) {
    const end = endOfPair(text, at);
    const pair = text.slice(at, end);
    const equals = pair.indexOf("=");
    if (equals <= 0) result.problems.push(`an option of a mark is written name=value: ${pair}`);
    else {
      const written = pair.slice(equals + 1);
      set(result, pair.slice(0, equals), literalOf(written) ?? written);
    }
    at = skipBlanks(text, end);
  }
  return result;
}

function skipBlanks(text: string, from: number): number {
  let at = from;
  while (at < text.length && isBlank(text, at)) at++;
  return at;
}

/** The blank behind a pair; those within the quotes of its value do not count. */
function endOfPair(text: string, from: number): number {
  let at = from;
  while (at < text.length && !isBlank(text, at)) {
    const close = text[at] === "=" && /["'`]/.test(text[at + 1] ?? "") ? text.indexOf(text[at + 1]!, at + 2) : -1;
    at = Math.max(at, close) + 1;
  }
  return at;
}

function isBlank(text: string, at: number): boolean {
  return /\s/.test(text[at]!);
}

/** The literal members of an object; a member that is none makes the result dynamic and is a problem. */
export function readLiteralOptions(expression: Expression<unknown>, text: string): ReadOptions {
  const result: ReadOptions = { options: {}, problems: [], dynamic: false };
  if (expression.kind !== "object") {
    const written = text.slice(expression.start, expression.end);
    return { ...result, dynamic: true, problems: [`options that are no object literal: ${written}`] };
  }
  for (const { name, value } of expression.properties) {
    const written = text.slice(value.start, value.end);
    const literal = literalOf(written);
    if (name !== null && literal !== undefined) set(result, name, literal);
    else {
      result.dynamic = true;
      result.problems.push(`option "${name ?? "…"}" of a mark is no literal: ${written}`);
    }
  }
  return result;
}

function set(result: ReadOptions, name: string, value: unknown): void {
  const problem = findProblem(name, value, CHECKS, " of a mark");
  if (problem) result.problems.push(problem.what);
  else Object.assign(result.options, { [name]: value });
}

/** A number, boolean or text without escapes; undefined for anything else. */
function literalOf(written: string): unknown {
  if (/^-?\d+(\.\d+)?$/.test(written)) return Number(written);
  if (written === "true" || written === "false") return written === "true";
  const quote = written[0];
  const isQuoted = written.length > 1 && (quote === '"' || quote === "'" || quote === "`") && written.endsWith(quote);
  const inside = written.slice(1, -1);
  return isQuoted && !inside.includes(quote) && !inside.includes("\\") ? inside : undefined;
}
