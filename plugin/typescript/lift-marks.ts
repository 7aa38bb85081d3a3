import type TS from "typescript";
import type { Marks } from "../core/marks.ts";
import { type Decorator, markNames, readName } from "../core/mask-decorators.ts";
import { blankOut, nextToken } from "../core/source-text.ts";
import type { Ts } from "./reader.ts";

/**
 * `@profile` above a function is in TypeScript's tree, and its checker reports it (TS1206). So it is lifted off the tree
 * before anything is bound or checked; where it stood is kept on the node, because an incremental parse reuses nodes.
 */
interface Decorated extends TS.Node {
  modifiers?: TS.NodeArray<TS.ModifierLike>;
  modifierFlagsCache?: number;
  /** Ranges relative to the node's `pos`. */
  [LIFTED]?: Omit<Decorator, "target">[];
}

const LIFTED = Symbol.for("mprof.decorators");

/** Every decorator that has the name of a mark, on the tree or lifted off it, in source order. */
export function findDecorators(file: TS.SourceFile, ts: Ts): Decorator[] {
  if (!file.text.includes("@")) return [];
  const found: Omit<Decorator, "target">[] = [];
  const names = markNames(file.text);
  const visit = (node: TS.Node): void => {
    const { modifiers, [LIFTED]: lifted } = node as Decorated;
    for (const each of lifted ?? []) found.push(moved(each, node.pos));
    for (const modifier of modifiers ?? []) {
      const decorator = ts.isDecorator(modifier) ? readDecorator(modifier, file, names, ts) : null;
      if (decorator) found.push(decorator);
    }
    ts.forEachChild(node, visit);
  };
  visit(file);
  found.sort((a, b) => a.start - b.start);
  const masked = blankOut(file.text, found);
  return found.map((decorator) => ({ ...decorator, target: nextToken(masked, decorator.end) }));
}

function readDecorator(
  node: TS.Decorator,
  file: TS.SourceFile,
  names: readonly string[],
  ts: Ts,
): Omit<Decorator, "target"> | null {
  const { expression } = node;
  const call = ts.isCallExpression(expression) ? expression : null;
  const written = call?.expression ?? expression;
  const name = readName(file.text, written.getStart(file)).text;
  if (!names.includes(name)) return null;
  const options = call && { start: call.arguments.pos, end: call.end - 1 };
  return { start: node.getStart(file), end: node.end, noprofile: /noprofile$/.test(name), options };
}

/**
 * Takes marks off the tree: decorators off the nodes they stand on, and names that only decorators used out of their
 * imports, because they would count as unused.
 */
export function liftMarks(
  file: TS.SourceFile,
  { marks, callNames }: { marks: Marks; callNames: ReadonlySet<string> },
  ts: Ts,
): void {
  const names = markNames(file.text);
  const starts = new Set(marks.masks.map(({ start }) => start));
  const isMasked = (node: TS.Node) => starts.has(node.getStart(file));
  const isOurs = (modifier: TS.ModifierLike) => ts.isDecorator(modifier) && isMasked(modifier);
  const lift = (node: Decorated): void => {
    const { modifiers } = node;
    if (modifiers?.some(isOurs)) {
      const lifted = modifiers.filter(isOurs).map((each) => readDecorator(each as TS.Decorator, file, names, ts)!);
      node[LIFTED] = [...(node[LIFTED] ?? []), ...lifted.map((each) => moved(each, -node.pos))];
      node.modifiers = without(modifiers, isOurs, ts);
      // The parser or the binder may have asked before.
      node.modifierFlagsCache = 0;
    }
    ts.forEachChild(node, lift);
  };
  lift(file);
  for (const statement of file.statements) {
    const bindings = ts.isImportDeclaration(statement) ? statement.importClause?.namedBindings : undefined;
    if (!bindings || !ts.isNamedImports(bindings)) continue;
    const isMark = (specifier: TS.ImportSpecifier) => isMasked(specifier) || isMasked(statement);
    const isOut = (specifier: TS.ImportSpecifier) => isMark(specifier) && !callNames.has(specifier.name.text);
    (bindings as { elements: TS.NodeArray<TS.ImportSpecifier> }).elements = without(bindings.elements, isOut, ts);
  }
}

/** The list without some of its nodes, at the same place. */
function without<N extends TS.Node>(nodes: TS.NodeArray<N>, isOut: (node: N) => boolean, ts: Ts): TS.NodeArray<N> {
  return ts.setTextRange(ts.factory.createNodeArray(nodes.filter((node) => !isOut(node))), nodes);
}

/** Whether decorators were lifted off a node. */
export function hasLifted(node: TS.Node): boolean {
  return (node as Decorated)[LIFTED] !== undefined;
}

function moved(decorator: Omit<Decorator, "target">, by: number): Omit<Decorator, "target"> {
  const { start, end, noprofile, options } = decorator;
  return {
    start: start + by,
    end: end + by,
    noprofile,
    options: options && { start: options.start + by, end: options.end + by },
  };
}
