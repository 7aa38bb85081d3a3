/** Memory over time, and when functions ran, for the page: as much as can be seen. */
import { ownSamples, peakOf, type Recording, recordedName, type Sample } from "../../contract/recording.ts";
import { thin } from "../plot/thin.ts";
import type { PageFunction, PageTimeLine, PageTrack } from "../report-page/page-data.ts";

/** Of the curve; a page is at most about as many pixels wide. */
const MOST_POINTS = 1600;
/** Calls that are closer than this part of the whole time are one bar. */
const FINEST = 1 / 800;
const MOST_TRACKS = 24;

interface Span {
  from: number;
  to: number;
}

/** @param functions of the page, in their order */
export function timeLineOf(recording: Recording, functions: readonly PageFunction[]): PageTimeLine {
  const samples = ownSamples(recording).toSorted((a, b) => a.time - b.time);
  const [start, end] = [samples[0]?.time ?? 0, samples.at(-1)?.time ?? 0];
  const duration = end - start;
  const points = thin(samples, MOST_POINTS);
  const tracks = tracksOf(recording, functions, start, duration);
  return {
    duration: rounded(duration),
    times: points.map(({ time }) => rounded(time - start)),
    memory: points.map(({ memory }) => Math.round(memory * 1000) / 1000),
    peak: peakIn(samples, start),
    tracks: tracks.slice(0, MOST_TRACKS),
    left: Math.max(0, tracks.length - MOST_TRACKS),
  };
}

function peakIn(samples: readonly Sample[], start: number): PageTimeLine["peak"] {
  const peak = peakOf(samples);
  return { time: rounded((peak?.time ?? start) - start), memory: Math.round((peak?.memory ?? 0) * 1000) / 1000 };
}

/** Those that ran longest first. */
function tracksOf(
  { calls, rest }: Recording,
  functions: readonly PageFunction[],
  start: number,
  duration: number,
): PageTrack[] {
  const spans = new Map<string, Span[]>([...rest.keys()].map((name) => [name, []]));
  for (const { name, enter, exit } of calls) {
    const own = spans.get(name) ?? [];
    spans.set(name, own);
    own.push({ from: enter.time - start, to: exit.time - start });
  }
  const indexes = indexesByName(functions);
  const tracks = [...spans].map(([name, own]): PageTrack => {
    const counted = rest.get(name);
    const seconds = own.reduce((sum, { from, to }) => sum + to - from, counted?.seconds ?? 0);
    const index = indexes.get(name);
    const merged = merge(own, duration * FINEST);
    return {
      // Of a block the name begins with the dot.
      name: name.replace(/^\./, ""),
      ...(index !== undefined && { index }),
      calls: own.length + (counted?.count ?? 0),
      counted: counted?.count ?? 0,
      seconds: rounded(seconds),
      from: merged.map(({ from }) => rounded(from)),
      to: merged.map(({ to }) => rounded(to)),
    };
  });
  return tracks.sort((a, b) => b.seconds - a.seconds);
}

/** Of names that two functions have nobody knows whose calls they are. */
function indexesByName(functions: readonly PageFunction[]): Map<string, number | undefined> {
  const indexes = new Map<string, number | undefined>();
  functions.forEach(({ file, name }, index) => {
    const recorded = recordedName(file, name);
    indexes.set(recorded, indexes.has(recorded) ? undefined : index);
  });
  return indexes;
}

function merge(spans: readonly Span[], gap: number): Span[] {
  const merged: Span[] = [];
  for (const span of spans.toSorted((a, b) => a.from - b.from)) {
    const last = merged.at(-1);
    if (last && span.from - last.to <= gap) last.to = Math.max(last.to, span.to);
    else merged.push({ ...span });
  }
  return merged;
}

/** To a tenth of a millisecond, as recordings have it. */
function rounded(seconds: number): number {
  return Math.round(seconds * 1e4) / 1e4;
}
