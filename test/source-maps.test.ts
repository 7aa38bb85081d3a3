/**
 * Every name of a fixture that survives maps back to itself. Checked by searching names in the code: each one that is not
 * ours must come from a place of the source where the same name stands, and no two from the same place.
 */
import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { join } from "node:path";
import type * as Babel from "@babel/core";
import { type EncodedSourceMap, TraceMap } from "@jridgewell/trace-mapping";
import MagicString from "magic-string";
import ts from "typescript";
import { createBabelPlugin } from "../plugin/babel/index.ts";
import type { Options } from "../plugin/core/options.ts";
import { blankOut, SourceText } from "../plugin/core/source-text.ts";
import { createHost } from "../plugin/node/host.ts";
import { factsOf } from "../plugin/node/project-facts.ts";
import { instrument } from "../plugin/source/instrument.ts";
import { readOrigin } from "../plugin/source/origin.ts";
import { readFile as readWithTypeScript } from "../plugin/typescript/read-file.ts";
import { parserPlugins, settingsFor } from "./support/back-ends.ts";
import { emitWithTypeScript } from "./support/emit-with-typescript.ts";
import { assertAsExact, assertExact, isOurs, type Mapped, namesIn, placeOf } from "./support/exact-maps.ts";
import { loadFixtures, ROOT } from "./support/load-fixture.ts";
import { BIN } from "./support/run-cli.ts";
import { parseWithTypeScript, typescript } from "./support/typescript-back-end.ts";
import { createProject, type Project } from "./support/typescript-project.ts";

const EMIT: ts.CompilerOptions = {
  target: ts.ScriptTarget.ESNext,
  noLib: true,
  allowJs: true,
  jsx: ts.JsxEmit.Preserve,
  outDir: "/out",
  sourceMap: true,
};
const require = createRequire(import.meta.url);
const host = createHost(factsOf, { MPROF_MODE: process.env.MPROF_MODE });

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
    return result?.map ? { code: result.code, map: result.map } : null;
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

describe("source maps of the typescript back-end", () => {
  for (const { name, input, path, options = {} } of loadFixtures()) {
    if (typescript.rejects!(input, path)) continue;
    it(`are as exact as TypeScript's own for ${name}`, () => {
      const { masks } = readWithTypeScript(parseWithTypeScript(input, path), path, ts).marks;
      const plain = emit(blankOut(input, masks), path, null);
      const instrumented = emit(input, path, options);
      assertAsExact(instrumented, plain, input, instrumented.path);
    });
  }
});

/** The compiler's maps lead on through those of the instrumented text. */
describe("source maps of mprof build", function () {
  this.timeout(180_000);
  // What TypeScript makes of `.cjs` files depends on the package around them.
  const fixtures = loadFixtures().filter(
    ({ path, input }) => !path.endsWith(".cjs") && !typescript.rejects!(input, path),
  );
  const nameOf = ({ name, path }: { name: string; path: string }) => `src/${name}${path.slice(path.lastIndexOf("."))}`;
  let project: Project;

  before(async () => {
    const names = { target: "esnext", module: "esnext", moduleResolution: "bundler", jsx: "preserve" };
    const compilerOptions = { ...names, noLib: true, types: [], allowJs: true, sourceMap: true, rootDir: "src" };
    const sources = fixtures.map((fixture) => [nameOf(fixture), fixture.input] as const);
    project = createProject({
      "tsconfig.json": JSON.stringify({ compilerOptions, include: ["src"] }),
      "package.json": "{}",
      ...Object.fromEntries(sources),
    });
    await project.node(BIN, "build", "--mode", "exact", "--out", "build");
  });
  after(() => project.remove());

  for (const fixture of fixtures) {
    it(`are as exact as TypeScript's own for ${fixture.name}`, () => {
      const { input, path } = fixture;
      const { masks } = readWithTypeScript(parseWithTypeScript(input, path), path, ts).marks;
      const plain = emit(blankOut(input, masks), path, null);
      const file = nameOf(fixture)
        .replace("src/", "build/")
        .replace(/ts(x?)$/, "js$1");
      const map = JSON.parse(project.read(`${file}.map`)) as EncodedSourceMap;
      assertAsExact({ code: project.read(file), map }, plain, input, file);
    });
  }
});

/** Through TypeScript's whole emit, with its map. */
function emit(text: string, path: string, config: Options | null): Mapped & { path: string } {
  const given = config && { ...config, onWarning: () => {} };
  const { files } = emitWithTypeScript({ [path]: text }, EMIT, given);
  const name = Object.keys(files).find((each) => !each.endsWith(".map"))!;
  return { code: files[name]!, map: JSON.parse(files[`${name}.map`]!) as EncodedSourceMap, path: name };
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
