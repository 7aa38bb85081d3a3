import { getEnvironmentData, setEnvironmentData } from "node:worker_threads";

/** Hashes of what was said, in memory that all threads of the process share. */
const KEY = "mprof:said";
const SLOTS = 1024;

/**
 * Writes a warning to standard error, once a process: on Node 20 both loaders may ask for one file, each on a thread of its
 * own, and every worker loads its files by itself. If there are more warnings than slots, they are said again.
 */
export function sayOnce(warning: string): void {
  const slots = new Int32Array(shareSaid());
  const hash = hashOf(warning);
  for (let i = 0; i < SLOTS; i++) {
    const before = Atomics.compareExchange(slots, (hash + i) & (SLOTS - 1), 0, hash);
    if (before === hash) return;
    if (before === 0) break;
  }
  process.stderr.write(`${warning}\n`);
}

/** To be called before there are other threads: each gets what there is when it starts. */
export function shareSaid(): SharedArrayBuffer {
  const known = getEnvironmentData(KEY);
  if (known instanceof SharedArrayBuffer) return known;
  const memory = new SharedArrayBuffer(SLOTS * Int32Array.BYTES_PER_ELEMENT);
  setEnvironmentData(KEY, memory);
  return memory;
}

/** FNV-1a; 0 is the empty slot. */
function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return hash | 0 || 1;
}
