import { CommanderError, Help, type Option, Command as Program } from "commander";
import { flagsOf } from "../contract/options.ts";
import { type Command, EXIT_USAGE, type Io, UsageError } from "./command.ts";
import { profile, SUBCOMMANDS } from "./commands/index.ts";
import { version } from "./version.ts";

const EXAMPLES = `
Examples:
  mprof app.ts                                  report on the functions marked @profile
  mprof --func load --func "Cache.*" app.js     no mark needed
  mprof --backend heap --gc app.ts              what stays allocated, line by line
  mprof -o report.txt --json profile.json app.ts --port 8080
`;

/** Parses the arguments and runs the command: the one place that prints errors and sets exit codes. */
export async function main(args: readonly string[], io: Io): Promise<void> {
  const program = new Program("mprof")
    .description("Line-by-line memory profiling for JavaScript and TypeScript.")
    .enablePositionalOptions()
    .showSuggestionAfterError()
    .addHelpText("after", EXAMPLES)
    .configureHelp({ optionDescription: describeOption })
    .configureOutput({ writeOut: io.out, writeErr: (text) => io.error(text.replace(/^error: /, "[mprof] ")) })
    .exitOverride();
  const given = withPresets(args);
  for (const command of await commandsFor(given)) command.register(program, io);
  // Last, as are the groups of help that they stand in.
  program.version(version());
  program.hook("preSubcommand", refuseFlagsBefore);
  try {
    await program.parseAsync(given.args, { from: "user" });
  } catch (error) {
    if (error instanceof UsageError) {
      io.error(`${error.message}\n`);
      io.exit(EXIT_USAGE);
    } else if (error instanceof CommanderError) {
      if (error.exitCode !== 0) io.error("  See mprof --help.\n");
      io.exit(error.exitCode === 0 ? 0 : EXIT_USAGE);
    } else throw error;
  }
}

interface Given {
  args: readonly string[];
  /** Index of the first that is no flag and no value of one: a script or a subcommand, if there is one. */
  operand: number;
}

/**
 * `--gc app.ts`: commander would take the script for the value of a flag that may stand alone. What stands behind the script is
 * the program's own.
 */
function withPresets(args: readonly string[]): Given {
  const takesNext = new Set<string>();
  const presets = new Map<string, string>();
  for (const { standing } of flagsOf("profile")) {
    const { spelling, preset } = standing;
    for (const name of spelling.match(/(?<![\w-])--?\w[\w-]*/g) ?? []) {
      if (preset !== undefined) presets.set(name, preset);
      else if (spelling.endsWith(">")) takesNext.add(name);
    }
  }
  const given = [...args];
  let i = 0;
  for (; i < given.length && given[i]!.startsWith("-") && given[i] !== "--"; i++) {
    const preset = presets.get(given[i]!);
    if (preset !== undefined) given[i] = `${given[i]}=${preset}`;
    else if (takesNext.has(given[i]!)) i++;
  }
  return { args: given, operand: i };
}

/** A script and a subcommand need their own code; help, and what is neither, that of all. */
function commandsFor({ args, operand }: Given): Promise<Command[]> {
  const isHelp = args.slice(0, operand).some((arg) => arg === "-h" || arg === "--help");
  const name = args[operand];
  const isAll = isHelp || name === undefined || name === "--" || name === "help";
  const named = isAll ? [...SUBCOMMANDS.values()] : [SUBCOMMANDS.get(name) ?? []].flat();
  return Promise.all([profile, ...named].map((load) => load()));
}

/** A default in words is put where commander puts values: behind the choices. */
function describeOption(option: Option): string {
  const text = new Help().optionDescription(option);
  return text.replace(/\(default: (\w+)\) \(choices: (.*)\)$/, '(choices: $2, default: "$1")');
}

/** `mprof --gc run app.ts`: what stands before a subcommand is not its own, and would do nothing. */
function refuseFlagsBefore(program: Program, subcommand: Program): void {
  const given = program.options.find((option) => program.getOptionValueSource(option.attributeName()) === "cli");
  if (given === undefined) return;
  const name = subcommand.name();
  throw new UsageError(
    `${given.long} before ${name} does nothing`,
    `Flags follow it; mprof ${name} --help lists them.`,
  );
}
