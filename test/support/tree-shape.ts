import { type ParserOptions, parse } from "@babel/parser";
import { parserPlugins } from "./back-ends.ts";

/** A program as a parser sees it, without its places: two texts of one shape are one program. */
export interface Shape {
  /** Parentheses, quotes and empty statements are no part of it, nor is the prologue of ours, which holds rows. */
  tree: string;
  tokens: Token[];
}

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

/** @returns `null` if it is no program */
export function shapeOf(text: string, path: string): Shape | null {
  const parsed = parseOrNull(text, path);
  if (!parsed) return null;
  const prologue = ([parsed.program.body].flat() as ParsedNode[]).find(isPrologue);
  const isProgram = ({ start, end }: Token) => !prologue || start < prologue.start || end > prologue.end;
  return { tree: write(parsed.program, "").join("\n"), tokens: tokensIn(parsed.tokens, text).filter(isProgram) };
}

/** Every node of a program, parents first. */
export function nodesIn(text: string, path: string): ParsedNode[] {
  const parsed = parseOrNull(text, path);
  return parsed ? inside(parsed.program) : [];
}

function parseOrNull(text: string, path: string): { program: ParsedNode; tokens: unknown[] } | null {
  const settings = {
    sourceType: /\.c[jt]s$/.test(path) ? "script" : "unambiguous",
    tokens: true,
    attachComment: false,
    allowReturnOutsideFunction: true,
    allowNewTargetOutsideFunction: true,
    allowUndeclaredExports: true,
    plugins: parserPlugins(path),
  };
  try {
    return parse(text, settings as ParserOptions) as unknown as { program: ParsedNode; tokens: unknown[] };
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}

const PLACES = new Set(["type", "start", "end", "loc", "range", "extra", "errors", "comments", "tokens"]);

function write(value: unknown, indent: string): string[] {
  if (Array.isArray(value)) {
    const list = value.filter((each) => !isEmpty(each));
    return [`${indent}[`, ...list.flatMap((each) => write(each, `${indent} `)), `${indent}]`];
  }
  if (!isNode(value)) return [`${indent}${plain(value)}`];
  if (isPrologue(value)) return [];
  const fields = Object.keys(value).filter((field) => !PLACES.has(field));
  const written = fields.flatMap((field) => [`${indent}${field}`, ...write(value[field], `${indent} `)]);
  return [`${indent}${value.type}`, ...written];
}

/** The line ends of templates and of text are one and the same to a program. */
function plain(value: unknown): string {
  return JSON.stringify(value, (_, each) => (typeof each === "string" ? each.replace(/\r\n?/g, "\n") : each)) ?? "none";
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
