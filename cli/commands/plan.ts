import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import type { Command as Program } from "commander";
import type { FlagsOf } from "../../contract/options.ts";
import type { Command, Io } from "../command.ts";
import { withFlags } from "../flags.ts";
import { namedFile } from "../named-file.ts";

/** `mprof plan`: what would be written into files, and where; nothing runs, nothing is changed. */
export const plan: Command = {
  register(program: Program, io: Io): void {
    withFlags(program.command("plan <files...>"), "plan")
      .description("show what would be written into files, with the source beside it")
      .addHelpText("after", "\nExamples:\n  mprof plan src/load.ts\n  mprof plan --functions all src/*.ts\n")
      .action(async (files: string[], { functions, func, mode, root }: FlagsOf<"plan">) => {
        // The parser is a fifth of a second: other commands do without.
        const { planText } = await import("../../plugin/node/plan-text.ts");
        const texts = files.map((file) => [file, readFileSync(namedFile(file, io), "utf8")] as const);
        for (const [file, text] of texts) {
          const filename = resolve(io.cwd, file);
          const options = { functions, func, mode, root: resolve(io.cwd, root ?? "."), filename };
          const { plan, warnings } = planText(text, options);
          for (const { message } of warnings) io.error(`${message}\n`);
          if (plan !== null) io.out(`${plan}\n`);
          else if (warnings.length === 0) io.out(`${nothingIn(file, { functions, func })}\n`);
        }
      });
  },
};

function nothingIn(file: string, { functions, func }: FlagsOf<"plan">): string {
  const cure =
    functions === "all" || func !== undefined
      ? "No function of it is selected; files under node_modules never are."
      : "Mark a function with // @profile, or select some: --func load, --functions all.";
  return `[mprof] nothing is profiled in ${file}\n  ${cure}`;
}
