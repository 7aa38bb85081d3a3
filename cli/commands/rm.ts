import type { Command as Program } from "commander";
import type { FlagsOf } from "../../contract/options.ts";
import type { Command, Io } from "../command.ts";
import { withFlags } from "../flags.ts";
import { findRecording } from "../recording/find-recordings.ts";
import { removeRecordings } from "../recording/remove-recordings.ts";

/** `mprof rm <recordings…>`: removes recordings by file or index. */
export const rm: Command = {
  register(program: Program, io: Io): void {
    withFlags(program.command("rm <recordings...>"), "rm")
      .description("remove recordings, by file or index")
      .addHelpText("after", "\nExamples:\n  mprof rm -1\n  mprof rm --dry-run 0 1\n")
      .action((wanted: string[], { dryRun }: FlagsOf<"rm">) => {
        // Every index is looked up before the first file goes.
        const names = [...new Set(wanted.map((each) => findRecording(each, io.cwd)))];
        removeRecordings(names, dryRun, io);
      });
  },
};
