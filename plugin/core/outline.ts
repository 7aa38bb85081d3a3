/**
 * AST -> (read-outline) -> Outline -> (build-plan) -> Plan -> (apply-plan) -> AST or text
 *
 * The Outline is what a reader saw, in the few words that the plan needs: statements, expressions by the work they do
 * and the order in which they do it, functions, classes. It knows no parser: `node` is an opaque handle that the
 * reader's own back-end gets back. Two readers of the same text give the same outline.
 *
 * A kind has its shape here and its row in `expressions.ts` or `statements.ts`: its parts, its work, its plan.
 */

import type { Range } from "./source-text.ts";

/** Where something stands. Offsets in UTF-16 units, lines start at 1; parentheses round an expression are outside. */
export interface Span extends Range {
  line: number;
  endLine: number;
}

export interface Part<N> extends Span {
  node: N;
}

// ---- expressions ----

export interface ExpressionShapes<N> {
  name: object;
  /** Literals without holes, also regular expressions. */
  constant: object;
  function: { fn: FunctionOutline<N> };
  class: { cls: ClassOutline<N> };
  call: {
    form: "call" | "new" | "import";
    callee: Expression<N> | null;
    args: Expression<N>[];
    /** Behind the first `?.` of an optional chain. */
    chained: boolean;
    directEval: boolean;
  };
  member: {
    object: Expression<N>;
    /** Only for `object[property]`. */
    property: Expression<N> | null;
    /** Line on which the property's own token begins. */
    propertyLine: number;
    chained: boolean;
    ofSuper: boolean;
  };
  array: { elements: Expression<N>[] };
  object: { properties: PropertyOutline<N>[] };
  template: { holes: Expression<N>[] };
  tagged: { tag: Expression<N>; holes: Expression<N>[] };
  conditional: { test: Expression<N>; consequent: Expression<N>; alternate: Expression<N> };
  /** `a + b * c - d`: operators of one left-leaning chain, however long; `logical` right sides are evaluated or not. */
  binary: { first: Expression<N>; rest: { operand: Expression<N>; logical: boolean }[] };
  assign: { logical: boolean; target: Expression<N>; value: Expression<N>; name: string | null };
  sequence: { items: Expression<N>[] };
  await: { argument: Expression<N> };
  yield: { delegate: boolean; argument: Expression<N> | null };
  spread: { argument: Expression<N> };
  /** `braced` parts are operands, child elements are not. In order of evaluation. */
  jsx: {
    parts: { expression: Expression<N>; braced: boolean }[];
    /** The element's name as written, and its attributes' names; `null` for a fragment. */
    element: { name: string; attributes: string[] } | null;
  };
  /** Unary operators, type assertions: work and place are the argument's. */
  pass: { argument: Expression<N> };
  /** Left whole: patterns and targets, `delete`, `typeof`, updates. `worksItself` if it does work of its own. */
  whole: { worksItself: boolean; parts: Expression<N>[] };
  /** Syntax that the reader doesn't know. */
  unknown: { type: string };
}

export type ExpressionKind = keyof ExpressionShapes<unknown>;

/** What `createExpression` finds out once, from the bottom up. */
export interface ExpressionFacts {
  /** Evaluating it can allocate, functions in it apart: if it begins on a line of its own, it starts that line. */
  works: boolean;
  /** Syntax in it that the reader doesn't know, functions in it apart. */
  unknown: string | null;
  /** Literals all through: V8 builds it once, and would build it anew each time if there were a probe in it. */
  constant: boolean;
}

export type Expression<N, K extends ExpressionKind = ExpressionKind> = {
  [P in K]: Part<N> & ExpressionFacts & { kind: P } & ExpressionShapes<N>[P];
}[K];

export interface PropertyOutline<N> extends Part<N> {
  /** `null` when computed. */
  name: string | null;
  key: Expression<N> | null;
  value: Expression<N>;
}

// ---- statements ----

export interface StatementShapes<N> {
  expression: { expression: Expression<N> };
  variable: VariableShape<N>;
  function: { fn: FunctionOutline<N> };
  class: { cls: ClassOutline<N> };
  return: { argument: Expression<N> | null };
  throw: { argument: Expression<N> };
  break: { label: string | null };
  continue: { label: string | null };
  debugger: object;
  /** `;`, types, overloads, `declare`: nothing that runs. */
  nothing: object;
  block: BlockShape<N>;
  if: { test: Expression<N>; consequent: Statement<N>; alternate: Statement<N> | null };
  for: {
    init: Statement<N, "variable" | "expression"> | null;
    test: Expression<N> | null;
    update: Expression<N> | null;
    /** Of the update, or the empty one in its place. */
    updateRange: Range;
    body: Statement<N>;
  };
  forEach: {
    form: "of" | "in" | "await";
    /** A declaration, or a target. */
    left: Statement<N, "variable"> | Expression<N>;
    right: Expression<N>;
    body: Statement<N>;
  };
  /** `keyword` is `while` itself, `head` what stands between the parentheses. */
  while: { test: Expression<N>; body: Statement<N>; keyword: Range; head: Range };
  doWhile: { test: Expression<N>; body: Statement<N> };
  switch: { discriminant: Expression<N>; cases: CaseOutline<N>[] };
  try: { block: BlockOutline<N>; handler: HandlerOutline<N> | null; finalizer: BlockOutline<N> | null };
  label: { name: string; body: Statement<N> };
  with: { object: Expression<N>; body: Statement<N> };
  /** `export …`: module level only; decorators and `export` are part of its span. */
  export: { declaration: Statement<N> | null; expression: Expression<N> | null };
  /** TypeScript's `namespace` (its body runs once) and `enum` (its initialisers). */
  namespace: { body: Statement<N>[] };
  enum: { parts: Expression<N>[] };
  /** Syntax that the reader doesn't know. */
  unknown: { type: string };
}

export type StatementKind = keyof StatementShapes<unknown>;

export type Statement<N, K extends StatementKind = StatementKind> = {
  [P in K]: Part<N> & { kind: P } & StatementShapes<N>[P];
}[K];

interface VariableShape<N> {
  form: "var" | "let" | "const" | "using" | "await using";
  declarators: DeclaratorOutline<N>[];
}

export interface DeclaratorOutline<N> {
  /** Every name it binds. */
  names: string[];
  /** The one name, or `null` for a pattern. */
  name: string | null;
  /** The pattern, with its defaults; `null` for a plain name. */
  pattern: Expression<N> | null;
  init: Expression<N> | null;
}

interface BlockShape<N> {
  body: Statement<N>[];
  /** Between the braces. */
  inside: Range;
}

export type BlockOutline<N> = Part<N> & BlockShape<N>;

export interface CaseOutline<N> extends Part<N> {
  test: Expression<N> | null;
  body: Statement<N>[];
  /** From behind the colon to the clause's end. */
  inside: Range;
}

export interface HandlerOutline<N> extends Part<N> {
  /** Every name that the parameter binds. */
  names: string[];
  parameter: Expression<N> | null;
  /** Of the parameter with its type. */
  parameterRange: Range | null;
  block: BlockOutline<N>;
}

// ---- functions and classes ----

export type FunctionForm = "function" | "arrow" | "method" | "getter" | "setter" | "constructor" | "staticBlock";

export interface FunctionOutline<N> extends Part<N> {
  form: FunctionForm;
  /** The name written at the function itself; where there is none it comes from where the function stands. */
  name: string | null;
  /** Of that name. */
  nameRange: Range | null;
  async: boolean;
  generator: boolean;
  /** Names bound by the parameters. */
  parameterNames: string[];
  /** Default values and computed keys of the parameters. */
  parameters: Expression<N>[];
  directives: Directive[];
  /** Statements between braces, or the one expression of a concise arrow. */
  body: { kind: "block"; statements: Statement<N>[] } | { kind: "concise"; expression: Expression<N> };
  /** Between the braces, behind the directives; of a concise body all that is behind `=>`. */
  inside: Range;
  /** It was too deeply nested to be read: nothing is known of its body. */
  unread: boolean;
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
  /** Offset of the first token after other people's decorators. */
  keyStart: number;
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
