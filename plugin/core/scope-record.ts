import type { Expression, FunctionOutline, ImportOutline, Part, Span } from "./outline.ts";
import type { Range } from "./source-text.ts";

/** What a reader notes of names: how often each is declared, and of those that could be a mark where, and where referred to. */
export class ScopeRecord {
  readonly declaredNames = new Map<string, number>();
  readonly references = new Map<string, Span[]>();
  readonly shadows = new Map<string, Range[]>();
  /** Names whose references matter: what could be a mark. */
  private readonly watched = new Set(["profile", "noprofile"]);
  /** The functions that are being read, innermost last; the file is the first. */
  private readonly scopes: Range[];

  constructor(file: Range) {
    this.scopes = [file];
  }

  watch(imports: readonly ImportOutline[]): void {
    for (const { names } of imports) for (const { local } of names) this.watched.add(local);
  }

  refer(name: string, span: () => Span): void {
    if (!this.watched.has(name)) return;
    const spans = this.references.get(name);
    if (spans) spans.push(span());
    else this.references.set(name, [span()]);
  }

  bind(names: readonly string[]): void {
    for (const name of names) {
      this.declaredNames.set(name, (this.declaredNames.get(name) ?? 0) + 1);
      if (this.watched.has(name)) this.shadows.set(name, [...(this.shadows.get(name) ?? []), this.scopes.at(-1)!]);
    }
  }

  /** Reads a function: names that are bound meanwhile are its own. */
  inside<T>(fn: Range, read: () => T): T {
    const depth = this.scopes.push(fn);
    try {
      return read();
    } finally {
      this.scopes.length = depth - 1;
    }
  }
}

/** Everything of a function that a reader may find nothing of: a static block has no more than a body. */
export function createFunction<N>(
  part: Part<N>,
  found: Pick<FunctionOutline<N>, "form" | "inside"> & Partial<FunctionOutline<N>>,
): FunctionOutline<N> {
  const { node, start, end, line, endLine } = part;
  return {
    node,
    start,
    end,
    line,
    endLine,
    form: found.form,
    inside: found.inside,
    name: found.name ?? null,
    nameRange: found.nameRange ?? null,
    async: found.async ?? false,
    generator: found.generator ?? false,
    parameterNames: found.parameterNames ?? [],
    parameters: found.parameters ?? [],
    directives: found.directives ?? [],
    body: found.body ?? { kind: "block", statements: [] },
    unread: found.unread ?? false,
  };
}

/** The expressions among the parameters that run: patterns with what is in them, not plain names. */
export function working<N>(parameters: readonly Expression<N>[]): Expression<N>[] {
  return parameters.filter(({ kind }) => kind !== "name");
}
