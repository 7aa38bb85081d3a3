/** Names in a text, and where a map leads them: how tests ask whether a map is exact. */
import assert from "node:assert/strict";
import { parse } from "@babel/parser";
import { type EncodedSourceMap, TraceMap, traceSegment } from "@jridgewell/trace-mapping";
import { readFile } from "../../plugin/babel/read-file.ts";
import { chooseNames } from "../../plugin/core/names.ts";
import { blankOut, SourceText } from "../../plugin/core/source-text.ts";
import { createParser } from "../../plugin/source/parse.ts";
import { parserPlugins } from "./back-ends.ts";

export interface Mapped {
  code: string;
  map: EncodedSourceMap;
}

export interface Name {
  text: string;
  start: number;
  line: number;
  column: number;
}

/** Words that the tokenizer takes for names; Babel gives them no mapping of their own. */
const CONTEXTUAL =
  /^(as|from|of|let|async|get|set|static|using|accessor|type|interface|declare|readonly|namespace|module|enum|abstract|public|private|protected|override|satisfies|keyof|is|asserts|implements|any|number|string|boolean|unknown|never|object|symbol|undefined)$/;

/** The names of a text: identifiers, private names, JSX names. */
export function namesIn(text: string, path: string): Name[] {
  const { tokens } = parse(text, {
    sourceType: /\.c[jt]s$/.test(path) ? "script" : "unambiguous",
    plugins: parserPlugins(path) as never,
    tokens: true,
    errorRecovery: true,
    allowReturnOutsideFunction: true,
    allowNewTargetOutsideFunction: true,
    allowUndeclaredExports: true,
  });
  return (
    tokens as {
      type: { label: string };
      value: unknown;
      start: number;
      end: number;
      loc: { start: { line: number; column: number } };
    }[]
  )
    .filter(({ type }) => type.label === "name" || type.label === "jsxName")
    .map(({ start, end, loc }) => ({
      text: text.slice(start, end),
      start,
      line: loc.start.line,
      column: loc.start.column,
    }))
    .filter(({ text: name }) => !CONTEXTUAL.test(name));
}

/** Names that our forms bring along: they may map to the place they were written at, or to none. */
export function isOurs(name: Name, code: string, prefix = "__mp"): boolean {
  const { index: start = 0, 0: prologue = "" } = PROLOGUE.exec(code) ?? {};
  const isInPrologue = name.start >= start && name.start < start + prologue.length;
  return isInPrologue || name.text.startsWith(prefix) || /\b__mp\w*(\(\))?\.$/.test(code.slice(0, name.start));
}

const PROLOGUE =
  /(import \{ table as \w+ \} from "[^"]*";\s*)?var __mp\w*;\s*function __mp\w*_m\w*\(\) \{(\n[\s\S]*?\n\}| return (?:"(?:\\.|[^"\\])*"|[^"\n])*?\)\); \})/;

/** Where a name comes from, if a segment of the map begins at it. */
export function placeOf(traced: TraceMap, { line, column }: Name): { line: number; column: number } | null {
  const segment = traceSegment(traced, line - 1, column);
  return segment && segment.length > 1 && segment[0] === column ? { line: segment[2]! + 1, column: segment[3]! } : null;
}

export function assertExact({ code, map }: Mapped, source: string, path: string): void {
  const traced = new TraceMap(map as never);
  const sourceLines = new SourceText(source).lines;
  const prefix = chooseNames(source, null).activation;
  const reached = new Set<string>();
  const written = new Set<string>();
  for (const name of namesIn(code, path)) {
    if (isOurs(name, code, prefix)) continue;
    const place = placeOf(traced, name);
    if (place === null) {
      written.add(name.text);
      continue;
    }
    const key = `${place.line}:${place.column}`;
    const where = `${name.text} at ${name.line}:${name.column} of\n${new SourceText(code).lines[name.line - 1]}`;
    assert.ok(sourceLines[place.line - 1]!.startsWith(name.text, place.column), `${key} of the source is not ${where}`);
    assert.ok(!reached.has(key), `${key} of the source is met twice, by ${where}`);
    reached.add(key);
  }
  const { marks } = readFile({ path, text: source }, null, createParser(path, "module"));
  const isMark = ({ start }: Name) => marks.masks.some((mask) => start >= mask.start && start < mask.end);
  // `continue label` becomes a break; the name of a moved declaration is written anew.
  const isRenewed = ({ text, start }: Name) => /\bcontinue\s+$/.test(source.slice(0, start)) || written.has(text);
  const lost = namesIn(blankOut(source, marks.masks), path).filter(
    ({ line, column }) => !reached.has(`${line}:${column}`),
  );
  assert.deepEqual(
    lost.filter((name) => !isRenewed(name) && !isMark(name)),
    [],
    "names of the source that nothing leads to",
  );
  const renewed = new Set(lost.map(({ text }) => text));
  assert.deepEqual(
    [...written].filter((text) => !renewed.has(text)),
    [],
    "names that come from nowhere",
  );
}

/**
 * For a compiler that maps what it changes: the same names lead to the same places as without probes, and each of them to
 * itself wherever it did before.
 */
export function assertAsExact(instrumented: Mapped, plain: Mapped, source: string, codePath: string): void {
  const prefix = chooseNames(source, null).activation;
  const [now, before] = [instrumented, plain].map((mapped) => leads(mapped, codePath, prefix)) as [Leads, Leads];
  const lines = new SourceText(source).lines;
  for (const lead of now.leads) {
    const [line, column, text] = JSON.parse(lead) as [number, number, string];
    const isItself = lines[line - 1]!.startsWith(text, column);
    assert.ok(isItself || before.leads.includes(lead), `${line}:${column} of the source is not ${text}`);
  }
  const lost = without(before.leads, now.leads).map((lead) => JSON.parse(lead) as [number, number, string]);
  const anew = without(now.unmapped, before.unmapped);
  // `continue label` becomes a break; the name of a moved declaration is written anew.
  const isRenewed = ([line, column, text]: [number, number, string]) =>
    anew.includes(text) || /\bcontinue\s+$/.test(lines[line - 1]!.slice(0, column));
  assert.deepEqual(
    lost.filter((lead) => !isRenewed(lead)),
    [],
    "names of the source that nothing leads to",
  );
  assert.deepEqual(without(now.leads, before.leads), [], "names that lead to a place once too often");
  assert.deepEqual(
    anew.filter((text) => !lost.some((lead) => lead[2] === text)),
    [],
    "names that come from nowhere",
  );
}

interface Leads {
  /** Line, column and name, as JSON. */
  leads: string[];
  unmapped: string[];
}

function leads({ code, map }: Mapped, path: string, prefix: string): Leads {
  const traced = new TraceMap(map as never);
  const found: Leads = { leads: [], unmapped: [] };
  for (const name of namesIn(code, path)) {
    if (isOurs(name, code, prefix)) continue;
    const place = placeOf(traced, name);
    if (place) found.leads.push(JSON.stringify([place.line, place.column, name.text]));
    else found.unmapped.push(name.text);
  }
  return found;
}

/** A list less each element of another one, as often as it stands there. */
function without(list: readonly string[], taken: readonly string[]): string[] {
  const left = [...taken];
  return list.filter((each) => {
    const index = left.indexOf(each);
    if (index >= 0) left.splice(index, 1);
    return index < 0;
  });
}
