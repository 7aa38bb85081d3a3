import { renameSync } from "node:fs";
import { resolve } from "node:path";
import type { Command as Program } from "commander";
import { type FlagsOf, isQuiet, OPTIONS } from "../../contract/options.ts";
import { type Command, type Io, UsageError } from "../command.ts";
import { withFlags } from "../flags.ts";

const EXAMPLES = `
Examples:
  mprof report                     the newest report of this folder that is waiting
  mprof report server.mprof        of the file that --profile has named
`;

/** `mprof report [file]`: what was kept of a program that ended without a word, or that runs still. */
export const report: Command = {
  register(program: Program, io: Io): void {
    withFlags(program.command("report [file]"), "report")
      .description("show the report that was kept of a program which ended without a word, or runs still")
      .addHelpText("after", EXAMPLES)
      .action((file: string | undefined, { ended, json }: FlagsOf<"report">) =>
        ended && file !== undefined ? sayEnded(file, io) : show(file, json === true, io),
      );
  },
};

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

async function show(name: string | undefined, isJson: boolean, io: Io): Promise<void> {
  const { findWaiting, keptFolder, shownPath } = await import("../../runtime/node/kept/kept-folder.ts");
  const { readRun } = await import("../report/read-run.ts");
  const { describeEnd, keptReporter } = await import("../report/describe-run.ts");
  const folder = keptFolder();
  const [newest] = folder === undefined ? [] : findWaiting(folder, io.cwd, Date.now());
  const path = name === undefined ? newest?.path : resolve(io.cwd, name);
  if (path === undefined)
    throw new UsageError("no report is waiting for this folder", "Name the file: mprof report <file>.");
  const run = readRun(path);
  if (run === undefined) throw new UsageError(`there is no such file: ${name}`, `Looked for ${path}.`);
  if (typeof run === "string") throw new UsageError(`${name ?? path} is no report: ${run}`, "Name another file.");
  if (isJson) return io.out(`${JSON.stringify(run.profile, null, 2)}\n`);
  const { cwd, args } = run.first.head;
  const how = run.first.hasEnded ? "the program has ended" : "the program ended without a word, or runs still";
  io.error(describeEnd(run, `${args.join(" ")}, in ${cwd}: ${how}`, undefined));
  io.out(keptReporter(run).render(run.profile));
  if (name === undefined && newest?.isShown === false) renameSync(path, shownPath(path));
}
