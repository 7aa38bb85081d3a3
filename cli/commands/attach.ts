import type { Command as Program } from "commander";
import type { Command, Io } from "../command.ts";
import { withFlags } from "../flags.ts";
import { findProcess } from "../recording/find-process.ts";
import { type RecordFlags, record } from "./run.ts";

/** `mprof attach <pid|name>`: records a process that runs already, until it ends. */
export const attach: Command = {
  register(program: Program, io: Io): void {
    withFlags(program.command("attach <process>"), "attach")
      .description("record a running process, by its id or part of its command line, until it ends")
      .addHelpText("after", "\nExamples:\n  mprof attach 4711\n  mprof attach -t 60 server.js\n")
      .action((wanted: string, flags: RecordFlags) => record(findProcess(wanted), [wanted], flags, io));
  },
};
