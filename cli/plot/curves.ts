import {
  type FunctionCall,
  ownSamples,
  peakOf,
  type Recording,
  type RestOfCalls,
  type Sample,
} from "../../contract/recording.ts";

/** One recording as it is drawn: times are seconds since its first sample. */
export interface Curves {
  /** `22 / 11 / 2026 - start at 12:01:43.775`, local time. */
  label: string;
  title: string;
  /** Samples merged with the entries and exits of calls, sorted by time. */
  main: Sample[];
  children: { pid: string; samples: Sample[] }[];
  calls: FunctionCall[];
  /** Calls that are counted only, by name, whatever the window. */
  rest: ReadonlyMap<string, RestOfCalls>;
  peak: Sample;
}

/** @param window seconds; what lies outside is left out */
export function curvesOf(recording: Recording, window?: [number, number]): Curves {
  const start = recording.samples.reduce((earliest, { time }) => Math.min(earliest, time), Number.POSITIVE_INFINITY);
  const shift = ({ memory, time }: Sample): Sample => ({ memory, time: time - start });
  const inside = ({ time }: Sample) => !window || (time >= window[0] && time <= window[1]);
  const calls = recording.calls
    .map(({ enter, exit, ...call }) => ({ ...call, enter: shift(enter), exit: shift(exit) }))
    .filter(({ enter, exit }) => inside(enter) && inside(exit))
    .sort((a, b) => a.enter.time - b.enter.time || a.level - b.level);
  const main = ownSamples(recording).map(shift);
  // Samples come in order; sorting a million of them once more takes as long as reading them.
  if (!main.every(({ time }, index) => index === 0 || main[index - 1]!.time <= time))
    main.sort((a, b) => a.time - b.time);
  const children = [...recording.children].map(([pid, samples]) => ({
    pid,
    samples: samples.map(shift).filter(inside),
  }));
  const shown = window ? main.filter(inside) : main;
  const peak = peakOf(shown) ?? { memory: 0, time: 0 };
  const label = labelOf(new Date(start * 1000));
  return { label, title: recording.command, main: shown, children, calls, rest: recording.rest, peak };
}

function labelOf(date: Date): string {
  const two = (value: number) => String(value).padStart(2, "0");
  const day = `${two(date.getDate())} / ${two(date.getMonth() + 1)} / ${date.getFullYear()}`;
  const time = `${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}`;
  return `${day} - start at ${time}.${String(date.getMilliseconds()).padStart(3, "0")}`;
}
