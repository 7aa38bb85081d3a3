/** Resident, proportional and unique memory on Linux. The kernel walks all pages for it: slow. */
import { Buffer, openSync, readSync } from "./builtins.ts";

const KIB = 1024;

export interface Smaps {
  rss(): number;
  pss(): number;
  uss(): number;
}

/** Readers of `/proc/self/smaps_rollup`, or undefined where it is missing. */
export function openSmaps(): Smaps | undefined {
  const buffer = Buffer.alloc(4096);
  let fd: number;
  const read = () => buffer.toString("latin1", 0, readSync(fd, buffer, 0, buffer.length, 0));
  try {
    fd = openSync("/proc/self/smaps_rollup", "r");
    read();
  } catch {
    return undefined;
  }
  return {
    rss: () => readField(read(), "Rss"),
    pss: () => readField(read(), "Pss"),
    uss: () => {
      const text = read();
      return readField(text, "Private_Clean") + readField(text, "Private_Dirty");
    },
  };
}

function readField(text: string, name: string): number {
  const at = text.indexOf(`\n${name}:`);
  return at < 0 ? 0 : Number.parseInt(text.slice(at + name.length + 2), 10) * KIB;
}
