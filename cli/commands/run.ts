import { existsSync, rmSync } from "node:fs";
import { relative, resolve } from "node:path";
import type { Command as Program } from "commander";
import type { FlagsOf } from "../../contract/options.ts";
import { openProcessMemory, processBackend } from "../../sampling/process-memory.ts";
import { after } from "../../sampling/ticks.ts";
import { startChild, waitForChild } from "../child.ts";
import { type Command, EXIT_USAGE, type Io, UsageError } from "../command.ts";
import { checkLimit, environmentOf, withFlags } from "../flags.ts";
import { watchProgram } from "../last-word.ts";
import { findProcess } from "../recording/find-process.ts";
import { nameFor } from "../recording/find-recordings.ts";
import { planLaunch } from "../recording/plan-launch.ts";
import { RecordingFile, Sampler } from "../recording/sampler.ts";
import { wantsColor } from "../terminal/wants-color.ts";

/** The flags that `run` and `attach` share. */
export type RecordFlags = FlagsOf<"attach">;
type RunFlags = FlagsOf<"run">;

interface OpenRecording {
  path: string;
  /** It was not there before. */
  isNew: boolean;
  file: RecordingFile;
}

const EXAMPLES = `
Examples:
  mprof run app.ts --port 8080          a script: over time, and line by line
  mprof run node --no-warnings app.js   the same, with options of node
  mprof run -T 0.01 -C npm test         any program; everything after its name is its own
  mprof run -M python3 app.py
`;

/** `mprof run [options] <program> [args…]`: records the memory of a program over time. */
export const run: Command = {
  register(program: Program, io: Io): void {
    withFlags(program.command("run <program> [args...]"), "run")
      .description("record the memory of a program over time; of a script, with its calls and its report")
      .addHelpText("after", EXAMPLES)
      .passThroughOptions()
      .action((name: string, args: string[], flags: RunFlags) =>
        flags.attach ? record(findProcess(name), [name], flags, io) : runProgram(name, args, flags, io),
      );
  },
};

async function runProgram(name: string, args: string[], flags: RunFlags, io: Io): Promise<void> {
  const launch = planLaunch(name, args, flags, io.cwd);
  const { maxMem, onExceed, onOom, profile, quiet, summary, color } = flags;
  checkLimit(flags);
  if (maxMem !== undefined && !launch.isProfiled)
    throw new UsageError(`--max-mem looks at lines, and ${name} has none`, "Name a script, or leave it out.");
  const { path, isNew, file } = openRecording(flags, [name, ...args], io);
  const given = launch.isProfiled
    ? {
        ...io.env,
        ...environmentOf({
          maxMem,
          onExceed,
          onOom,
          profile: profile && resolve(io.cwd, profile),
          quiet,
          summary,
          color: wantsColor(color, io) || undefined,
          recording: path,
        }),
      }
    : io.env;
  const watch = launch.isProfiled ? watchProgram({}, given, io) : undefined;
  const env = { ...given, ...watch?.env };
  const child = await startChild(launch.command, launch.args, env).catch(async (error: NodeJS.ErrnoException) => {
    file.close();
    await watch?.tell("the program was not started");
    if (isNew) rmSync(path);
    const cure = error.code === "ENOENT" ? "Check its name, or give its path." : "Check its rights.";
    throw new UsageError(`the program cannot be started: ${name} (${error.code})`, cure);
  });
  if (!quiet) io.error(`mprof: sampling memory every ${flags.interval} s into ${relative(io.cwd, path) || path}\n`);
  const recording = startSampler(child.pid!, file, flags);
  const problem = tellProblem(recording, path, io);
  const stop = () => recording.stop();
  const endWaiting = after((flags.timeout ?? Infinity) * 1000, stop);
  child.once("exit", () => {
    endWaiting();
    stop();
  });
  const code = await waitForChild(child, io, watch?.tell);
  if (flags.exitCode && code !== 0) io.error(`ERROR:mprof:Program resulted with a non-zero exit code: ${code}\n`);
  io.exit(code === 0 && (await problem) ? EXIT_USAGE : code);
}

/** Records a process that runs already, until it ends, the time is over, or a signal comes. */
export async function record(pid: number, command: readonly string[], flags: RecordFlags, io: Io): Promise<void> {
  const { path, file } = openRecording(flags, command, io);
  const where = relative(io.cwd, path) || path;
  if (!flags.quiet) io.error(`mprof: sampling process ${pid} every ${flags.interval} s into ${where}\n`);
  const recording = startSampler(pid, file, flags);
  const stop = () => recording.stop();
  const endWaiting = after((flags.timeout ?? Infinity) * 1000, stop);
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, stop);
  if (await tellProblem(recording, path, io)) io.exit(EXIT_USAGE);
  endWaiting();
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.off(signal, stop);
}

/**
 * Opens the recording that the flags name, or a new one of this folder. A name is a second: of several runs that begin in
 * one, the later ones take the seconds after it.
 */
function openRecording({ output }: RecordFlags, command: readonly string[], io: Io): OpenRecording {
  for (let begun = Date.now(); ; begun += 1000) {
    const path = resolve(io.cwd, output ?? nameFor(new Date(begun)));
    const isNew = !existsSync(path);
    try {
      return { path, isNew, file: new RecordingFile(path, output === undefined ? "ax" : "a", command) };
    } catch (error) {
      const { code, message } = error as NodeJS.ErrnoException;
      if (code === "EEXIST" && output === undefined) continue;
      throw new UsageError(`the recording cannot be made: ${message}`, "Choose another file with -o.");
    }
  }
}

function startSampler(pid: number, file: RecordingFile, flags: RecordFlags): Sampler {
  const { interval, includeChildren = false, multiprocess = false, backend = "rss" } = flags;
  const memory = openProcessMemory(processBackend(backend)!);
  return new Sampler({ pid, memory, file, interval, includeChildren, multiprocess });
}

/** The program goes on when its recording cannot. @returns whether it could not, once sampling has ended */
async function tellProblem(recording: Sampler, path: string, io: Io): Promise<boolean> {
  const problem = await recording.done;
  if (problem === undefined) return false;
  io.error(`[mprof] the recording ends here: ${problem.message}\n  What it has so far is in ${path}.\n`);
  return true;
}
