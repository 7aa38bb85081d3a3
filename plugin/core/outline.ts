/**
 * AST -> (read-outline) -> Outline -> (build-plan) -> Plan -> (apply-plan) -> AST or text
 *
 * The Outline is what a reader saw, in the few words that the plan needs: statements, expressions by the work they do
 * and the order in which they do it, functions, classes. It knows no parser: `node` is an opaque handle that the
 * reader's own back-end gets back. Two readers of the same text give the same outline.
 */

import type { Range } from "./source-text.ts";

/** Where something stands. Offsets in UTF-16 units, lines start at 1; parentheses round an expression are outside. */
export interface Span {
  start: number;
  end: number;
  line: number;
  endLine: number;
}

interface Part<N> extends Span {
  node: N;
}

// ---- expressions ----

export type Expression<N> = Part<N> &
  (
    | { kind: "name" }
    /** Literals without holes, also regular expressions. */
    | { kind: "constant" }
    | { kind: "function"; fn: FunctionOutline<N> }
    | { kind: "class"; cls: ClassOutline<N> }
    | {
        kind: "call";
        form: "call" | "new" | "import";
        callee: Expression<N> | null;
        args: Expression<N>[];
        /** Behind the first `?.` of an optional chain. */
        chained: boolean;
        directEval: boolean;
      }
    | {
        kind: "member";
        object: Expression<N>;
        /** Only for `object[property]`. */
        property: Expression<N> | null;
        /** Line on which the property's own token begins. */
        propertyLine: number;
        chained: boolean;
        ofSuper: boolean;
      }
    | { kind: "array"; elements: Expression<N>[] }
    | { kind: "object"; properties: PropertyOutline<N>[] }
    | { kind: "template"; holes: Expression<N>[] }
    | { kind: "conditional"; test: Expression<N>; consequent: Expression<N>; alternate: Expression<N> }
    | { kind: "binary"; logical: boolean; left: Expression<N>; right: Expression<N> }
    | { kind: "assign"; logical: boolean; target: Expression<N>; value: Expression<N>; name: string | null }
    | { kind: "sequence"; items: Expression<N>[] }
    | { kind: "await"; argument: Expression<N> }
    | { kind: "yield"; delegate: boolean; argument: Expression<N> | null }
    | { kind: "spread"; argument: Expression<N> }
    /** `braced` parts are operands, child elements are not. In order of evaluation. */
    | { kind: "jsx"; parts: { expression: Expression<N>; braced: boolean }[] }
    /** Unary operators, type assertions: work and place are the argument's. */
    | { kind: "pass"; argument: Expression<N> }
    /** Left whole: patterns and targets, `delete`, `typeof`, updates, tagged templates. `works` if it does work itself. */
    | { kind: "whole"; works: boolean; parts: Expression<N>[] }
    /** Syntax that the reader doesn't know. */
    | { kind: "unknown"; type: string }
  );

export interface PropertyOutline<N> extends Part<N> {
  /** `null` when computed. */
  name: string | null;
  key: Expression<N> | null;
  value: Expression<N>;
}

// ---- statements ----

export type Statement<N> = Part<N> &
  (
    | { kind: "expression"; expression: Expression<N> }
    | VariableStatement<N>
    | { kind: "function"; fn: FunctionOutline<N> }
    | { kind: "class"; cls: ClassOutline<N> }
    | { kind: "return" | "throw"; argument: Expression<N> | null }
    | { kind: "break" | "continue"; label: string | null }
    | { kind: "debugger" }
    /** `;`, types, overloads, `declare`: nothing that runs. */
    | { kind: "nothing" }
    | { kind: "block"; body: Statement<N>[] }
    | { kind: "if"; test: Expression<N>; consequent: Statement<N>; alternate: Statement<N> | null }
    | {
        kind: "for";
        init: Statement<N> | null;
        test: Expression<N> | null;
        update: Expression<N> | null;
        body: Statement<N>;
      }
    | {
        kind: "forEach";
        form: "of" | "in" | "await";
        /** A declaration, or a target. */
        left: VariableStatement<N> | Expression<N>;
        right: Expression<N>;
        body: Statement<N>;
      }
    | { kind: "while"; test: Expression<N>; body: Statement<N> }
    | { kind: "doWhile"; test: Expression<N>; body: Statement<N> }
    | { kind: "switch"; discriminant: Expression<N>; cases: CaseOutline<N>[] }
    | {
        kind: "try";
        block: BlockOutline<N>;
        /** With every name that its parameter binds. */
        handler: (Part<N> & { names: string[]; parameter: Expression<N> | null; block: BlockOutline<N> }) | null;
        finalizer: BlockOutline<N> | null;
      }
    | { kind: "label"; name: string; body: Statement<N> }
    | { kind: "with"; object: Expression<N>; body: Statement<N> }
    /** `export …`: module level only; decorators and `export` are part of its span. */
    | { kind: "export"; declaration: Statement<N> | null; expression: Expression<N> | null }
    /** TypeScript's `namespace` (its body runs once) and `enum` (its initialisers). */
    | { kind: "namespace"; body: Statement<N>[] }
    | { kind: "enum"; parts: Expression<N>[] }
    | { kind: "unknown"; type: string }
  );

export type VariableStatement<N> = Part<N> & {
  kind: "variable";
  form: "var" | "let" | "const" | "using" | "await using";
  declarators: DeclaratorOutline<N>[];
};

export interface DeclaratorOutline<N> {
  /** Every name it binds. */
  names: string[];
  /** The one name, or `null` for a pattern. */
  name: string | null;
  /** The pattern, with its defaults; `null` for a plain name. */
  pattern: Expression<N> | null;
  init: Expression<N> | null;
}

export interface BlockOutline<N> extends Part<N> {
  body: Statement<N>[];
}

export interface CaseOutline<N> extends Part<N> {
  test: Expression<N> | null;
  body: Statement<N>[];
}

// ---- functions and classes ----

export type FunctionForm = "function" | "arrow" | "method" | "getter" | "setter" | "constructor" | "staticBlock";

export interface FunctionOutline<N> extends Part<N> {
  form: FunctionForm;
  /** The name written at the function itself; where there is none it comes from where the function stands. */
  name: string | null;
  async: boolean;
  generator: boolean;
  /** Names bound by the parameters. */
  parameterNames: string[];
  /** Default values and computed keys of the parameters. */
  parameters: Expression<N>[];
  directives: Directive[];
  /** Statements between braces, or the one expression of a concise arrow. */
  body: { kind: "block"; statements: Statement<N>[] } | { kind: "concise"; expression: Expression<N> };
}

export interface Directive extends Span {
  /** The text between the quotes, as written. */
  value: string;
}

export interface ClassOutline<N> extends Part<N> {
  name: string | null;
  superClass: Expression<N> | null;
  members: MemberOutline<N>[];
  /** Other people's decorators with their arguments. */
  decorators: Expression<N>[];
}

export interface MemberOutline<N> extends Part<N> {
  static: boolean;
  /** Offset of the first token after other people's decorators. */
  keyStart: number;
  /** As shown: `get`, `#get`, `"a b"`, `constructor`; `null` when computed. */
  name: string | null;
  /** Only for computed keys. */
  key: Expression<N> | null;
  decorators: Expression<N>[];
  /** A method, accessor, constructor or static block; or a field with or without an initialiser. */
  fn: FunctionOutline<N> | null;
  initialiser: Expression<N> | null;
}

// ---- the file ----

export interface ImportOutline extends Span {
  from: string;
  /** `imported` is `default`, `*` or the export's name. */
  names: { imported: string; local: string; start: number; end: number; typeOnly: boolean }[];
}

export interface CommentOutline extends Span {
  /** Between the delimiters. */
  text: string;
}

export interface Outline<N> {
  text: string;
  /** The file has `import` or `export` syntax. */
  isModule: boolean;
  /** After the hashbang. */
  directives: Directive[];
  body: Statement<N>[];
  imports: ImportOutline[];
  comments: CommentOutline[];
  /** How often each name is declared in the file, imports apart. */
  declaredNames: ReadonlyMap<string, number>;
  /** Names that could be a mark: the functions, or the whole file, in which they are declared to be something else. */
  shadows: ReadonlyMap<string, readonly Range[]>;
  /** Names that could be a mark, and where they are referred to; imports and declarations are not references. */
  references: ReadonlyMap<string, readonly Span[]>;
}
