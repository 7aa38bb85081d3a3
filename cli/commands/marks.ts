import { readFileSync, writeFileSync } from "node:fs";
import { relative } from "node:path";
import type { Command as Program } from "commander";
import type { FlagsOf } from "../../contract/options.ts";
import { findMarks } from "../../plugin/node/find-marks.ts";
import type { Command, Io } from "../command.ts";
import { withFlags } from "../flags.ts";
import { namedFile } from "../named-file.ts";

type Flags = FlagsOf<"marks">;

/** `mprof marks`: marks in the form that a project's tools take. */
export const marks: Command = {
  register(program: Program, io: Io): void {
    withFlags(program.command("marks [files...]"), "marks")
      .description("rewrite marks as comments or as decorators, in these files or in all of this folder")
      .addHelpText(
        "after",
        "\nExamples:\n  mprof marks --to comment              for linters and formatters that refuse decorators above functions\n  mprof marks --to decorator src/*.ts\n",
      )
      .action((files: string[], flags: Flags) => rewrite(files, flags, io));
  },
};

async function rewrite(wanted: readonly string[], { to, dryRun }: Flags, io: Io): Promise<void> {
  const named = wanted.map((file) => namedFile(file, io));
  const files = named.length > 0 ? named : findMarks(io.cwd, Infinity).map(({ file }) => file);
  // The parser is a fifth of a second: other commands do without.
  const { rewriteFile } = await import("../../plugin/node/rewrite-file.ts");
  let changed = 0;
  for (const file of files) {
    const shown = relative(io.cwd, file);
    try {
      const rewritten = rewriteFile(readFileSync(file, "utf8"), file, to);
      if (rewritten === null) {
        io.error(`[mprof] ${shown} stays: its marks would mean something else\n  Rewrite them by hand.\n`);
      } else if (rewritten.count > 0) {
        if (!dryRun) writeFileSync(file, rewritten.text);
        io.out(`${shown}: ${rewritten.count} mark${rewritten.count > 1 ? "s" : ""}\n`);
        changed++;
      }
    } catch (error) {
      io.error(`[mprof] ${shown} stays: ${(error as Error).message}\n  Mend it first.\n`);
    }
  }
  if (changed > 0) return;
  const where = files.length === 1 ? "1 file" : `${files.length} files`;
  io.error(`[mprof] no mark was rewritten: in ${where} all are ${to}s already, directives or calls\n`);
}
