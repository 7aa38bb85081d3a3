import { readFileSync } from "node:fs";
import { CommanderError, Command as Program } from "commander";
import { EXIT_USAGE, type Io, UsageError } from "./command.ts";
import { COMMANDS } from "./commands/index.ts";

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
    .version(version())
    .enablePositionalOptions()
    .showSuggestionAfterError()
    .addHelpText("after", EXAMPLES)
    .configureOutput({ writeOut: io.out, writeErr: (text) => io.error(text.replace(/^error: /, "[mprof] ")) })
    .exitOverride();
  program.configureHelp({ showGlobalOptions: true });
  for (const command of COMMANDS) command.register(program, io);
  try {
    await program.parseAsync(args, { from: "user" });
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

function version(): string {
  const file = new URL("../../../package.json", import.meta.url);
  return (JSON.parse(readFileSync(file, "utf8")) as { version: string }).version;
}
