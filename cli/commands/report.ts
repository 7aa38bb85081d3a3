import { existsSync, renameSync } from "node:fs";
import { resolve } from "node:path";
import type { Command as Program } from "commander";
import { type FlagsOf, isQuiet, OPTIONS } from "../../contract/options.ts";
import type { Profile } from "../../contract/profile.ts";
import type { Recording } from "../../contract/recording.ts";
import type { Reporter } from "../../runtime/reporters/reporter.ts";
import { type Command, type Io, UsageError } from "../command.ts";
import { withFlags } from "../flags.ts";
import { namedFile } from "../named-file.ts";
import { harmless } from "../profile/harmless.ts";
import { page } from "../terminal/page.ts";
import { wantsColor } from "../terminal/wants-color.ts";

type Flags = FlagsOf<"report">;

const EXAMPLES = `
Examples:
  mprof report                     the newest report of this folder that is waiting
  mprof report server.mprof        of the file that --profile has named
  mprof report --sort share --top 20 --columns increment,share,per-hit profile.json
  mprof report --markdown profile.json
  mprof report profile.json --html             a page, profile.html beside it; with profile.dat, over time
`;

/** `mprof report [file]`: a profile, or what was kept of a program that ended without a word, or that runs still. */
export const report: Command = {
  register(program: Program, io: Io): void {
    withFlags(program.command("report [file]"), "report")
      .description("show a profile, or what was kept of a program that ended without a word, or runs still")
      .addHelpText("after", EXAMPLES)
      .action((file: string | undefined, flags: Flags) =>
        flags.ended && file !== undefined ? sayEnded(file, io) : show(...fileAndFlags(file, flags), io),
      )
      .hook("preAction", (command) => checkPage(command.opts<Flags>()));
  },
};

/** What follows `--html` is the page only if it is called one: else it is the profile. */
function fileAndFlags(file: string | undefined, flags: Flags): [string | undefined, Flags] {
  const { html } = flags;
  if (!html || /\.html?$/i.test(html)) return [file, flags];
  if (file === undefined) return [html, { ...flags, html: "" }];
  throw new UsageError(`this is no name of a page: ${html}`, "Name a file that ends in .html.");
}

/** For the shell that waits for the end of a program (runtime/node/kept/watcher.ts). */
async function sayEnded(path: string, io: Io): Promise<void> {
  const { printEnded } = await import("../report/print-ended.ts");
  const { env } = io;
  const cwd = printEnded(
    path,
    "the program was ended without a word",
    env[OPTIONS.profile.variable.name] !== undefined,
    env,
    io,
  );
  if (cwd === undefined) return;
  const { closeActivity } = await import("../../plugin/node/activity.ts");
  const { lastWord } = await import("../../plugin/node/last-word.ts");
  const { readCompileOptions } = await import("../../plugin/node/compile-options.ts");
  const activity = closeActivity(env);
  if (activity !== undefined && !isQuiet(env)) io.error(lastWord(activity, readCompileOptions(env), env, cwd));
}

/** What a page does not take. @throws UsageError if it is asked for */
function checkPage({ html, recording, json, markdown, columns, sort, top, min }: Flags): void {
  if (html === undefined) {
    if (recording !== undefined)
      throw new UsageError("--recording without --html: only a page has a time line", "Add --html.");
    return;
  }
  for (const [flag, value] of Object.entries({ json, markdown, columns, sort, top, min }))
    if (value !== undefined)
      throw new UsageError(`--html with --${flag}: a page has all of it`, "Leave one of them out, or run it twice.");
}

async function show(name: string | undefined, flags: Flags, io: Io): Promise<void> {
  const { isKept, openProfile } = await import("../profile/open-profile.ts");
  if (name !== undefined && !isKept(namedFile(name, io)))
    return print(openProfile(name, io), { flags, name, root: io.cwd }, io);
  const { findWaiting, keptFolder, shownPath } = await import("../../runtime/node/kept/kept-folder.ts");
  const { readRun } = await import("../report/read-run.ts");
  const { describeEnd, keptReporter } = await import("../report/describe-run.ts");
  const folder = keptFolder();
  const [newest] = folder === undefined ? [] : findWaiting(folder, io.cwd, Date.now());
  const path = name === undefined ? newest?.path : resolve(io.cwd, name);
  if (path === undefined)
    throw new UsageError("no report is waiting for this folder", "Name the file: mprof report <file>.");
  const run = readRun(path);
  if (run === undefined || typeof run === "string")
    throw new UsageError(`${name ?? path} is no report: ${run ?? "it is empty"}`, "Name another file.");
  if (!flags.json) {
    const { cwd, args } = run.first.head;
    const how = run.first.hasEnded ? "the program has ended" : "the program ended without a word, or runs still";
    io.error(describeEnd(run, `${args.join(" ")}, in ${cwd}: ${how}`, undefined));
  }
  await print(run.profile, { flags, name, root: run.first.head.cwd, classic: keptReporter(run) }, io);
  if (!flags.json && name === undefined && newest?.isShown === false) renameSync(path, shownPath(path));
}

interface Asked {
  flags: Flags;
  /** Of the profile, as it was given. */
  name: string | undefined;
  /** The folder that its files are relative to. */
  root: string;
  /** What is printed where nothing else is asked for; without it the tables. */
  classic?: Reporter;
}

async function print(profile: Profile, { flags, name, root, classic }: Asked, io: Io): Promise<void> {
  if (flags.html !== undefined) {
    const { writePage } = await import("../report/write-page.ts");
    const { openOnDesktop } = await import("../terminal/open-on-desktop.ts");
    const page = pageBeside(name, flags.html);
    const recording = await recordingOf(name, flags, io);
    writePage(profile, page, { root: resolve(io.cwd, flags.root ?? root), recording }, io);
    io.out(`${resolve(io.cwd, page)}\n`);
    if (flags.html === "") openOnDesktop(resolve(io.cwd, page), io);
    return;
  }
  const reporter = await reporterFor(flags, classic);
  const text = reporter.render(flags.json ? profile : harmless(profile), { color: wantsColor(flags.color, io) });
  if (flags.json || flags.markdown) io.out(text);
  else page(text, io);
}

/** The one that is named, or `profile.dat` beside `profile.json`. */
async function recordingOf(name: string | undefined, flags: Flags, io: Io): Promise<Recording | undefined> {
  const beside = name?.replace(/\.[^./\\]+$/, ".dat");
  const isBeside = beside !== undefined && beside !== name && existsSync(resolve(io.cwd, beside));
  const path = flags.recording ?? (isBeside ? beside : undefined);
  if (path === undefined) return undefined;
  const { readRecording } = await import("../recording/find-recordings.ts");
  return readRecording(path, io);
}

/** `profile.html` for `profile.json`. */
function pageBeside(name: string | undefined, html: string): string {
  return html || `${name?.replace(/\.[^./\\]+$/, "") ?? "mprof-report"}.html`;
}

async function reporterFor(flags: Flags, classic: Reporter | undefined): Promise<Reporter> {
  const { json, markdown, columns, sort, top, min } = flags;
  if (json) return (await import("../../runtime/reporters/json.ts")).JSON_REPORTER;
  if (markdown) return (await import("../formats/markdown.ts")).MARKDOWN;
  if ([columns, sort, top, min].some((each) => each !== undefined))
    return (await import("../terminal/chosen-table.ts")).chosenTable({ columns, sort, top, min });
  return classic ?? (await import("../../runtime/reporters/tables.ts")).TABLES;
}
