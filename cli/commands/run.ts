import { existsSync } from "node:fs";
import { extname, relative, resolve } from "node:path";
import { InvalidArgumentError, Option, type Command as Program } from "commander";
import { ENVIRONMENT } from "../../contract/environment.ts";
import { startChild, waitForChild } from "../child.ts";
import { type Command, type Io, UsageError } from "../command.ts";
import { nodeArguments } from "../node-arguments.ts";
import { findProcess } from "../recording/find-process.ts";
import { nameFor } from "../recording/find-recordings.ts";
import { openProcessMemory, type ProcessBackend } from "../recording/process-memory.ts";
import { Sampler } from "../recording/sampler.ts";

export interface RecordFlags {
  interval: number;
  includeChildren?: true;
  multiprocess?: true;
  timeout?: number;
  output?: string;
  backend: ProcessBackend;
}

interface RunFlags extends RecordFlags {
  exitCode?: true;
  attach?: true;
  node?: boolean;
}

const SCRIPTS = [".js", ".cjs", ".mjs", ".jsx", ".ts", ".cts", ".mts", ".tsx"];

/** `mprof run [options] <program> [args…]`: records the memory of a program over time. */
export const run: Command = {
  register(program: Program, io: Io): void {
    withRecordFlags(program.command("run <program> [args...]"))
      .description("record the memory of a program over time; of a script, with its calls and its report")
      .option("-E, --exit-code", "say so if the program ends with an exit code other than 0")
      .option("-a, --attach", "the program is a process that runs already: its id or part of its name")
      .option("--node", "run it with Node under the profiler, whatever its name")
      .option("--no-node", "run it as an executable, whatever its name")
      .addOption(new Option("--python", "as --node").hideHelp().implies({ node: true }))
      .addOption(new Option("--nopython", "as --no-node").hideHelp().implies({ node: false }))
      .addOption(new Option("--nonode", "as --no-node").hideHelp().implies({ node: false }))
      .addHelpText(
        "after",
        "\nExamples:\n  mprof run app.ts --port 8080\n  mprof run -T 0.01 -C npm test\n  mprof run -M python3 app.py\n",
      )
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
    .addOption(new Option("--backend <name>", "what is recorded").choices(["rss", "pss", "uss"]).default("rss"));
}

async function runProgram(name: string, args: string[], flags: RunFlags, io: Io): Promise<void> {
  const isScript = flags.node ?? (SCRIPTS.includes(extname(name)) && existsSync(resolve(io.cwd, name)));
  if (isScript && !existsSync(resolve(io.cwd, name))) {
    throw new UsageError(`there is no such script: ${name}`, `Looked for ${resolve(io.cwd, name)}.`);
  }
  const file = fileFor(flags, io);
  const env = isScript ? { ...io.env, [ENVIRONMENT.recording]: file } : io.env;
  const [command, given] = isScript
    ? [process.execPath, nodeArguments([], [resolve(io.cwd, name), ...args])]
    : [name, args];
  const sampler = (pid: number) => createSampler(pid, [name, ...args], file, flags);
  io.error(`mprof: sampling memory every ${flags.interval} s into ${relative(io.cwd, file) || file}\n`);
  const child = await startChild(command, given, env).catch((error: NodeJS.ErrnoException) => {
    const cure = error.code === "ENOENT" ? "Check its name, or give its path." : "Check its rights.";
    throw new UsageError(`the program cannot be started: ${name} (${error.code})`, cure);
  });
  let recording: Sampler;
  try {
    recording = sampler(child.pid!);
  } catch (error) {
    child.kill();
    throw error;
  }
  recording.start();
  const stop = flags.timeout === undefined ? undefined : setTimeout(() => recording.stop(), flags.timeout * 1000);
  child.once("exit", () => {
    clearTimeout(stop);
    recording.stop();
  });
  const code = await waitForChild(child, io);
  if (flags.exitCode && code !== 0) io.error(`ERROR:mprof:Program resulted with a non-zero exit code: ${code}\n`);
  io.exit(code);
}

/** Records a process that runs already, until it ends, the time is over, or a signal comes. */
export async function record(pid: number, command: readonly string[], flags: RecordFlags, io: Io): Promise<void> {
  const file = fileFor(flags, io);
  const recording = createSampler(pid, command, file, flags);
  io.error(`mprof: sampling process ${pid} every ${flags.interval} s into ${relative(io.cwd, file) || file}\n`);
  const stop = () => recording.stop();
  const timer = flags.timeout === undefined ? undefined : setTimeout(stop, flags.timeout * 1000);
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, stop);
  recording.start();
  await recording.done;
  clearTimeout(timer);
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.off(signal, stop);
}

function fileFor({ output }: RecordFlags, io: Io): string {
  return resolve(io.cwd, output ?? nameFor(new Date()));
}

function createSampler(pid: number, command: readonly string[], file: string, flags: RecordFlags): Sampler {
  const { interval, includeChildren = false, multiprocess = false, backend } = flags;
  try {
    const memory = openProcessMemory(backend);
    return new Sampler({ pid, memory, file, command, interval, includeChildren, multiprocess });
  } catch (error) {
    throw new UsageError(
      `the recording cannot be made: ${(error as Error).message}`,
      "Choose another file with -o, or another --backend.",
    );
  }
}

function seconds(text: string): number {
  const value = Number(text);
  if (!(value > 0)) throw new InvalidArgumentError("It is a time in seconds, above 0.");
  return value;
}
