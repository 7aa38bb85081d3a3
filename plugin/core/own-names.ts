import { PACKAGE_NAME } from "../../contract/runtime-module.ts";
import type { Outline, Span } from "./outline.ts";
import type { Range } from "./source-text.ts";

type MarkName = "profile" | "noprofile";

interface Local {
  /** What it stands for, or `*` for `import * as m`. */
  imported: MarkName | "*";
  /** Bound by `const { profile } = require("mprof")`, which is a declaration like any other. */
  isRequired: boolean;
  /** The import or declaration, the name in it, and how many names it has. */
  statement: Range;
  range: Range;
  count: number;
}

/** What a file calls our `profile` and `noprofile`, and whose they are at a place. */
export class OwnNames<N> {
  private readonly outline: Outline<N>;
  private readonly locals = new Map<string, Local>();

  constructor(outline: Outline<N>) {
    this.outline = outline;
    this.readImports();
    this.readRequires();
  }

  private readImports(): void {
    for (const statement of this.outline.imports) {
      if (statement.from !== PACKAGE_NAME) continue;
      for (const { imported, local, typeOnly, start, end } of statement.names) {
        if (typeOnly || !(imported === "*" || isMarkName(imported))) continue;
        const count = statement.names.length;
        this.locals.set(local, { imported, isRequired: false, statement, range: { start, end }, count });
      }
    }
  }

  private readRequires(): void {
    const pattern =
      /^(?:const|let|var)\s*\{\s*(profile|noprofile)(?:\s*:\s*([\w$]+))?\s*,?\s*\}\s*=\s*require\(\s*["']mprof["']\s*\)\s*;?$/;
    for (const statement of this.outline.body) {
      if (statement.kind !== "variable") continue;
      const match = pattern.exec(this.outline.text.slice(statement.start, statement.end));
      if (!match) continue;
      const imported = match[1] as MarkName;
      this.locals.set(match[2] ?? imported, { imported, isRequired: true, statement, range: statement, count: 1 });
    }
  }

  /** Ours unless the file, or a function around the place, declares the name, or it is imported from elsewhere. */
  isOurs(name: string, offset: number): boolean {
    const local = this.locals.get(name);
    if (!local && (!isMarkName(name) || this.isImportedElsewhere(name))) return false;
    const around = (this.outline.shadows.get(name) ?? []).filter(({ start, end }) => start <= offset && offset < end);
    return around.length === (local?.isRequired ? 1 : 0);
  }

  private isImportedElsewhere(name: string): boolean {
    return this.outline.imports.some(({ names }) => names.some(({ local }) => local === name));
  }

  /** Which mark a name or `m.profile` is at `offset`; `null` for none. */
  markAt(object: string, property: string | null, offset: number): MarkName | null {
    if (!this.isOurs(object, offset)) return null;
    const imported = this.locals.get(object)?.imported ?? (object as MarkName);
    if (property === null) return imported === "*" ? null : imported;
    return imported === "*" && isMarkName(property) ? property : null;
  }

  /**
   * What to blank of the imports whose names only marks use, given the references that marks have consumed. An import
   * that is left without a name is blanked whole.
   */
  unusedImports(consumed: ReadonlySet<number>): Range[] {
    const unused = [...this.locals].flatMap(([name, local]) =>
      this.remaining(name, consumed).length > 0 ? [] : [local],
    );
    return unused.map(({ statement, range, count }) => {
      const isWhole = unused.filter((other) => other.statement === statement).length === count;
      return isWhole ? statement : { start: range.start, end: commaAfter(this.outline.text, range.end) };
    });
  }

  /** References by which an imported `profile` is passed on, so that its marks cannot be followed. */
  aliases(consumed: ReadonlySet<number>): { name: string; offset: number }[] {
    return [...this.locals].flatMap(([name, { imported }]) => {
      const isPassedOn = ({ start }: Span) => !/^\s*\(/.test(this.outline.text.slice(start + name.length));
      const passed = imported === "*" ? undefined : this.remaining(name, consumed).find(isPassedOn);
      return passed ? [{ name, offset: passed.start }] : [];
    });
  }

  private remaining(name: string, consumed: ReadonlySet<number>): Span[] {
    const references = this.outline.references.get(name) ?? [];
    return references.filter(({ start }) => !consumed.has(start) && this.isOurs(name, start));
  }
}

function isMarkName(name: string): name is MarkName {
  return name === "profile" || name === "noprofile";
}

function commaAfter(text: string, end: number): number {
  const comma = /\s*,/y;
  comma.lastIndex = end;
  return comma.test(text) ? comma.lastIndex : end;
}
