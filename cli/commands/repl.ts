import type { Command as Program } from "commander";
import type { Command } from "../command.ts";

const EXAMPLES = `
Example:
  mprof repl
  > function load(n) {
  ...   return new Array(n).fill(1);
  ... }
  > .mprun -f load load(1e6)
  > .memit load(1e7)
`;

/** `mprof repl`: Node's REPL, with memory. */
export const repl: Command = {
  register(program: Program): void {
    program
      .command("repl")
      .description("Node's REPL, with .memit EXPRESSION and .mprun -f NAME STATEMENT")
      .addHelpText("after", EXAMPLES)
      .action(async () => {
        // Loaded here, so that other commands don't wait for the compiler.
        const { startRepl } = await import("../repl/start-repl.ts");
        await startRepl(process.stdin, process.stdout);
      });
  },
};
