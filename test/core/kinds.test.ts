import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join, relative } from "node:path";
import ts from "typescript";
import { ROOT } from "../support/load-fixture.ts";

/**
 * A kind has one place: planted in the shapes, each new kind is missing in exactly one file, so that whoever adds one is
 * led there by the compiler, and by nothing else.
 */
const OUTLINE = "plugin/core/outline.ts";
const PLAN = "plugin/core/plan.ts";

const PLANTED: Record<string, { file: string; behind: string; member: string; missing: string }> = {
  expression: {
    file: OUTLINE,
    behind: "export interface ExpressionShapes<N> {",
    member: "planted: { argument: Expression<N> };",
    missing: "plugin/core/expressions.ts",
  },
  statement: {
    file: OUTLINE,
    behind: "export interface StatementShapes<N> {",
    member: "planted: { body: Statement<N>; test: Expression<N> };",
    missing: "plugin/core/statements.ts",
  },
  placement: {
    file: PLAN,
    behind: "export interface ProbeShapes<N> {",
    member: "planted: { line: number };",
    missing: "plugin/core/forms.ts",
  },
};

describe("a new kind is missing in one file", function () {
  this.timeout(120_000);
  const { options, roots } = projectOf("plugin");
  let program: ts.Program | undefined;

  it("the compiler as it stands has no errors", () => {
    assert.deepEqual(errorsWith({}), []);
  });

  for (const [kind, { file, behind, member, missing }] of Object.entries(PLANTED)) {
    it(`${kind}: ${missing}`, () => {
      const text = readFileSync(join(ROOT, file), "utf8");
      assert.ok(text.includes(behind), `${file} has no ${behind}`);
      assert.deepEqual(errorsWith({ [file]: text.replace(behind, `${behind} ${member}`) }), [missing]);
    });
  }

  /** The files with errors, with some texts in the place of what is on the disk. */
  function errorsWith(overlay: Record<string, string>): string[] {
    const host = ts.createCompilerHost(options);
    const { getSourceFile } = host;
    host.getSourceFile = (path, settings, ...rest) => {
      const text = overlay[relative(ROOT, path)];
      if (text !== undefined) return ts.createSourceFile(path, text, settings, true);
      return program?.getSourceFile(path) ?? getSourceFile(path, settings, ...rest);
    };
    const planted = ts.createProgram(roots, options, host, program);
    if (Object.keys(overlay).length === 0) program = planted;
    const files = ts.getPreEmitDiagnostics(planted).map((error) => relative(ROOT, error.file?.fileName ?? ""));
    return [...new Set(files)].sort();
  }
});

/** What `tsc` would check of a folder. */
function projectOf(folder: string): { options: ts.CompilerOptions; roots: string[] } {
  const { config } = ts.readConfigFile(join(ROOT, "tsconfig.json"), ts.sys.readFile);
  const { options, fileNames } = ts.parseJsonConfigFileContent({ ...config, include: [folder] }, ts.sys, ROOT);
  const checked = { noEmit: true, declaration: false, incremental: false, tsBuildInfoFile: undefined };
  return { options: { ...options, ...checked }, roots: fileNames };
}
