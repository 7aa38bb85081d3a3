import { join } from "node:path";
import ts from "typescript";
import type { ModuleTable } from "../../contract/module-table.ts";
import type { Warning } from "../../plugin/core/messages.ts";
import type { Options } from "../../plugin/core/options.ts";
import { createHost } from "../../plugin/node/host.ts";
import { factsOf } from "../../plugin/node/project-facts.ts";
import { createTypeScriptPlugin } from "../../plugin/typescript/index.ts";
import type { BackEnd } from "./back-ends.ts";
import { ROOT } from "./load-fixture.ts";

const { createTransformer } = createTypeScriptPlugin(createHost(factsOf, { MPROF_MODE: process.env.MPROF_MODE }));

/** The transformer alone: types, JSX and module syntax stay. */
export const typescript: BackEnd = {
  name: "typescript",
  compile(text, path, options) {
    const warnings: Warning[] = [];
    const code = compileWithTypeScript(text, path, { ...options, onWarning: (warning) => warnings.push(warning) });
    return { code, warnings, table: tableIn(code ?? "") };
  },
  rejects(text, path) {
    const file = parseWithTypeScript(text, path) as ts.SourceFile & { parseDiagnostics: ts.Diagnostic[] };
    const [first] = file.parseDiagnostics;
    return first ? `TS${first.code}` : null;
  },
};

/** A SourceFile fresh from the parser, as in a program before anything is bound. */
export function parseWithTypeScript(text: string, path: string): ts.SourceFile {
  return ts.createSourceFile(join(ROOT, path), text, { languageVersion: ts.ScriptTarget.Latest }, true);
}

function compileWithTypeScript(text: string, path: string, options: Options): string | null {
  const transformer = createTransformer(undefined, { root: ROOT, ...options }, ts);
  const module = /\.c[jt]s$/.test(path) ? ts.ModuleKind.CommonJS : ts.ModuleKind.ESNext;
  const file = parseWithTypeScript(text, path);
  const [compiled] = ts.transform(file, [transformer], { module, target: ts.ScriptTarget.ESNext }).transformed;
  return compiled === file ? null : ts.createPrinter().printFile(compiled!);
}

/** The table is a literal on the prologue's line. */
function tableIn(code: string): ModuleTable | null {
  const match = /^ *function __mp\w*_m\w*\(\) \{ return \w+ \|\| \(\w+ = [^{]*?\((\{.*\})\)\); \}$/m.exec(code);
  return match ? (new Function(`return ${match[1]}`)() as ModuleTable) : null;
}
