import { type ParserOptions, parse } from "@babel/parser";
import { parserPlugins } from "./back-ends.ts";

export interface Token {
  /** As written; of strings and numbers the value. */
  text: string;
  kind: "string" | "template" | "jsxText" | "other";
  start: number;
  end: number;
}

interface ParsedNode {
  type: string;
  start: number;
  end: number;
  [field: string]: unknown;
}

/**
 * A program as a parser sees it, a line for each thing it says: two texts of one tree are one program. Parentheses, quotes,
 * places and empty statements are no part of it, nor is the prologue of ours, which holds rows. `null` if it is no program.
 */
export function treeOf(text: string, path: string): string | null {
  const parsed = parseOrNull(text, path, false);
  if (!parsed) return null;
  const lines: string[] = [];
  write(parsed.program, lines);
  return lines.join("\n");
}

/** The tokens of a program, but for those of the prologue of ours; `null` if it is none. */
export function tokensOf(text: string, path: string): Token[] | null {
  const parsed = parseOrNull(text, path, true);
  if (!parsed) return null;
  const prologue = ([parsed.program.body].flat() as ParsedNode[]).find(isPrologue);
  const isProgram = ({ start, end }: Token) => !prologue || start < prologue.start || end > prologue.end;
  return tokensIn(parsed.tokens ?? [], text).filter(isProgram);
}

/** Every node of a program, parents first. */
export function nodesIn(text: string, path: string): ParsedNode[] {
  const parsed = parseOrNull(text, path, false);
  return parsed ? inside(parsed.program) : [];
}

interface ParsedFile {
  program: ParsedNode;
  tokens?: unknown[] | null;
}

function parseOrNull(text: string, path: string, tokens: boolean): ParsedFile | null {
  const settings = {
    sourceType: /\.c[jt]s$/.test(path) ? "script" : "unambiguous",
    tokens,
    attachComment: false,
    allowReturnOutsideFunction: true,
    allowNewTargetOutsideFunction: true,
    allowUndeclaredExports: true,
    plugins: parserPlugins(path),
  };
  try {
    return parse(text, settings as ParserOptions) as unknown as ParsedFile;
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}

const PLACES = new Set(["type", "start", "end", "loc", "range", "extra", "errors", "comments", "tokens"]);

function write(value: unknown, lines: string[]): void {
  if (Array.isArray(value)) {
    lines.push("[");
    for (const each of value) if (!isEmpty(each)) write(each, lines);
    lines.push("]");
  } else if (isNode(value)) {
    if (isPrologue(value)) return;
    lines.push(value.type);
    for (const field of Object.keys(value)) {
      if (PLACES.has(field)) continue;
      lines.push(field);
      write(field === "expressions" && value.type === "SequenceExpression" ? flat(value) : value[field], lines);
    }
    lines.push(")");
  } else lines.push(plain(value));
}

/** `a, (b, c)` is `a, b, c`. */
function flat({ expressions }: ParsedNode): ParsedNode[] {
  return (expressions as ParsedNode[]).flatMap((each) => (each.type === "SequenceExpression" ? flat(each) : [each]));
}

/** The line ends of templates and of text are one and the same to a program. */
function plain(value: unknown): string {
  if (typeof value === "string") return JSON.stringify(value.replace(/\r\n?/g, "\n"));
  if (typeof value !== "object" || value === null) return String(value);
  return JSON.stringify(value, (_, each) => (typeof each === "string" ? each.replace(/\r\n?/g, "\n") : each));
}

function isNode(value: unknown): value is ParsedNode {
  return typeof value === "object" && value !== null && typeof (value as ParsedNode).type === "string";
}

function isEmpty(value: unknown): boolean {
  return isNode(value) && value.type === "EmptyStatement";
}

function isPrologue({ type, id }: ParsedNode): boolean {
  return type === "FunctionDeclaration" && /^__mp\w*_m/.test((id as { name?: string } | null)?.name ?? "");
}

function inside(node: ParsedNode): ParsedNode[] {
  const children = Object.entries(node).flatMap(([field, value]) => (PLACES.has(field) ? [] : [value].flat(1)));
  return [node, ...children.filter(isNode).flatMap(inside)];
}

function tokensIn(tokens: readonly unknown[], text: string): Token[] {
  return tokens.flatMap((token): Token[] => {
    const { type, value, start, end } = token as {
      type: string | { label: string };
      value?: unknown;
      start: number;
      end: number;
    };
    if (typeof type === "string" || type.label === "eof") return [];
    const written = text.slice(start, end);
    const label = ["string", "jsxText", "template"].find((each) => each === type.label) as Token["kind"] | undefined;
    const kind = label ?? "other";
    if (kind === "string") return [{ kind, text: JSON.stringify(value), start, end }];
    return [{ kind, text: /^\d[\w.]*$/.test(written) ? String(Number(written)) : written, start, end }];
  });
}
