import type { Command as Program } from "commander";
import type { FlagsOf } from "../../contract/options.ts";
import { type FunctionCall, ownSamples, peakOf, type Recording, type Sample } from "../../contract/recording.ts";
import { formatFixed } from "../../runtime/reporters/format-fixed.ts";
import { type Command, type Io, UsageError } from "../command.ts";
import { withFlags } from "../flags.ts";
import { findRecording, newestRecording, readRecording } from "../recording/find-recordings.ts";

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
        for (const name of names) io.out(describe(name, readRecording(name, io), func));
      });
  },
};

function describe(name: string, recording: Recording, func: string | undefined): string {
  const samples = func === undefined ? ownSamples(recording) : samplesDuring(recording, func);
  const children = [...recording.children].map(([pid, own]) => `  Child ${pid}\t\t\t${mib(own)}\n`);
  return `${name}\t${mib(samples)}\n${children.join("")}`;
}

/** Samples within a call of the function, and its own values at entry and exit: a call may be shorter than the interval. */
function samplesDuring({ samples, calls, rest }: Recording, func: string): Sample[] {
  const isWanted = (name: string) => name === func || name.endsWith(`.${func}`);
  const own = calls.filter(({ name }) => isWanted(name));
  const counted = [...rest].flatMap(([name, { highest }]) => (isWanted(name) ? [highest] : []));
  if (own.length + counted.length === 0) {
    const names = [...new Set([...calls.map(({ name }) => name), ...rest.keys()])];
    const cure = names.length === 0 ? "The recording has no calls." : `It has calls of ${names.join(", ")}.`;
    throw new UsageError(`the recording has no call of this function: ${func}`, cure);
  }
  const isDuring = duringAny(own);
  return samples
    .filter(({ time }) => isDuring(time))
    .concat(
      own.flatMap(({ enter, exit }) => [enter, exit]),
      counted,
    );
}

/** Whether a time lies within any of these calls. Samples and calls may be many: so the calls become spans that do not overlap. */
function duringAny(calls: readonly FunctionCall[]): (time: number) => boolean {
  const spans: { from: number; to: number }[] = [];
  for (const { enter, exit } of calls.toSorted((a, b) => a.enter.time - b.enter.time)) {
    const last = spans.at(-1);
    if (last && enter.time <= last.to) last.to = Math.max(last.to, exit.time);
    else spans.push({ from: enter.time, to: exit.time });
  }
  return (time) => {
    let [low, high] = [0, spans.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (spans[middle]!.to < time) low = middle + 1;
      else high = middle;
    }
    return low < spans.length && spans[low]!.from <= time;
  };
}

function mib(samples: readonly Sample[]): string {
  return `${formatFixed(peakOf(samples)!.memory, 3)} MiB`;
}
