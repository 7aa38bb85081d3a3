import { Buffer } from "node:buffer";
import { writeSync } from "node:fs";

const RETRY_MS = 5;
/** Of a reader that takes nothing; then the report is given up rather than the process held. */
const PATIENCE_MS = 10_000;

/** Writes all of `text` at once. A pipe that is full is waited for, one that nobody reads any more is no error. */
export function writeAll(fd: number, text: string): void {
  const bytes = Buffer.from(text);
  let written = 0;
  let waitedMs = 0;
  while (written < bytes.length) {
    try {
      written += writeSync(fd, bytes, written);
      waitedMs = 0;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EAGAIN" || waitedMs >= PATIENCE_MS) return;
      sleep(RETRY_MS);
      waitedMs += RETRY_MS;
    }
  }
}

function sleep(ms: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
}
