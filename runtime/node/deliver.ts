/** Brings a report to where it was asked for; if it cannot go there, into the folder for temporary files, with a line that says so. */
import { MprofError } from "../../contract/errors.ts";
import type { Profile } from "../../contract/profile.ts";
import type { TextSink } from "../../contract/values.ts";
import type { RenderOptions, Reporter } from "../reporters/reporter.ts";
import { appendFileSync, fstatSync, gzipSync, join, tmpdir, writeFileSync } from "./builtins.ts";
import { mainProcess } from "./main-context.ts";
import { writeAll } from "./write.ts";
import { writeWhole } from "./write-whole.ts";

const STDOUT = 1;

/** A stream gets text alone. A file that is written is whole or not there. */
export type Destination =
  | { kind: "stdout" }
  | { kind: "stream"; stream: TextSink }
  | { kind: "append" | "write"; path: string };

export interface Delivery extends RenderOptions {
  /**
   * Tells the person who runs the program where a report has gone instead. Without it what cannot be delivered throws; a
   * stream that throws always does.
   */
  warn?: ((text: string) => void) | undefined;
}

/** What stood behind standard output when the runtime was loaded: a program may close it, and open another file by its number. */
const stdout = identityOf(STDOUT);

/** Where reports have gone instead, by what they were for. */
let instead: Map<string, string> | undefined;

/**
 * The one way of a report, at the end, for a call, at a program's wish or a command's. Nothing is written of an empty one.
 *
 * @returns whether it is somewhere
 */
export function deliver(
  profile: Profile,
  reporter: Reporter<string | Uint8Array>,
  to: Destination,
  { warn, ...options }: Delivery = {},
): boolean {
  const color = options.color && to.kind === "stdout";
  const content = contentOf(profile, reporter, { ...options, color });
  if (content.length === 0) return true;
  if (to.kind === "stream") {
    to.stream.write(String(content));
    return true;
  }
  const error = tryTo(() => send(content, to));
  if (error === undefined) return true;
  if (warn === undefined) throw error;
  return keepElsewhere(content, reporter.extension, to, reasonOf(error), warn);
}

function contentOf(
  profile: Profile,
  reporter: Reporter<string | Uint8Array>,
  options: RenderOptions,
): string | Uint8Array {
  const content = reporter.render(profile, options);
  return reporter.extension.endsWith(".gz") ? gzipSync(content) : content;
}

type Place = Exclude<Destination, { kind: "stream" }>;

function keepElsewhere(
  content: string | Uint8Array,
  extension: string,
  to: Place,
  reason: string,
  warn: (text: string) => void,
): boolean {
  const where = to.kind === "stdout" ? "standard output" : to.path;
  const what = `a report could not be written to ${where} (${reason})`;
  const say = (cure: string) => warn(`${new MprofError("MPROF_REPORT_WRITE", what, cure).message}\n`);
  instead ??= new Map();
  const known = instead.get(where);
  const file = known ?? join(tmpdir(), `mprof-report-${mainProcess.pid}-${instead.size + 1}.${extension}`);
  // Only once a destination, however many reports there are of single calls.
  if (known === undefined) instead.set(where, file);
  const flag = to.kind === "write" ? "w" : known === undefined ? "ax" : "a";
  if (tryTo(() => writeFileSync(file, content, { flag, mode: 0o600 })) === undefined) {
    if (known === undefined) say(`It is in ${file}.`);
    return true;
  }
  say("Check the path and its rights, and the space that is left.");
  return false;
}

function send(content: string | Uint8Array, to: Place): void {
  if (to.kind === "append") appendFileSync(to.path, content);
  else if (to.kind === "write") writeWhole(to.path, content);
  else {
    if (stdout === undefined || identityOf(STDOUT) !== stdout) throw new Error("closed");
    const error = writeAll(STDOUT, content);
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
