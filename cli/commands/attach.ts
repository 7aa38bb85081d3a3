import type { Command as Program } from "commander";
import { type Command, type Io, UsageError } from "../command.ts";
import { withFlags } from "../flags.ts";
import { findProcess } from "../recording/find-process.ts";
import { type RecordFlags, record } from "./run.ts";

const EXAMPLES = `
Examples:
  mprof attach 4711                                    its memory over time
  mprof attach -t 60 server.js
  mprof attach 4711 --func handle                      the lines of a function, for 30 s
  mprof attach server.js --func "Cache.*" --for 2m --html cache.html
  mprof attach server.js --pick 5 --leaks              of those functions that grow: from "it grows" to the line
  mprof attach 127.0.0.1:9229 --func handle            by a port that is forwarded
`;

const CURE = "Add --func <pattern> or --pick <n>.";

/** `mprof attach <process>`: records a process that runs already, until it ends; with `--func` or `--pick` the lines of its functions. */
export const attach: Command = {
  register(program: Program, io: Io): void {
    withFlags(program.command("attach <process>"), "attach")
      .description(
        "record a running process, by its id or part of its command line; with --func or --pick, lines of it",
      )
      .addHelpText("after", EXAMPLES)
      .action((wanted: string, flags: RecordFlags) => run(wanted, flags, io));
  },
};

async function run(wanted: string, flags: RecordFlags, io: Io): Promise<void> {
  const { func, pick, pickFor } = flags;
  if (func !== undefined)
    refuse({ "--pick": pick, "--pick-for": pickFor }, "chooses functions, as --func does", "Leave one of them out.");
  if (func === undefined && pick === undefined) {
    const { file, for: time, force, json, html, overhead, dryRun, leaks } = flags;
    refuse({ "--file": file, "--for": time, "--force": force, "--json": json, "--html": html }, "is of lines", CURE);
    refuse(
      { "--overhead": overhead, "--dry-run": dryRun, "--leaks": leaks, "--pick-for": pickFor },
      "is of lines",
      CURE,
    );
    return record(findProcess(wanted), [wanted], flags, io);
  }
  const { backend, output, timeout, includeChildren, multiprocess } = flags;
  const given = { "--backend": backend, "--output": output, "--timeout": timeout, "--multiprocess": multiprocess };
  refuse(
    { ...given, "--include-children": includeChildren },
    "is of recordings",
    "Leave it out, or --func and --pick.",
  );
  const { showLines } = await import("../attach/show-lines.ts");
  await showLines(wanted, flags, io);
}

/** @throws UsageError for a flag that would do nothing */
function refuse(flags: Readonly<Record<string, unknown>>, why: string, cure: string): void {
  for (const [flag, value] of Object.entries(flags))
    if (value !== undefined) throw new UsageError(`${flag} ${why}`, cure);
}
