import type TS from "typescript";
import { hasSyntaxErrors, type ReadFile, readFile } from "./read-file.ts";
import type { Ts } from "./reader.ts";

const INVALID_DECORATOR = 1206;
/** A name, or all names, of an import that nothing uses. */
const UNUSED = new Set([6133, 6192]);

/**
 * A language service that has nothing to say about marks: no TS1206 above functions, and no unused import whose name
 * only marks use. What is not ours stays.
 */
export function withoutOurDiagnostics(service: TS.LanguageService, ts: Ts): TS.LanguageService {
  const read = new WeakMap<TS.SourceFile, ReadFile>();

  function readOnce(file: TS.SourceFile): ReadFile {
    const known = read.get(file) ?? readFile(file, file.fileName, ts);
    read.set(file, known);
    return known;
  }

  function isOurs(diagnostic: TS.Diagnostic): boolean {
    const { code, file, start = -1 } = diagnostic;
    if (!file || (code !== INVALID_DECORATOR && !UNUSED.has(code))) return false;
    // Of decorators TypeScript says nothing while a file has syntax errors.
    if (hasSyntaxErrors(file)) return false;
    const { marks, callNames } = readOnce(file);
    const mask = marks.masks.find((range) => range.start <= start && start < range.end);
    return (
      mask !== undefined &&
      (code === INVALID_DECORATOR ||
        !namesIn(file.text.slice(mask.start, mask.end)).some((name) => callNames.has(name)))
    );
  }

  const without = <D extends TS.Diagnostic>(diagnostics: D[]) =>
    diagnostics.filter((diagnostic) => !isOurs(diagnostic));
  return {
    ...service,
    getSyntacticDiagnostics: (fileName) => without(service.getSyntacticDiagnostics(fileName)),
    getSemanticDiagnostics: (fileName) => without(service.getSemanticDiagnostics(fileName)),
    getSuggestionDiagnostics: (fileName) => without(service.getSuggestionDiagnostics(fileName)),
  };
}

/** The names that an import, or a part of it, binds. */
function namesIn(written: string): string[] {
  return written.replace(/[\w$]+\s+as\s+/g, "").match(/[\w$]+/g) ?? [];
}
