import { existsSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";
import ts from "typescript";
import { ROOT } from "./load-fixture.ts";

/** What a source file loads, or names the file of. */
export interface Import {
  /** Relative to the repository, or the name of a package. */
  target: string;
  /** `type`: gone when it runs. `path`: a file that is started, or handed to what loads it. */
  kind: "runtime" | "type" | "path";
}

/** Every `import`, `export … from`, `import()`, `require` and path of a file beside it. */
export function importsOf(file: string): Import[] {
  const parsed = ts.createSourceFile(file, readFileSync(join(ROOT, file), "utf8"), ts.ScriptTarget.Latest);
  const found: Import[] = [];
  const visit = (node: ts.Node): void => {
    const written = importIn(node);
    if (written?.kind === "path") found.push(...fileOf(file, written.target));
    else if (written) found.push({ ...written, target: targetOf(file, written.target) });
    ts.forEachChild(node, visit);
  };
  visit(parsed);
  return found;
}

function importIn(node: ts.Node): Import | null {
  if (ts.isImportDeclaration(node)) {
    const isType = node.importClause?.phaseModifier === ts.SyntaxKind.TypeKeyword;
    return { target: textOf(node.moduleSpecifier)!, kind: isType ? "type" : "runtime" };
  }
  if (ts.isExportDeclaration(node) && node.moduleSpecifier) {
    return { target: textOf(node.moduleSpecifier)!, kind: node.isTypeOnly ? "type" : "runtime" };
  }
  if (ts.isExternalModuleReference(node)) return from(node.expression, "runtime");
  if (ts.isImportTypeNode(node)) {
    return ts.isLiteralTypeNode(node.argument) ? from(node.argument.literal, "type") : null;
  }
  if (ts.isNewExpression(node) && nameOf(node.expression) === "URL") return from(node.arguments?.[0], "path");
  return ts.isCallExpression(node) ? importInCall(node) : null;
}

function importInCall({ expression, arguments: [first, ...others] }: ts.CallExpression): Import | null {
  const name = nameOf(expression);
  if (name === "import" || name === "require" || name === "require.resolve") return from(first, "runtime");
  if (name !== "join" && name !== "resolve") return null;
  const texts = others.map(textOf);
  if (!first || nameOf(first) !== "__dirname" || texts.includes(null)) return null;
  return { target: ["./", ...texts].join("/"), kind: "path" };
}

function from(node: ts.Node | undefined, kind: Import["kind"]): Import | null {
  const target = node ? textOf(node) : null;
  return target === null ? null : { target, kind };
}

function textOf(node: ts.Node): string | null {
  return ts.isStringLiteralLike(node) ? node.text : null;
}

function nameOf(node: ts.Node): string | null {
  if (node.kind === ts.SyntaxKind.ImportKeyword) return "import";
  if (ts.isIdentifier(node)) return node.text;
  if (!ts.isPropertyAccessExpression(node)) return null;
  return `${nameOf(node.expression)}.${node.name.text}`;
}

function targetOf(file: string, specifier: string): string {
  return specifier.startsWith(".") ? relative(ROOT, join(ROOT, file, "..", specifier)) : specifier;
}

/** The source of a file that is named as it is built; folders, and what is no source of ours, are none. */
function fileOf(file: string, specifier: string): Import[] {
  const target = targetOf(file, specifier.replace(/\.([cm]?)js$/, ".$1ts"));
  return /\.[cm]?ts$/.test(target) && existsSync(join(ROOT, target)) ? [{ target, kind: "path" }] : [];
}
