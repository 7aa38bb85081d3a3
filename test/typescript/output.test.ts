import assert from "node:assert/strict";
import { originalPositionFor, TraceMap } from "@jridgewell/trace-mapping";
import ts from "typescript";
import { blankOut } from "../../plugin/core/source-text.ts";
import { readFile } from "../../plugin/typescript/read-file.ts";
import { emitWithTypeScript } from "../support/emit-with-typescript.ts";
import { type Fixture, loadFixtures } from "../support/load-fixture.ts";
import { parseWithTypeScript, typescript } from "../support/typescript-back-end.ts";

const OPTIONS: ts.CompilerOptions = {
  noLib: true,
  allowJs: true,
  jsx: ts.JsxEmit.Preserve,
  outDir: "/out",
  sourceMap: true,
  moduleDetection: ts.ModuleDetectionKind.Force,
};

describe("switched off", () => {
  for (const fixture of loadFixtures()) {
    if (typescript.rejects!(fixture.input, fixture.path)) continue;
    it(`${fixture.name} is what TypeScript makes of the source without marks`, () => {
      const { input, path, options } = fixture;
      const { masks } = readFile(parseWithTypeScript(input, path), path, ts).marks;
      const plain = emitWithTypeScript({ [path]: blankOut(input, masks) }, OPTIONS, null).files;
      const off = emitWithTypeScript({ [path]: input }, OPTIONS, {
        ...options,
        enabled: false,
        onWarning: () => {},
      }).files;
      assert.deepEqual(off, plain);
    });
  }
});

describe("declarations", () => {
  for (const fixture of loadFixtures()) {
    if (!/\.tsx?$/.test(fixture.path)) continue;
    it(`of ${fixture.name} are the same`, () =>
      assert.deepEqual(declarationsOf(fixture, { functions: "all" }), declarationsOf(fixture, null)));
  }
});

function declarationsOf({ input, path }: Fixture, config: object | null): string {
  const options = { ...OPTIONS, noLib: false, declaration: true, emitDeclarationOnly: true, noImplicitAny: false };
  const { files } = emitWithTypeScript({ [path]: input }, options, config && { onWarning: () => {}, ...config });
  return Object.values(files)[0]!;
}

describe("source maps", () => {
  for (const target of [ts.ScriptTarget.ES2017, ts.ScriptTarget.ESNext]) {
    for (const inlineSources of [false, true]) {
      it(`lead each word back to its line, target ${ts.ScriptTarget[target]}${inlineSources ? ", inline sources" : ""}`, () => {
        const fixtures = loadFixtures().filter(({ input, path }) => !typescript.rejects!(input, path));
        const counts = fixtures.map(({ input, path, name }) =>
          findWords(input, path, name, { ...OPTIONS, target, inlineSources }),
        );
        const total = counts.reduce((sum, count) => sum + count, 0);
        assert.ok(process.env.FIXTURE || total > 500, `${total} names were compared`);
      });
    }
  }
});

/** Every name that occurs once in source and code, the prologue apart, is mapped to the line where it stands in the source. */
function findWords(input: string, path: string, fixture: string, options: ts.CompilerOptions): number {
  let count = 0;
  const { files } = emitWithTypeScript({ [path]: input }, options, { functions: "all", onWarning: () => {} });
  const fileOf = (isWanted: (name: string) => boolean) => files[Object.keys(files).find(isWanted)!]!;
  const map = new TraceMap(fileOf((name) => name.endsWith(".map")));
  const code = fileOf((name) => !name.endsWith(".map")).replace(/^.*__mp_t = .*$/m, "");
  for (const name of namesIn(parseWithTypeScript(input, path))) {
    const [written, found] = [linesWith(input, name), linesWith(code, name)];
    if (written.length !== 1 || found.length !== 1) continue;
    count++;
    assert.equal(originalPositionFor(map, found[0]!).line, written[0]!.line, `${fixture}: ${name}`);
  }
  return count;
}

/** Names of values: of types nothing is left. */
function namesIn(file: ts.SourceFile): Set<string> {
  const names = new Set<string>();
  const visit = (node: ts.Node): void => {
    if (ts.isIdentifier(node) && !/^(no)?profile$/.test(node.text)) names.add(node.text);
    if (!ts.isTypeNode(node)) ts.forEachChild(node, visit);
  };
  visit(file);
  return names;
}

function linesWith(text: string, name: string): { line: number; column: number }[] {
  const word = new RegExp(`(?<![\\w$])${name.replace(/\$/g, "\\$")}(?![\\w$])`, "g");
  return text
    .split(/\r\n|[\n\r\u2028\u2029]/)
    .flatMap((line, index) => [...line.matchAll(word)].map((match) => ({ line: index + 1, column: match.index })));
}
