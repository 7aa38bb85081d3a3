import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

let gc: (() => void) | undefined;

/** One full collection; exposes V8's `gc` to us alone if the program was started without it. */
export function collect(): void {
  if (gc === undefined) {
    gc = (globalThis as { gc?: () => void }).gc;
    if (gc === undefined) {
      setFlagsFromString("--expose-gc");
      gc = runInNewContext("gc") as () => void;
    }
  }
  gc();
}
