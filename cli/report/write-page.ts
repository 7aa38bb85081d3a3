import { accessSync, constants, mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import type { Profile } from "../../contract/profile.ts";
import { readProfile } from "../../contract/read-profile.ts";
import type { Recording } from "../../contract/recording.ts";
import { deliver } from "../../runtime/node/deliver.ts";
import type { RenderOptions, Reporter } from "../../runtime/reporters/reporter.ts";
import { type Io, UsageError } from "../command.ts";
import { HTML } from "../formats/html.ts";

const CURE = "Name another file by --html.";

export interface PageOptions {
  /** Absolute path of the folder that the profile's files are relative to. */
  root: string;
  /** Of the same run. */
  recording?: Recording | undefined;
}

/** Writes the page of a profile. @throws UsageError for a file that cannot be written */
export function writePage(profile: Profile, html: string, options: PageOptions, io: Pick<Io, "cwd">): void {
  writeHtml(profile, HTML, html, options, io);
}

/** Writes a page that `page` makes. @throws UsageError for a file that cannot be written */
export function writeHtml(
  profile: Profile,
  page: Reporter<string | Uint8Array>,
  html: string,
  options: RenderOptions,
  io: Pick<Io, "cwd">,
): void {
  try {
    deliver(profile, page, { kind: "write", path: resolve(io.cwd, html) }, options);
  } catch (error) {
    throw cannotWrite(html, error);
  }
}

export interface RunPage {
  /** Where the program is to write its profile. */
  json: string;
  /** To be called when the program has ended. @returns whether the page is written, or there is nothing to write */
  finish(): boolean;
}

/**
 * The page of a program that is about to run.
 *
 * @param json where its profile goes besides
 * @throws UsageError if the page could not be written
 */
export function preparePage(
  html: string,
  json: string | undefined,
  root: string,
  io: Pick<Io, "cwd" | "error">,
): RunPage {
  checkTarget(resolve(io.cwd, html), html);
  const started = Date.now();
  const folder = json === undefined ? mkdtempSync(join(tmpdir(), "mprof-page-")) : undefined;
  const path = json ?? join(folder!, "profile.json");
  return {
    json: path,
    finish() {
      try {
        const profile = profileSince(path, started);
        if (profile === undefined) io.error(`[mprof] ${html} is not written: no profiled function was called\n`);
        else writePage(profile, html, { root }, io);
        return true;
      } catch (error) {
        io.error(
          `${error instanceof UsageError ? error.message : `[mprof] ${html} is not written: ${String(error)}`}\n`,
        );
        return false;
      } finally {
        if (folder !== undefined) rmSync(folder, { recursive: true, force: true });
      }
    },
  };
}

/** Undefined where a file is of an earlier run, or there is none. */
function profileSince(path: string, started: number): Profile | undefined {
  if (statSync(path, { throwIfNoEntry: false }) === undefined) return undefined;
  const profile = readProfile(readFileSync(path, "utf8"));
  return profile.taken < started ? undefined : profile;
}

/** A file that the program, or the command, writes besides the page. */
export interface Beside {
  /** The flag or variable that names it. */
  by: string;
  path: string;
}

/**
 * A page is made of a file, and is one.
 *
 * @param json where the profile goes that it is made of
 * @param others what else is written
 * @throws UsageError for what would be written into it, and for a profile that cannot be read again
 */
export function checkApart(html: string, json: Beside | undefined, others: readonly Beside[], cwd: string): void {
  if (html === "-" || isNoFile(resolve(cwd, html)))
    throw new UsageError(
      `--html ${html} is no file: standard output is the program's`,
      "Name a file: --html memory.html.",
    );
  const same = [json, ...others].find((each) => each !== undefined && isSameFile(resolve(cwd, html), each.path));
  if (same !== undefined)
    throw new UsageError(`--html and ${same.by} name the same file: ${html}`, "Give each a file of its own.");
  if (json !== undefined && isNoFile(json.path))
    throw new UsageError(
      `${json.by} ${json.path} is no file: the page is made of the profile in it`,
      `Name a file, or leave out ${json.by}.`,
    );
}

/** A pipe, a terminal, `/dev/null`, or standard output whatever it is; a folder is refused elsewhere. */
function isNoFile(path: string): boolean {
  if (/^\/dev\/(stdout|stderr|fd\/\d+)$/.test(path)) return true;
  const there = statSync(path, { throwIfNoEntry: false });
  return there !== undefined && !there.isFile() && !there.isDirectory();
}

function isSameFile(one: string, other: string): boolean {
  if (one === other) return true;
  const [a, b] = [one, other].map((path) => statSync(path, { throwIfNoEntry: false }));
  return a !== undefined && b !== undefined && a.dev === b.dev && a.ino === b.ino;
}

/** What would fail after the program has run is said before. */
function checkTarget(path: string, html: string): void {
  try {
    const there = statSync(path, { throwIfNoEntry: false });
    if (there?.isDirectory()) throw Object.assign(new Error("it is a folder"), { code: "EISDIR" });
    accessSync(there ? path : dirname(path), constants.W_OK);
  } catch (error) {
    throw cannotWrite(html, error);
  }
}

function cannotWrite(html: string, error: unknown): UsageError {
  const { code, message } = error as NodeJS.ErrnoException;
  return new UsageError(`${html} cannot be written (${code ?? message})`, CURE);
}
