import { existsSync, rmSync } from "node:fs";
import { relative, resolve } from "node:path";
import { InvalidArgumentError, Option, type Command as Program } from "commander";
import { ENVIRONMENT } from "../../contract/environment.ts";
import { openProcessMemory, PROCESS_BACKEND_NAMES, processBackend } from "../../sampling/process-memory.ts";
import { startChild, waitForChild } from "../child.ts";
import { type Command, EXIT_USAGE, type Io, UsageError } from "../command.ts";
import { type LimitFlags, limitEnvironment, withLimitFlags } from "../limit-flags.ts";
import { findProcess } from "../recording/find-process.ts";
import { nameFor } from "../recording/find-recordings.ts";
import { type LaunchFlags, planLaunch } from "../recording/plan-launch.ts";
import { RecordingFile, Sampler } from "../recording/sampler.ts";

export interface RecordFlags {
  interval: number;
  includeChildren?: true;
  multiprocess?: true;
  timeout?: number;
  output?: string;
  backend: string;
}

interface RunFlags extends RecordFlags, LaunchFlags, LimitFlags {
  exitCode?: true;
  attach?: true;
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
    withLimitFlags(withRecordFlags(program.command("run <program> [args...]")))
      .description("record the memory of a program over time; of a script, with its calls and its report")
      .option("-E, --exit-code", "say so if the program ends with an exit code other than 0")
      .option("-a, --attach", "the program is a process that runs already: its id or part of its name")
      .option("--node", "run it with Node under the profiler, whatever its name")
      .option("--no-node", "run it as an executable, whatever its name")
      .option("--python", "as --node for a script; python3 app.py stays what it is")
      .addOption(new Option("--nopython", "as --no-node").implies({ node: false }))
      .addOption(new Option("--nonode", "as --no-node").implies({ node: false }))
      .addHelpText("after", EXAMPLES)
      .passThroughOptions()
      .action((name: string, args: string[], flags: RunFlags) =>
        flags.attach ? record(findProcess(name), [name], flags, io) : runProgram(name, args, flags, io),
      );
  },
};

/** The flags that `run` and `attach` share. */
export function withRecordFlags(command: Program): Program {
  return command
    .option("-T, --interval <seconds>", "time between samples", seconds, 0.1)
    .option("-C, --include-children", "add the memory of all child processes")
    .option("-M, --multiprocess", "record each child process by itself, too")
    .option("-t, --timeout <seconds>", "stop recording after this time; the program goes on", seconds)
    .option("-o, --output <file>", "the recording (default: mprofile_<date>.dat in this folder)")
    .addOption(new Option("--backend <name>", "what is recorded").choices(PROCESS_BACKEND_NAMES).default("rss"));
}

async function runProgram(name: string, args: string[], flags: RunFlags, io: Io): Promise<void> {
  const launch = planLaunch(name, args, flags, io.cwd);
  const limit = limitEnvironment(flags);
  if (flags.maxMem !== undefined && !launch.isProfiled)
    throw new UsageError(`--max-mem looks at lines, and ${name} has none`, "Name a script, or leave it out.");
  const path = fileFor(flags, io);
  const isNew = !existsSync(path);
  const file = openRecording(path, [name, ...args]);
  const env = launch.isProfiled ? { ...io.env, ...limit, [ENVIRONMENT.recording]: path } : io.env;
  const child = await startChild(launch.command, launch.args, env).catch((error: NodeJS.ErrnoException) => {
    file.close();
    if (isNew) rmSync(path);
    const cure = error.code === "ENOENT" ? "Check its name, or give its path." : "Check its rights.";
    throw new UsageError(`the program cannot be started: ${name} (${error.code})`, cure);
  });
  io.error(`mprof: sampling memory every ${flags.interval} s into ${relative(io.cwd, path) || path}\n`);
  const recording = startSampler(child.pid!, file, flags);
  const problem = tellProblem(recording, path, io);
  const stop = flags.timeout === undefined ? undefined : setTimeout(() => recording.stop(), flags.timeout * 1000);
  child.once("exit", () => {
    clearTimeout(stop);
    recording.stop();
  });
  const code = await waitForChild(child, io);
  if (flags.exitCode && code !== 0) io.error(`ERROR:mprof:Program resulted with a non-zero exit code: ${code}\n`);
  io.exit(code === 0 && (await problem) ? EXIT_USAGE : code);
}

/** Records a process that runs already, until it ends, the time is over, or a signal comes. */
export async function record(pid: number, command: readonly string[], flags: RecordFlags, io: Io): Promise<void> {
  const path = fileFor(flags, io);
  const file = openRecording(path, command);
  io.error(`mprof: sampling process ${pid} every ${flags.interval} s into ${relative(io.cwd, path) || path}\n`);
  const recording = startSampler(pid, file, flags);
  const stop = () => recording.stop();
  const timer = flags.timeout === undefined ? undefined : setTimeout(stop, flags.timeout * 1000);
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, stop);
  if (await tellProblem(recording, path, io)) io.exit(EXIT_USAGE);
  clearTimeout(timer);
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.off(signal, stop);
}

function fileFor({ output }: RecordFlags, io: Io): string {
  return resolve(io.cwd, output ?? nameFor(new Date()));
}

function openRecording(path: string, command: readonly string[]): RecordingFile {
  try {
    return new RecordingFile(path, command);
  } catch (error) {
    throw new UsageError(`the recording cannot be made: ${(error as Error).message}`, "Choose another file with -o.");
  }
}

function startSampler(pid: number, file: RecordingFile, flags: RecordFlags): Sampler {
  const { interval, includeChildren = false, multiprocess = false, backend } = flags;
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

function seconds(text: string): number {
  const value = Number(text);
  if (!(value > 0)) throw new InvalidArgumentError("It is a time in seconds, above 0.");
  return value;
}
