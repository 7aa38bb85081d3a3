import assert from "node:assert/strict";
import ts from "typescript";
import { createHost } from "../../plugin/node/host.ts";
import { factsOf } from "../../plugin/node/project-facts.ts";
import { createTypeScriptPlugin } from "../../plugin/typescript/index.ts";
import { emitWithTypeScript } from "../support/emit-with-typescript.ts";

const MPROF = {
  "node_modules/mprof/index.d.ts": "export declare const profile: any, noprofile: any, getProfile: () => object;\n",
};
const STRICT = { noUnusedLocals: true, moduleResolution: ts.ModuleResolutionKind.Bundler };

function diagnose(text: string, options: ts.CompilerOptions = {}, config = {}): string[] {
  return emitWithTypeScript({ "main.ts": text, ...MPROF }, { ...STRICT, ...options }, config).diagnostics;
}

describe("what TypeScript says of a project with marks", () => {
  it("is nothing about marks above functions, variables, classes and members", () => {
    const text = `
      @profile export function a() {}
      @profile({ precision: 4 }) export async function* b() {}
      @profile export const c = () => 1;
      export class D {
        @profile constructor() {}
        @profile static e() {}
        @profile get f() { return 1; }
        @noprofile #g() {}
        h() { this.#g(); @profile function inner() {} inner(); }
      }
      @profile export default class { i() {} }
    `;
    assert.deepEqual(diagnose(text), []);
    assert.deepEqual(diagnose(text, { experimentalDecorators: true, emitDecoratorMetadata: true }), []);
    assert.deepEqual(diagnose(text, { isolatedModules: true, isolatedDeclarations: false, composite: true }), []);
    assert.deepEqual(diagnose(text, {}, { enabled: false }), []);
  });

  it("is nothing about an import that only marks use", () => {
    assert.deepEqual(diagnose('import { profile } from "mprof";\n@profile\nexport function f() {}\n'), []);
    assert.deepEqual(
      diagnose('import { profile as p, getProfile } from "mprof";\n@p\nexport function f() { return getProfile(); }\n'),
      [],
    );
    assert.deepEqual(
      diagnose(
        'import { profile } from "mprof";\n@profile\nexport function f() {}\nexport const g = profile(() => 1);\n',
      ),
      [],
    );
  });

  it("is what it was about everything else", () => {
    const text =
      "@other\nexport function f(): number {\n  return missing;\n}\nconst unused = 1;\nexport class C { @gone m() {} }\n";
    const without = emitWithTypeScript({ "main.ts": text }, STRICT, null).diagnostics;
    assert.equal(without.length, 4);
    assert.deepEqual(diagnose(text), without);
    assert.deepEqual(diagnose(text.replace("export class", "@profile\nexport class")), without);
  });

  it("is what it was where profile is somebody else's", () => {
    const text = "export function profile(x: unknown) { return x; }\n@profile\nexport function f() {}\n";
    assert.deepEqual(diagnose(text), ["error TS1206: Decorators are not valid here."]);
  });

  it("is that a mark in an object literal is no syntax", () => {
    assert.ok(diagnose("export const o = { @profile m() {} };\n").length > 0);
  });

  it("is nothing of its own in JavaScript files", () => {
    const options = { ...STRICT, allowJs: true, checkJs: true, outDir: "/out" };
    assert.deepEqual(emitWithTypeScript({ "main.js": "@profile\nexport function f() {}\n" }, options).diagnostics, []);
  });
});

describe("wrong options in tsconfig.json", () => {
  it("are an error with code and cure, and nothing is instrumented", () => {
    const config = { transform: "mprof/typescript", transformProgram: true, functoins: "all" } as object;
    const { diagnostics, files } = emitWithTypeScript({ "main.ts": "@profile\nexport function f() {}\n" }, {}, config);
    assert.equal(diagnostics.length, 1);
    assert.match(
      diagnostics[0]!,
      /^error TS90100: \[mprof\] unknown option: "functoins"\n {2}The options are .*\(MPROF_OPTION_UNKNOWN, docs\/messages\.md\)$/,
    );
    assert.equal(files["main.js"], "export function f() { }\n");
  });

  it("are told by their type", () => {
    assert.match(
      diagnose("export {};\n", {}, { functions: "most" })[0]!,
      /\[mprof\] option "functions" must be "marked" or "all"/,
    );
  });
});

describe("a TypeScript that is not supported", () => {
  for (const version of ["5.1.6", "7.0.2", "4.9.5"]) {
    const other = { ...ts, version, versionMajorMinor: version.slice(0, 3) } as typeof ts;

    it(`is an error of the build, one line that names the range, and its cure: ${version}`, () => {
      const text = "// @profile\nexport function f() {}\n";
      const { diagnostics, files } = emitWithTypeScript({ "main.ts": text }, {}, {}, other);
      const [range, cure, ...more] = diagnostics.join("\n").split("\n");
      assert.equal(range, `error TS90100: [mprof] mprof/typescript needs TypeScript >=5.2 <7, this is ${version}`);
      assert.match(cure!, /^ {2}(Install typescript 5\.2|Build with mprof build).*\(MPROF_TYPESCRIPT_VERSION, .*\)$/);
      assert.deepEqual(more, []);
      assert.ok(!files["main.js"]!.includes("__mp"));
    });

    it(`is thrown at who makes a transformer: ${version}`, () => {
      const { createTransformer } = createTypeScriptPlugin(createHost(factsOf, { MPROF_MODE: process.env.MPROF_MODE }));
      const expected = new RegExp(`^\\[mprof\\] mprof/typescript needs TypeScript >=5\\.2 <7, this is ${version}\n`);
      assert.throws(() => createTransformer(undefined, {}, other), {
        code: "MPROF_TYPESCRIPT_VERSION",
        message: expected,
      });
    });
  }
});
