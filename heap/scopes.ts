/** Where functions, variables and modules come from, as far as V8 still knows it. */
import type { Link } from "./find-holders.ts";
import type { HeapSnapshot } from "./heap-snapshot.ts";

/** Newer V8 says behind it what it is of. */
const CONTEXT = /^system \/ Context\b/;
const NATIVE_CONTEXT = /^system \/ NativeContext\b/;
const MODULE = "system / SourceTextModule";

/** The name of a function's script: a path, or a URL. @returns undefined for functions of V8 itself */
export function scriptOf(snapshot: HeapSnapshot, fn: number): string | undefined {
  const shared = snapshot.follow(fn, "shared");
  if (shared === undefined) return undefined;
  const script = snapshot.follow(shared, "script") ?? snapshot.follow(shared, "script_or_debug_info");
  const name = script === undefined ? undefined : snapshot.follow(script, "name");
  return name === undefined ? undefined : snapshot.nameOf(name) || undefined;
}

export function isContext(name: string): boolean {
  return CONTEXT.test(name);
}

export function isNativeContext(name: string): boolean {
  return NATIVE_CONTEXT.test(name);
}

/** Whether the variables of a context are those of a module, or of a script. */
export function isModuleContext(snapshot: HeapSnapshot, context: number): boolean {
  const outer = snapshot.follow(context, "previous");
  return outer === undefined || isNativeContext(snapshot.nameOf(outer));
}

/** The script of the context that link `i` goes through: that of the function by which it is held. */
export function scriptOfContext(snapshot: HeapSnapshot, links: readonly Link[], i: number): string | undefined {
  for (const { holder } of links.slice(i + 1)) {
    if (snapshot.typeOf(holder) === "closure") return scriptOf(snapshot, holder);
    const fn = snapshot.follow(holder, "function");
    if (fn !== undefined) return scriptOf(snapshot, fn);
    if (!isContext(snapshot.nameOf(holder))) break;
  }
  const extension = snapshot.follow(links[i]!.holder, "extension");
  return extension === undefined ? undefined : scriptOfModule(snapshot, extension);
}

/**
 * The exported variable that a cell is. V8 keeps no name with it; it stands beside it in the table of the module's
 * exports.
 */
export function findExport(
  snapshot: HeapSnapshot,
  cell: number,
): { name: string; file: string | undefined } | undefined {
  const { edges } = snapshot;
  for (const module of snapshot.nodesOf("hidden", (name) => name === MODULE)) {
    const { from, to } = snapshot.edgesOf(module);
    for (let edge = from; edge < to; edge++) {
      const table = edges.to[edge]!;
      if (snapshot.typeOf(table) !== "array") continue;
      const name = keyBeside(snapshot, table, cell);
      if (name !== undefined) return { name, file: scriptOfModule(snapshot, module) };
    }
  }
  return undefined;
}

/** Keys and cells by turns. @returns undefined for lists of cells without keys, as those of imports */
function keyBeside(snapshot: HeapSnapshot, table: number, cell: number): string | undefined {
  const { edges } = snapshot;
  const { from, to } = snapshot.edgesOf(table);
  for (let edge = from + 1; edge < to; edge++) {
    if (edges.to[edge] !== cell) continue;
    const key = edges.to[edge - 1]!;
    if (snapshot.typeOf(key) === "string") return snapshot.nameOf(key);
  }
  return undefined;
}

/** By any of its functions. */
function scriptOfModule(snapshot: HeapSnapshot, module: number): string | undefined {
  const { from, to } = snapshot.edgesOf(module);
  for (let edge = from; edge < to; edge++) {
    const part = snapshot.edges.to[edge]!;
    const fn = snapshot.typeOf(part) === "closure" ? part : snapshot.follow(part, "function");
    const script = fn === undefined ? undefined : scriptOf(snapshot, fn);
    if (script !== undefined) return script;
  }
  return undefined;
}
