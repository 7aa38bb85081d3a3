/**
 * Records of the reference's text format, one a line (cli/recording/dat.ts reads them):
 *
 *   CMDLINE <arguments, quoted where they contain a blank>
 *   MEM <MiB> <time>
 *   CHLD <pid> <MiB> <time>
 */
import type { ChildSample, ProcessSample } from "./take-sample.ts";

export function writeCommand(args: readonly string[]): string {
  const quoted = args.map((each) => (/[ \t]/.test(each) ? `'${each}'` : each));
  return `CMDLINE ${quoted.join(" ").replace(/[\r\n]+/g, " ")}\n`;
}

/** A sample of a process, and of its children if they were looked at. */
export function writeSample({ memory, time, children }: ProcessSample): string {
  const own = `MEM ${memory.toFixed(6)} ${time.toFixed(4)}\n`;
  return own + children.map((child) => writeChild(child, time)).join("");
}

function writeChild({ pid, memory }: ChildSample, time: number): string {
  return `CHLD ${pid} ${memory.toFixed(6)} ${time.toFixed(4)}\n`;
}
