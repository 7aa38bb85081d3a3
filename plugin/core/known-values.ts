/** What the text says of the variables of a function, for `amounts.ts`: where it says nothing, nothing is known. */
import { isNumeric } from "./amounts.ts";
import type { Expression, FunctionOutline, Outline, Statement } from "./outline.ts";
import type { Range } from "./source-text.ts";
import { allStatements, statementsOfBody, visitAll, visitInside } from "./walk.ts";

/** Where an expression stands. */
export interface KnownValues {
  /** The source without marks. */
  text: string;
  /** Constants that hold a typed array or a Buffer: their elements are numbers, and a store into one never grows it. */
  isTypedArray(name: string): boolean;
  /** Variables of the function that are numbers whenever they are stored to. */
  isNumber(name: string): boolean;
  /** Numbers of any size are named in the file. */
  hasBigInts: boolean;
  /** A store to `this` makes a field. */
  isConstructor: boolean;
}

const MAKES_TYPED_ARRAY =
  /^(?:new\s+(?:(?:Int|Uint)(?:8|16|32)|Uint8Clamped|Float(?:16|32|64))Array|Buffer\s*\.\s*(?:alloc|allocUnsafe|from))\s*\(/;
const MAKERS = /^(?:Buffer|(?:Int|Uint|Float)\d+(?:Clamped)?Array)$/;

const BIG_INTS = /\bBigInt\b|\b\d\w*n\b/;

/** Of a file. */
export class FileValues<N> {
  private readonly outline: Outline<N>;
  private readonly isShadowed: boolean;
  private readonly hasBigInts: boolean;
  private constants: ReadonlyMap<string, number> | undefined;

  constructor(outline: Outline<N>) {
    this.outline = outline;
    this.isShadowed = [...outline.declaredNames.keys()].some((name) => MAKERS.test(name));
    this.hasBigInts = BIG_INTS.test(outline.text);
  }

  /** A name means a function's own variable where that declares it, and else one that the whole file uses for nothing else. */
  in(fn: FunctionOutline<N>): KnownValues {
    const { outline, isShadowed, hasBigInts } = this;
    const { text } = outline;
    // Asked for by few functions, and by none in mode `exact`.
    let counts: Map<string, number> | undefined;
    let made: Map<string, number> | undefined;
    let numbers: ReadonlySet<string> | undefined;
    const own = () => {
      counts ??= countAll(namesIn(fn));
      return counts;
    };
    const known: KnownValues = {
      text,
      hasBigInts,
      isConstructor: fn.form === "constructor",
      isTypedArray: (name) => {
        if (isShadowed) return false;
        if (!own().has(name)) return this.inFile(name) === outline.declaredNames.get(name);
        made ??= countTypedArrays(allStatements(statementsOfBody(fn)), text);
        return own().get(name) === made.get(name);
      },
      isNumber: (name) => {
        if (hasBigInts || own().get(name) !== 1) return false;
        numbers ??= numbersIn(fn, known);
        return numbers.has(name);
      },
    };
    return known;
  }

  /** How often it is declared to be a typed array. */
  private inFile(name: string): number {
    if (this.constants === undefined) {
      const statements: Statement<N>[] = [];
      visitAll(this.outline.body, { statement: (statement) => void statements.push(statement) });
      this.constants = countTypedArrays(statements, this.outline.text);
    }
    return this.constants.get(name) ?? 0;
  }
}

/** Variables that begin as a number, as far as each value that is stored to them is one if the others are. */
function numbersIn<N>(fn: FunctionOutline<N>, { text, ...known }: KnownValues): ReadonlySet<string> {
  const values = new Map<string, Expression<N>[]>();
  const declared = new Set<string>();
  for (const statement of allStatements(statementsOfBody(fn))) {
    if (statement.kind !== "variable") continue;
    for (const { name } of statement.declarators) if (name !== null) declared.add(name);
  }
  const others = new Set(fn.parameterNames);
  const store = (name: string, value: Expression<N>) => values.set(name, [...(values.get(name) ?? []), value]);
  const loseAll = ({ start, end }: Range) => {
    for (const [name] of text.slice(start, end).matchAll(/[\p{ID_Start}$_][\p{ID_Continue}$]*/gu)) others.add(name);
  };
  visitInside(fn, {
    statement(statement) {
      if (statement.kind === "variable") {
        for (const { name, init } of statement.declarators) if (name !== null && init !== null) store(name, init);
      } else if (statement.kind === "forEach") loseAll(statement.left);
    },
    expression(expression) {
      if (expression.kind !== "assign") return;
      const { target, value } = expression;
      const stored = text.slice(target.start, target.end);
      if (/^[{[]/.test(stored)) loseAll(target);
      if (target.kind !== "name") return;
      if (/^[^=]*[-*/%<>^]/.test(text.slice(target.end, value.start))) return;
      store(stored, value);
    },
  });
  const numbers = new Set([...values.keys()].filter((name) => declared.has(name) && !others.has(name)));
  const assumed: KnownValues = { ...known, text, isNumber: (name) => numbers.has(name) };
  for (let size = -1; size !== numbers.size; ) {
    size = numbers.size;
    for (const name of numbers)
      if (!values.get(name)!.every((value) => isNumeric(value, assumed))) numbers.delete(name);
  }
  return numbers;
}

function countAll(names: Iterable<string>): Map<string, number> {
  const counts = new Map<string, number>();
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
  return counts;
}

function countTypedArrays<N>(statements: Iterable<Statement<N>>, text: string): Map<string, number> {
  const names: string[] = [];
  for (const statement of statements) {
    if (statement.kind !== "variable" || statement.form !== "const") continue;
    for (const { name, init } of statement.declarators)
      if (name !== null && init !== null && makesTypedArray(init, text)) names.push(name);
  }
  return countAll(names);
}

function makesTypedArray<N>(expression: Expression<N>, text: string): boolean {
  if (expression.kind === "pass") return makesTypedArray(expression.argument, text);
  return expression.kind === "call" && MAKES_TYPED_ARRAY.test(text.slice(expression.start, expression.end));
}

/** Every name that the function declares, once for each time; those of functions in it are theirs. */
function* namesIn<N>(fn: FunctionOutline<N>): Generator<string> {
  yield* fn.parameterNames;
  for (const statement of allStatements(statementsOfBody(fn))) {
    if (statement.kind === "variable") for (const { names } of statement.declarators) yield* names;
    else if (statement.kind === "function" && statement.fn.name !== null) yield statement.fn.name;
    else if (statement.kind === "class" && statement.cls.name !== null) yield statement.cls.name;
    else if (statement.kind === "try" && statement.handler) yield* statement.handler.names;
  }
}
