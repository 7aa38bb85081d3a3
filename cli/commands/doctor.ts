import type { Command as Program } from "commander";
import type { FlagsOf } from "../../contract/options.ts";
import type { Command, Io } from "../command.ts";
import { withFlags } from "../flags.ts";

/** `mprof doctor`: what is here, how files go into Node, and what keeps a result away. */
export const doctor: Command = {
  register(program: Program, io: Io): void {
    withFlags(program.command("doctor"), "doctor")
      .description("say what mprof finds in this folder, and what keeps it from a result; the exit code is 1 then")
      .addHelpText("after", "\nExamples:\n  mprof doctor\n  mprof doctor --json\n")
      .action(async ({ json }: FlagsOf<"doctor">) => {
        const { diagnose } = await import("../doctor/diagnose.ts");
        const { printDiagnosis } = await import("../doctor/print-diagnosis.ts");
        const diagnosis = diagnose(io.cwd, io.env);
        io.out(json ? `${JSON.stringify(diagnosis, null, 2)}\n` : printDiagnosis(diagnosis));
        io.exit(diagnosis.blocks.length > 0 ? 1 : 0);
      });
  },
};
