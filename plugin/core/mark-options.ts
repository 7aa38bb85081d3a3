import type { MarkOptions } from "../../contract/module-table.ts";
import { describe } from "./options.ts";
import type { Expression } from "./outline.ts";

/** The options that a mark can carry, and what each accepts. Names of backends are checked when the program runs. */
const ACCEPTED: Record<keyof MarkOptions, { expected: string; accepts: (value: unknown) => boolean }> = {
  precision: {
    expected: "a whole number from 0 to 20",
    accepts: (value) => Number.isInteger(value) && (value as number) >= 0 && (value as number) <= 20,
  },
  backend: { expected: "the name of a source", accepts: (value) => typeof value === "string" && value !== "" },
  name: { expected: "a text", accepts: (value) => typeof value === "string" && value !== "" },
  gc: { expected: "true or false", accepts: (value) => typeof value === "boolean" },
  report: { expected: '"exit" or "call"', accepts: (value) => value === "exit" || value === "call" },
};

export interface ReadOptions {
  options: MarkOptions;
  problems: string[];
  /** Something in it exists only at run time. */
  dynamic: boolean;
}

/** `key=value key=value`, as in `// @profile precision=4`. */
export function readCommentOptions(text: string): ReadOptions {
  const result: ReadOptions = { options: {}, problems: [], dynamic: false };
  for (const pair of text.trim().split(/\s+/).filter(Boolean)) {
    const [key, written] = [pair.slice(0, pair.indexOf("=")), pair.slice(pair.indexOf("=") + 1)];
    set(result, key, literalOf(written) ?? written);
  }
  return result;
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

function set(result: ReadOptions, key: string, value: unknown): void {
  const rule = ACCEPTED[key as keyof MarkOptions];
  if (!rule) result.problems.push(`unknown option of a mark: "${key}" (known: ${Object.keys(ACCEPTED).join(", ")})`);
  else if (!rule.accepts(value))
    result.problems.push(`option "${key}" of a mark must be ${rule.expected}, got ${describe(value)}`);
  else Object.assign(result.options, { [key]: value });
}

/** A number, boolean or text without escapes; undefined for anything else. */
function literalOf(written: string): unknown {
  if (/^-?\d+(\.\d+)?$/.test(written)) return Number(written);
  if (written === "true" || written === "false") return written === "true";
  return /^(["'`])([^"'`\\]*)\1$/.exec(written)?.[2];
}
