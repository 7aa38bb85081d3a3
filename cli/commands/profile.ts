import { existsSync, statSync } from "node:fs";
import { resolve } from "node:path";
import { InvalidArgumentError, Option, type Command as Program } from "commander";
import { ENVIRONMENT } from "../../contract/environment.ts";
import { readEnvironment } from "../../runtime/node/environment.ts";
import { BACKENDS } from "../../runtime/sources/select.ts";
import { startChild, waitForChild } from "../child.ts";
import { type Command, type Io, UsageError } from "../command.ts";
import { type LimitFlags, limitEnvironment, withLimitFlags } from "../limit-flags.ts";
import { nodeArguments } from "../node-arguments.ts";

interface Flags extends LimitFlags {
  precision?: number;
  backend?: string;
  gc?: true;
  output?: string;
  json?: string;
  functions?: "all" | "marked";
  func?: string[];
  report?: "call" | "exit";
  mode?: "exact" | "auto";
  root?: string;
  nodeArg?: string[];
}

/** `mprof [options] <script> [args…]`: runs a program and prints its report at exit, as `python -m memory_profiler` does. */
export const profile: Command = {
  register(program: Program, io: Io): void {
    withLimitFlags(program)
      .argument("<script>", "the program: .js .cjs .mjs .ts .cts .mts .jsx .tsx")
      .argument("[args...]", "its own arguments, passed on untouched")
      .option("--precision <n>", "decimals in both memory columns (default: 3)", wholeNumber)
      .addOption(new Option("--backend <name>", "what is measured (default: rss)").choices([...BACKENDS, "psutil"]))
      .option("--gc", "collect garbage before each reading: increments are retained memory")
      .option("-o, --output <file>", "append the report to a file instead of printing it")
      .option("--json <file>", "write the profile as JSON")
      .addOption(new Option("--functions <which>", "what is profiled (default: marked)").choices(["marked", "all"]))
      .option("--func <pattern>", "profile functions by name, without a mark; repeatable: load, Cache.*", collect)
      .addOption(
        new Option("--report <when>", "once at exit, or after each call (default: exit)").choices(["exit", "call"]),
      )
      .addOption(new Option("--mode <mode>", "exact: a reading at every line (default)").choices(["exact", "auto"]))
      .option("--root <dir>", "what the paths in the report are relative to (default: the working directory)")
      .option(
        "--node-arg <arg>",
        "an argument for node itself; repeatable: --node-arg=--max-old-space-size=4096",
        collect,
      )
      .passThroughOptions()
      .action((script: string, args: string[], flags: Flags) => run(script, args, flags, io));
  },
};

async function run(script: string, args: string[], flags: Flags, io: Io): Promise<void> {
  const file = resolve(io.cwd, script);
  if (!existsSync(file)) throw new UsageError(`there is no such script: ${script}`, `Looked for ${file}.`);
  if (statSync(file).isDirectory()) throw new UsageError(`the script is a folder: ${script}`, "Name the file to run.");
  if (flags.mode === "auto")
    throw new UsageError('--mode auto does not exist yet: "auto"', "Leave it out, or write --mode exact.");
  const environment = environmentFor(flags, io.cwd);
  const [problem] = readEnvironment(environment).problems;
  if (problem) throw new UsageError(problem.message.replace(/^\[mprof\] /, ""), "See mprof --help.");
  const node = nodeArguments(flags.nodeArg ?? [], [file, ...args]);
  const child = await startChild(process.execPath, node, { ...io.env, ...environment });
  io.exit(await waitForChild(child, io));
}

/** The flags as the register hook and the runtime read them. */
function environmentFor(flags: Flags, cwd: string): Record<string, string> {
  const { functions, func, root } = flags;
  const compile = { functions, func, root: root === undefined ? undefined : resolve(cwd, root) };
  const written: Record<string, string | undefined> = {
    [ENVIRONMENT.compile]: JSON.stringify(compile),
    [ENVIRONMENT.precision]: flags.precision?.toString(),
    [ENVIRONMENT.backend]: flags.backend,
    [ENVIRONMENT.gc]: flags.gc ? "1" : undefined,
    [ENVIRONMENT.output]: flags.output && resolve(cwd, flags.output),
    [ENVIRONMENT.json]: flags.json && resolve(cwd, flags.json),
    [ENVIRONMENT.report]: flags.report,
    [ENVIRONMENT.mode]: flags.mode,
    ...limitEnvironment(flags),
  };
  return Object.fromEntries(
    Object.entries(written).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
}

function wholeNumber(text: string): number {
  if (!/^\d+$/.test(text) || Number(text) > 20) throw new InvalidArgumentError("It is a whole number from 0 to 20.");
  return Number(text);
}

function collect(value: string, before: string[] = []): string[] {
  return [...before, value];
}
