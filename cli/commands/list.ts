import type { Command as Program } from "commander";
import type { Command, Io } from "../command.ts";
import { dateOf, listRecordings } from "../recording/find-recordings.ts";

/** `mprof list`: the recordings in this folder with their indices. */
export const list: Command = {
  register(program: Program, io: Io): void {
    program
      .command("list")
      .description("show the recordings in this folder, with the index that other commands take")
      .addHelpText("after", "\nExample:\n  mprof list\n")
      .action(() => {
        listRecordings(io.cwd).forEach((name, index) => {
          io.out(`${index} ${name} ${dateOf(name)}\n`);
        });
      });
  },
};
