import type { Command as Program } from "commander";
import type { FlagsOf } from "../../contract/options.ts";
import { formatFixed } from "../../runtime/reporters/format-fixed.ts";
import { type Command, type Io, UsageError } from "../command.ts";
import { withFlags } from "../flags.ts";
import { findRecording, newestRecording, readRecording } from "../recording/find-recordings.ts";
import { peakOf, type Recording, type Sample } from "../recording/recording.ts";

/** `mprof peak [recordings…]`: the largest value of each, and of its children. */
export const peak: Command = {
  register(program: Program, io: Io): void {
    withFlags(program.command("peak [recordings...]"), "peak")
      .description("print the peak memory of recordings, by file or index (default: the newest, -1)")
      .addHelpText("after", "\nExamples:\n  mprof peak\n  mprof peak -2 -1\n  mprof peak --func load\n")
      .action((wanted: string[], { func }: FlagsOf<"peak">) => {
        if (wanted.length === 0) io.error("Using last profile data.\n");
        const names =
          wanted.length === 0 ? [newestRecording(io.cwd)] : wanted.map((each) => findRecording(each, io.cwd));
        for (const name of names) io.out(describe(name, readRecording(name, io.cwd), func));
      });
  },
};

function describe(name: string, recording: Recording, func: string | undefined): string {
  const samples = func === undefined ? recording.samples : samplesDuring(recording, func);
  const children = [...recording.children].map(([pid, own]) => `  Child ${pid}\t\t\t${mib(own)}\n`);
  return `${name}\t${mib(samples)}\n${children.join("")}`;
}

/** Samples within a call of the function, and its own values at entry and exit: a call may be shorter than the interval. */
function samplesDuring({ samples, calls }: Recording, func: string): Sample[] {
  const own = calls.filter(({ name }) => name === func || name.endsWith(`.${func}`));
  if (own.length === 0) {
    const names = [...new Set(calls.map(({ name }) => name))];
    const cure = names.length === 0 ? "The recording has no calls." : `It has calls of ${names.join(", ")}.`;
    throw new UsageError(`the recording has no call of this function: ${func}`, cure);
  }
  const within = samples.filter(({ time }) => own.some(({ enter, exit }) => time >= enter.time && time <= exit.time));
  return [...within, ...own.flatMap(({ enter, exit }) => [enter, exit])];
}

function mib(samples: readonly Sample[]): string {
  return `${formatFixed(peakOf(samples)!.memory, 3)} MiB`;
}
