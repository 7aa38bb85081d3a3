import type { Command as Program } from "commander";
import type { FlagsOf } from "../../contract/options.ts";
import type { Command, Io } from "../command.ts";
import { withFlags } from "../flags.ts";
import { listRecordings } from "../recording/find-recordings.ts";
import { removeRecordings } from "../recording/remove-recordings.ts";

/** `mprof clean`: removes all recordings of this folder. */
export const clean: Command = {
  register(program: Program, io: Io): void {
    withFlags(program.command("clean"), "clean")
      .description("remove all recordings in this folder")
      .addHelpText("after", "\nExample:\n  mprof clean --dry-run\n")
      .action(({ dryRun }: FlagsOf<"clean">) => removeRecordings(listRecordings(io.cwd), dryRun, io));
  },
};
