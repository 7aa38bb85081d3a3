import { Buffer, writeSync } from "./builtins.ts";

const RETRY_MS = 5;
/** Of a reader that takes nothing; then the report is given up rather than the process held. */
const PATIENCE_MS = 10_000;

/** Writes all of `content` at once. A pipe that is full is waited for. @returns what kept it from being written */
export function writeAll(fd: number, content: string | Uint8Array): NodeJS.ErrnoException | undefined {
  const bytes = typeof content === "string" ? Buffer.from(content) : content;
  let written = 0;
  let waitedMs = 0;
  while (written < bytes.length) {
    try {
      written += writeSync(fd, bytes, written);
      waitedMs = 0;
    } catch (thrown) {
      const error = thrown as NodeJS.ErrnoException;
      if (error.code !== "EAGAIN" || waitedMs >= PATIENCE_MS) return error;
      sleep(RETRY_MS);
      waitedMs += RETRY_MS;
    }
  }
  return undefined;
}

function sleep(ms: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
}
