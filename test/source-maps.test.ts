/**
 * Every name of a fixture that survives maps back to itself. Checked by searching names in the code: each one that is not
 * ours must come from a place of the source where the same name stands, and no two from the same place.
 */
import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { join } from "node:path";
import type * as Babel from "@babel/core";
import { parse } from "@babel/parser";
import { type EncodedSourceMap, TraceMap, traceSegment } from "@jridgewell/trace-mapping";
import MagicString from "magic-string";
import ts from "typescript";
import { createBabelPlugin } from "../plugin/babel/index.ts";
import { readFile } from "../plugin/babel/read-file.ts";
import { chooseNames } from "../plugin/core/names.ts";
import type { Options } from "../plugin/core/options.ts";
import { blankOut, SourceText } from "../plugin/core/source-text.ts";
import { createHost } from "../plugin/node/host.ts";
import { instrument } from "../plugin/source/instrument.ts";
import { readOrigin } from "../plugin/source/origin.ts";
import { createParser } from "../plugin/source/parse.ts";
import { parserPlugins, settingsFor } from "./support/back-ends.ts";
import { loadFixtures, ROOT } from "./support/load-fixture.ts";

const require = createRequire(import.meta.url);
const host = createHost({});

interface Mapped {
  code: string;
  map: EncodedSourceMap;
}

type MappingBackEnd = (text: string, path: string, options: Options, incoming?: EncodedSourceMap) => Mapped | null;

const BACK_ENDS: Record<string, MappingBackEnd> = {
  source(text, path, options, incoming) {
    const given = {
      root: ROOT,
      ...options,
      filename: join(ROOT, path),
      inputSourceMap: incoming ?? null,
      onWarning: () => {},
    };
    const result = instrument(text, given, host);
    return result && { code: result.code, map: result.map! };
  },
  babel(text, path, options, incoming) {
    const core = require("@babel/core") as typeof Babel;
    const plugin = createBabelPlugin(host, readOrigin);
    const result = core.transformSync(text, {
      ...settingsFor(path),
      filename: join(ROOT, path),
      sourceMaps: true,
      inputSourceMap: incoming as never,
      plugins: [[plugin, { root: ROOT, ...options, onWarning: () => {} }]],
      parserOpts: {
        plugins: parserPlugins(path) as never,
        allowReturnOutsideFunction: true,
        allowNewTargetOutsideFunction: true,
      },
    });
    return { code: result!.code!, map: result!.map as unknown as EncodedSourceMap };
  },
};

for (const [name, compile] of Object.entries(BACK_ENDS)) {
  describe(`source maps of the ${name} back-end`, () => {
    for (const { name: fixture, input, path, options = {} } of loadFixtures()) {
      it(`are exact for ${fixture}`, () => {
        const mapped = compile(input, path, options);
        if (mapped) assertExact(mapped, input, path);
      });
    }

    it("lead on to the TypeScript that the text was compiled from", () => {
      const source =
        "interface Box { value: number }\n\n// @profile\nexport function unbox(\n  box: Box,\n): number {\n  const { value } = box as Box;\n  return value!;\n}\n";
      const { outputText, sourceMapText } = ts.transpileModule(source, {
        compilerOptions: { sourceMap: true, target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.ESNext },
        fileName: "box.ts",
      });
      assertLeadsBack(compile, outputText, JSON.parse(sourceMapText!), source);
    });

    it("lead on to a component whose script was moved behind generated code", () => {
      const source =
        "<p>{{ count }}</p>\n<script>\n// @profile\nexport function add(count) {\n  return count + 1;\n}\n</script>\n";
      const moved = new MagicString(source);
      moved.remove(0, source.indexOf("// @profile")).remove(source.indexOf("</script>"), source.length);
      moved.prepend("function render(context) { return context.text; }\n").append("export { render };\n");
      const incoming = moved.generateMap({ source: "Counter.vue", includeContent: true, hires: true });
      assertLeadsBack(compile, moved.toString(), JSON.parse(incoming.toString()), source);
    });
  });
}

interface Name {
  text: string;
  start: number;
  line: number;
  column: number;
}

/** Words that the tokenizer takes for names; Babel gives them no mapping of their own. */
const CONTEXTUAL =
  /^(as|from|of|let|async|get|set|static|using|accessor|type|interface|declare|readonly|namespace|module|enum|abstract|public|private|protected|override|satisfies|keyof|is|asserts|implements|any|number|string|boolean|unknown|never|object|symbol|undefined)$/;

/** The names of a text: identifiers, private names, JSX names. */
function namesIn(text: string, path: string): Name[] {
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
function isOurs(name: Name, code: string, prefix = "__mp"): boolean {
  const { index: start = 0, 0: prologue = "" } = PROLOGUE.exec(code) ?? {};
  const isInPrologue = name.start >= start && name.start < start + prologue.length;
  return isInPrologue || name.text.startsWith(prefix) || /\b__mp\w*(\(\))?\.$/.test(code.slice(0, name.start));
}

const PROLOGUE =
  /(import \{ table as \w+ \} from "[^"]*";\s*)?var __mp\w*;\s*function __mp\w*_m\w*\(\) \{(\n[\s\S]*?\n\}| return .*?\)\); \})/;

/** Where a name comes from, if a segment of the map begins at it. */
function placeOf(traced: TraceMap, { line, column }: Name): { line: number; column: number } | null {
  const segment = traceSegment(traced, line - 1, column);
  return segment && segment.length > 1 && segment[0] === column ? { line: segment[2]! + 1, column: segment[3]! } : null;
}

function assertExact({ code, map }: Mapped, source: string, path: string): void {
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
  const { marks } = readFile({ path, text: source, origin: null }, createParser(path, "module"));
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

/** Every name of the code, but for ours and for generated ones, through the incoming map. */
function assertLeadsBack(compile: MappingBackEnd, text: string, incoming: EncodedSourceMap, source: string): void {
  const mapped = compile(text, "compiled.mjs", {}, incoming)!;
  const own = new TraceMap(mapped.map as never);
  const isComposed = own.sources[0] !== join(ROOT, "compiled.mjs") && !own.sources[0]!.endsWith("compiled.mjs");
  const first = new TraceMap(incoming as never);
  const sourceLines = new SourceText(source).lines;
  let traced = 0;
  for (const name of namesIn(mapped.code, "compiled.mjs")) {
    if (isOurs(name, mapped.code)) continue;
    const near = placeOf(own, name);
    const place = isComposed || near === null ? near : placeOf(first, { ...name, ...near });
    if (place === null) continue;
    assert.ok(
      sourceLines[place.line - 1]!.startsWith(name.text, place.column),
      `${name.text} leads to ${place.line}:${place.column}`,
    );
    traced++;
  }
  assert.ok(traced >= 3, `only ${traced} names lead back`);
}
