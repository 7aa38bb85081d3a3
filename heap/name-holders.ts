/** What holds a value, in the program's own names, nearest holder first: `Map entry ← variable cache (src/store.ts:3)`. */
import type { Link } from "./find-holders.ts";
import type { HeapSnapshot } from "./heap-snapshot.ts";
import { findExport, isContext, isModuleContext, isNativeContext, scriptOf, scriptOfContext } from "./scopes.ts";

/** One holder. */
export interface Holder {
  /** As `Map entry`, `variable cache`, `function restore`. */
  name: string;
  /** The file as V8 names it, a path or a URL, and of a function where it begins there. */
  file?: string;
  line?: number;
  column?: number;
}

const GLOBAL = /^global\b|^Window\b/;
const GENERATOR = /Generator$/;
const COLLECTION = "table";
const OF_WEAK_MAP = /part of key .* pair in WeakMap/;
/** Symbols by which Node keeps the store of an AsyncLocalStorage on what runs later. */
const STORE = /^<symbol kResourceStore>$|^<symbol kAsyncContextFrame>$/;
const TIMER = /^(Timeout|Immediate)$/;
const TIMER_LIST = /^(TimersList|ImmediateList)$/;
const MOST_HOLDERS = 12;

/** @param links as `holdersOf` gives them */
export function nameHolders(snapshot: HeapSnapshot, links: readonly Link[]): Holder[] {
  return new Names(snapshot, links).all();
}

class Names {
  private readonly snapshot: HeapSnapshot;
  private readonly links: readonly Link[];
  private readonly found: Holder[] = [];

  constructor(snapshot: HeapSnapshot, links: readonly Link[]) {
    this.snapshot = snapshot;
    this.links = links;
  }

  all(): Holder[] {
    const { links, found } = this;
    for (let i = 0; i < links.length && found.length < MOST_HOLDERS; i++) if (this.isEnd(i)) break;
    return found;
  }

  /** Adds what the link is for the program, if it is anything. @returns whether nothing worth a word comes behind it */
  private isEnd(i: number): boolean {
    const { snapshot } = this;
    const { holder } = this.links[i]!;
    switch (snapshot.typeOf(holder)) {
      case "closure":
        return this.ofFunction(i);
      case "synthetic":
        if (this.found.length === 0) this.add({ name: "native code" });
        return true;
      case "native":
        this.add({ name: snapshot.nameOf(holder).replace(/^Node \/ /, "native ") });
        return !/^(Detached )?(HTML|SVG)|Element$|^#document|^EventListener/.test(snapshot.nameOf(holder));
      default:
        return this.ofObject(i);
    }
  }

  private ofFunction(i: number): boolean {
    const { snapshot } = this;
    const { edge, holder } = this.links[i]!;
    const place = this.placeOf(holder);
    // Those of V8 itself, as `resolve` of a promise.
    if (place.file === undefined) return false;
    if (place.file.startsWith("node:")) {
      this.add({ name: `Node (${place.file})` });
      return true;
    }
    const name = snapshot.nameOf(holder) || "(anonymous)";
    const isProperty = snapshot.edgeType(edge) === "property";
    this.add({ name: isProperty ? `${name}.${snapshot.edgeName(edge)}` : `function ${name}`, ...place });
    return false;
  }

  private ofObject(i: number): boolean {
    const { snapshot } = this;
    const { edge, holder } = this.links[i]!;
    const type = snapshot.edgeType(edge);
    const name = snapshot.edgeName(edge);
    const className = snapshot.nameOf(holder);
    if (isContext(className)) return this.ofContext(i);
    if (className === "system / Cell") return this.ofCell(holder);
    if (className === "system / PropertyCell" || isNativeContext(className)) return false;
    if (OF_WEAK_MAP.test(name)) return this.add({ name: `WeakMap entry of ${className}` });
    if (GENERATOR.test(className) && type === "internal") return this.ofSuspended(holder);
    if (className === "Promise" && type !== "property") return this.ofPromise(i);
    if (STORE.test(name) || className === "AsyncContextFrame") this.add({ name: "store of AsyncLocalStorage" });
    if (className === "AsyncContextFrame") return false;
    if (TIMER.test(className)) return this.ofTimer(i);
    if (TIMER_LIST.test(className)) return true;
    if (GLOBAL.test(className)) {
      this.add({ name: type === "property" ? `globalThis.${name}` : "globalThis" });
      return true;
    }
    if (type === "internal" && name === COLLECTION) return this.add({ name: `${className} entry` });
    if (type === "internal" && /^bound_/.test(name)) return this.add({ name: "bound function" });
    if (type === "element" && snapshot.typeOf(holder) === "object") return this.add({ name: `${className}[ ]` });
    if (type === "property" && name === "_events" && this.isListener(className)) return false;
    if (type === "property" && !name.startsWith("<symbol")) return this.add({ name: `${className}.${name}` });
    return false;
  }

  private ofContext(i: number): boolean {
    const { snapshot } = this;
    const { edge, holder } = this.links[i]!;
    if (snapshot.edgeType(edge) !== "context") return false;
    const name = snapshot.edgeName(edge);
    const file = scriptOfContext(snapshot, this.links, i);
    if (file?.startsWith("node:")) {
      this.add({ name: `Node (${file})` });
      return true;
    }
    this.add({ name: name === "this" ? "this" : `variable ${name}`, file });
    return isModuleContext(snapshot, holder);
  }

  /** A variable that a module exports, whose name stands in the module's table. */
  private ofCell(cell: number): boolean {
    const found = findExport(this.snapshot, cell);
    if (found === undefined) return false;
    this.add({ name: found.name === "default" ? "export default" : `variable ${found.name}`, file: found.file });
    return true;
  }

  private ofSuspended(generator: number): boolean {
    const { snapshot } = this;
    const fn = snapshot.follow(generator, "function");
    const place = fn === undefined ? {} : this.placeOf(fn);
    const name = (fn !== undefined && snapshot.nameOf(fn)) || "(anonymous)";
    return this.add({ name: `suspended call of ${name}`, ...place });
  }

  private ofPromise(i: number): boolean {
    const { snapshot } = this;
    const held = i > 0 ? snapshot.nameOf(this.links[i - 1]!.holder) : "";
    return this.add({ name: /PromiseReaction/.test(held) ? "pending Promise" : "Promise" });
  }

  private ofTimer(i: number): boolean {
    const { snapshot } = this;
    this.add({ name: "timer" });
    const next = this.links[i + 1];
    return (
      next !== undefined && (TIMER.test(snapshot.nameOf(next.holder)) || TIMER_LIST.test(snapshot.nameOf(next.holder)))
    );
  }

  /** `Object.message` below `EventEmitter._events` is a listener; it is named as one. */
  private isListener(className: string): boolean {
    const event = /^Object\.(.+)$/.exec(this.found.at(-1)?.name ?? "")?.[1];
    if (event === undefined) return false;
    this.found.pop();
    if (this.found.at(-1)?.name === "Array[ ]") this.found.pop();
    this.add({ name: `listener of ${JSON.stringify(event)} of ${className}` });
    return true;
  }

  private placeOf(fn: number): Omit<Holder, "name"> {
    const file = scriptOf(this.snapshot, fn);
    return file === undefined ? {} : { file, ...this.snapshot.locationOf(fn) };
  }

  /** Repeats say nothing. */
  private add(holder: Holder): false {
    const last = this.found.at(-1);
    if (last?.name !== holder.name || last.line !== holder.line) this.found.push(holder);
    return false;
  }
}
