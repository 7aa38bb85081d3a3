/** Brings a report to where it was asked for; if it cannot go there, into the folder for temporary files, with a line that says so. */
import { MprofError } from "../../contract/errors.ts";
import { appendFileSync, fstatSync, join, tmpdir, writeFileSync } from "./builtins.ts";
import { mainProcess } from "./main-context.ts";
import { writeAll } from "./write.ts";

const STDOUT = 1;

export type Destination = { kind: "stdout" } | { kind: "append" | "write"; path: string };

/** What stood behind standard output when the runtime was loaded: a program may close it, and open another file by its number. */
const stdout = identityOf(STDOUT);

/** Where reports have gone instead, by what they were for. */
let instead: Map<string, string> | undefined;

/** @param warn tells the person who runs the program @returns whether it is somewhere */
export function deliver(text: string, to: Destination, warn: (text: string) => void): boolean {
  const error = tryTo(() => send(text, to));
  if (error === undefined) return true;
  const where = to.kind === "stdout" ? "standard output" : to.path;
  const what = `a report could not be written to ${where} (${reasonOf(error)})`;
  const say = (cure: string) => warn(`${new MprofError("MPROF_REPORT_WRITE", what, cure).message}\n`);
  instead ??= new Map();
  const known = instead.get(where);
  const file = known ?? join(tmpdir(), `mprof-report-${mainProcess.pid}-${instead.size + 1}${extensionOf(to)}`);
  // Only once a destination, however many reports there are of single calls.
  if (known === undefined) instead.set(where, file);
  const flag = to.kind === "write" ? "w" : known === undefined ? "ax" : "a";
  if (tryTo(() => writeFileSync(file, text, { flag, mode: 0o600 })) === undefined) {
    if (known === undefined) say(`It is in ${file}.`);
    return true;
  }
  say("Check the path and its rights, and the space that is left.");
  return false;
}

function extensionOf(to: Destination): string {
  return to.kind === "write" ? ".json" : ".txt";
}

function send(text: string, to: Destination): void {
  if (to.kind === "append") appendFileSync(to.path, text);
  else if (to.kind === "write") writeFileSync(to.path, text);
  else {
    if (stdout === undefined || identityOf(STDOUT) !== stdout) throw new Error("closed");
    const error = writeAll(STDOUT, text);
    if (error !== undefined) throw error;
  }
}

function identityOf(fd: number): string | undefined {
  try {
    const { dev, ino } = fstatSync(fd);
    return `${dev}:${ino}`;
  } catch {
    return undefined;
  }
}

function tryTo(work: () => void): unknown {
  try {
    work();
    return undefined;
  } catch (error) {
    return error;
  }
}

function reasonOf(error: unknown): string {
  return (error as NodeJS.ErrnoException).code ?? (error as Error).message;
}
