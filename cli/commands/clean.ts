import type { Command as Program } from "commander";
import type { Command, Io } from "../command.ts";
import { listRecordings } from "../recording/find-recordings.ts";
import { removeRecordings } from "../recording/remove-recordings.ts";

/** `mprof clean`: removes all recordings of this folder. */
export const clean: Command = {
  register(program: Program, io: Io): void {
    program
      .command("clean")
      .description("remove all recordings in this folder")
      .option("--dry-run", "only show what would be removed")
      .addHelpText("after", "\nExample:\n  mprof clean --dry-run\n")
      .action(({ dryRun }: { dryRun?: true }) => removeRecordings(listRecordings(io.cwd), dryRun, io));
  },
};
