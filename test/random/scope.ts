/** What a piece of a program may refer to where it stands. Pieces are printed outermost first, so this is known by then. */
export interface Scope {
  isAsync: boolean;
  isGenerator: boolean;
  isFunction: boolean;
  isStrict: boolean;
  /** In a method of a class that extends another. */
  hasSuper: boolean;
  /** Labels of loops and blocks around it, within the function. */
  loopLabels: readonly string[];
  blockLabels: readonly string[];
  inLoop: boolean;
  inSwitch: boolean;
  /** Lexical names declared so far, in it and around it. */
  names: string[];
  /** Shared by the whole program: names that are declared once. */
  fresh: { count: number };
}

export type Piece = (scope: Scope) => string;

export const PROGRAM_SCOPE: Omit<Scope, "fresh" | "names"> = {
  isAsync: false,
  isGenerator: false,
  isFunction: false,
  isStrict: false,
  hasSuper: false,
  loopLabels: [],
  blockLabels: [],
  inLoop: false,
  inSwitch: false,
};

/** Names that may be declared more than once, by `var`, as functions and as parameters. */
export const SHARED_NAMES = ["a", "b", "f", "g"];

export function freshName(scope: Scope, prefix = "v"): string {
  return `${prefix}${++scope.fresh.count}`;
}

/** Declares a lexical name. It can be referred to before its initialiser has run: that is an error of the program. */
export function declare(scope: Scope): string {
  const name = freshName(scope);
  scope.names.push(name);
  return name;
}

/** A block's scope: its declarations end with it. */
export function inner(scope: Scope, changes: Partial<Scope> = {}): Scope {
  return { ...scope, names: [...scope.names], ...changes };
}

/** A function's scope: no label reaches into it. */
export function functionScope(scope: Scope, changes: Partial<Scope> = {}): Scope {
  const own = {
    isAsync: false,
    isGenerator: false,
    isFunction: true,
    loopLabels: [],
    blockLabels: [],
    inLoop: false,
    inSwitch: false,
  };
  return inner(scope, { ...own, ...changes });
}

/** One of the names in reach. */
export function pick(scope: Scope, index: number): string {
  const names = [...SHARED_NAMES, ...scope.names];
  return names[index % names.length]!;
}

/** Runs what a function's body has declared. */
export function printDrive(scope: Scope, outer: Scope): string {
  const own = scope.names.slice(outer.names.length);
  return own.length === 0 ? "" : `drive([${own.map((name) => `() => ${name}`).join(", ")}]);\n`;
}
