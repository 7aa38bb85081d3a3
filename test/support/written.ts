import assert from "node:assert/strict";
import type { ModuleTable } from "../../contract/module-table.ts";
import type { BackEnd } from "./back-ends.ts";
import type { Fixture } from "./load-fixture.ts";
import { type Token, tokensOf, treeOf } from "./tree-shape.ts";

/** What a back-end makes of a text. */
export interface Made {
  /** `null` if the text is left alone. */
  written: Written | null;
  /** Codes. */
  warnings: string[];
}

export function make(backEnd: BackEnd, { path, options = {} }: Fixture, text: string): Made {
  const { code, table, warnings } = backEnd.compile(text, path, options);
  assert.ok(!warnings.some((warning) => warning.code === "MPROF_INTERNAL"), warnings[0]?.message);
  const written = code === null || !table ? null : new Written(code, table, path);
  return { written, warnings: warnings.map((warning) => warning.code) };
}

/** Parsed when it is asked for: an original is held against each of its mutants. */
class Written {
  readonly table: ModuleTable;
  private readonly code: string;
  private readonly path: string;
  private tree: string | null = null;
  private tokens: string[] | null = null;

  constructor(code: string, table: ModuleTable, path: string) {
    this.code = code;
    this.table = table;
    this.path = path;
  }

  getTree(): string {
    this.tree ??= this.orFail(treeOf(this.code, this.path));
    return this.tree;
  }

  getOwnTokens(): string[] {
    this.tokens ??= ownTokens(this.orFail(tokensOf(this.code, this.path)));
    return this.tokens;
  }

  private orFail<T>(found: T | null): T {
    assert.ok(found, `no program:\n${this.code}`);
    return found;
  }
}

/** Whether both are one program with one table, but for the text of its rows. @returns where they part */
export function compareAll(expected: Made, actual: Made): string | null {
  return compare(expected, actual, (before, after) => {
    const [tree, other] = [before.getTree(), after.getTree()];
    if (tree !== other) return difference(tree.split("\n"), other.split("\n"), " ");
    return difference(rowsOf(before.table), rowsOf(after.table), "\n");
  });
}

/** The same of the program's own tokens: probes and rows may differ. */
export function compareOwn(expected: Made, actual: Made): string | null {
  return compare(expected, actual, (before, after) => difference(before.getOwnTokens(), after.getOwnTokens(), " "));
}

function compare(
  expected: Made,
  actual: Made,
  compareWritten: (before: Written, after: Written) => string | null,
): string | null {
  if (`${actual.warnings}` !== `${expected.warnings}`) return `warnings: ${actual.warnings.join(", ") || "none"}`;
  if (!expected.written) return actual.written ? "something is written" : null;
  return actual.written ? compareWritten(expected.written, actual.written) : "left alone";
}

function rowsOf({ listings, functions }: ModuleTable): string[] {
  const rows = listings.map(({ name, first, lines, options }) => {
    // The column of a function without a name may move.
    const shown = name.replace(/:\d+\)$/, ")");
    return JSON.stringify([shown, first, lines.length, options]);
  });
  return [...rows, ...functions.map((each) => JSON.stringify(each))];
}

/** Probes, and what is written round bodies; brackets, commas and semicolons are left out before. */
const FORMS: readonly [RegExp, string][] = [
  [/ const __mp\w* = __mp\w*_m\w* \. enter \d+ try(?= )/g, ""],
  [/ __mp\w* \. resume try(?= )/g, ""],
  [/ finally __mp\w* \. (exit|suspend)(?= )/g, ""],
  [/ __mp\w* \. ((line|back|at) \d+|suspend|resume)(?= )/g, ""],
  // Where arriving is no start.
  [/ (for|while)(?= )/g, " loop"],
];

function ownTokens(tokens: readonly Token[]): string[] {
  const signs = new Set(["(", ")", "{", "}", ";", ","]);
  const own = tokens.map(({ text }) => text).filter((text) => !signs.has(text));
  return FORMS.reduce((text, [form, by]) => text.replace(form, by), ` ${own.join(" ")} `)
    .trim()
    .split(" ");
}

function difference(expected: readonly string[], actual: readonly string[], separator: string): string | null {
  const at = expected.findIndex((each, index) => each !== actual[index]);
  if (at < 0 && expected.length === actual.length) return null;
  const from = Math.max(0, (at < 0 ? expected.length : at) - 8);
  const part = (all: readonly string[]) => all.slice(from, from + 20).join(separator);
  return `${part(actual)}\n  instead of ${part(expected)}`;
}
