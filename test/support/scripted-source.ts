import { MIB } from "../../contract/units.ts";
import type { CustomSource } from "../../runtime/core/sources.ts";

/** A source that says what a test tells it to, so that every figure is exact. Starts at 50 MiB, as the golden programs do. */
export interface ScriptedSource extends CustomSource {
  /** Memory is `mib` from now on. */
  set(mib: number): void;
  /** Memory grows by `mib`, or shrinks. */
  add(mib: number): void;
  /** Memory in bytes. */
  bytes: number;
  /** Readings taken. */
  reads: number;
}

export function createScriptedSource(name = "scripted"): ScriptedSource {
  return {
    name,
    bytes: 50 * MIB,
    reads: 0,
    read() {
      this.reads++;
      return this.bytes;
    },
    set(mib) {
      this.bytes = mib * MIB;
    },
    add(mib) {
      this.bytes += mib * MIB;
    },
  };
}
