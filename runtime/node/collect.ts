import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import type { Collector } from "../full/after-collection.ts";

type Gc = (options?: { type: "minor" }) => void;

let exposed: Gc | undefined;

/** Exposes V8's `gc` to us alone if the program was started without it. */
function gc(): Gc {
  exposed ??= (globalThis as { gc?: Gc }).gc;
  if (exposed === undefined) {
    setFlagsFromString("--expose-gc");
    exposed = runInNewContext("gc") as Gc;
  }
  return exposed;
}

/**
 * What V8 makes in old space while a program runs, on whichever line it happens: code, and the feedback of calls. Areas of
 * old space are counted whole, so that a few hundred bytes of it look like 240 KiB. Not thrown away either, once it is there.
 */
const NOTHING_OF_ITS_OWN = [
  "--no-sparkplug",
  "--no-opt",
  "--no-maglev",
  "--no-lazy-feedback-allocation",
  "--no-flush-bytecode",
];
/** A buffer is otherwise given back by a thread: the collection after the one that found it shows it. */
const AT_ONCE = "--no-concurrent-array-buffer-sweeping";
/** V8 drops the code of what has not run for so many collections, Node's own from when it started. */
const FIRST_COLLECTIONS = 12;

export const COLLECTOR: Collector = {
  settle() {
    for (const flag of [...NOTHING_OF_ITS_OWN, AT_ONCE]) setFlagsFromString(flag);
    for (let i = 0; i < FIRST_COLLECTIONS; i++) gc()();
  },
  full: () => gc()(),
  young() {
    // Node 26 counts the area whole into which the first has moved what survives, 32 KB: the second moves it on.
    for (let i = 0; i < 2; i++) gc()({ type: "minor" });
  },
};
