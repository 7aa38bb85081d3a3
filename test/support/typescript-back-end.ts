import { join } from "node:path";
import ts from "typescript";
import { ROOT } from "./load-fixture.ts";

/** A SourceFile fresh from the parser, as in a program before anything is bound. */
export function parseWithTypeScript(text: string, path: string): ts.SourceFile {
  return ts.createSourceFile(join(ROOT, path), text, { languageVersion: ts.ScriptTarget.Latest });
}
