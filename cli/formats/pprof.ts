import type { Profile } from "../../contract/profile.ts";
import { TIME } from "../../contract/units.ts";
import type { Format } from "./format.ts";
import { type FunctionLines, type LineValue, linesOf, NS_PER_MS } from "./lines.ts";
import { Message } from "./protobuf.ts";

/** Numbers of fields, as the published profile.proto has them. */
const PROFILE = {
  sampleType: 1,
  sample: 2,
  location: 4,
  function: 5,
  stringTable: 6,
  timeNanos: 9,
  durationNanos: 10,
  periodType: 11,
  period: 12,
  comment: 13,
  defaultSampleType: 14,
} as const;
const VALUE_TYPE = { type: 1, unit: 2 } as const;
const SAMPLE = { locationId: 1, value: 2 } as const;
const LOCATION = { id: 1, line: 4 } as const;
const LINE = { functionId: 1, line: 2 } as const;
const FUNCTION = { id: 1, name: 2, systemName: 3, filename: 4, startLine: 5 } as const;

const NANOSECONDS = "nanoseconds";

/** Texts by their index; the first is the empty one. */
class Texts {
  readonly all: string[] = [""];
  private readonly indexes = new Map([["", 0]]);

  of(text: string): number {
    const index = this.indexes.get(text) ?? this.all.push(text) - 1;
    this.indexes.set(text, index);
    return index;
  }
}

/** A kind of value that each sample has. */
interface ValueType {
  name: string;
  unit: string;
  /** @param metric what the line's function measures */
  valueOf(line: LineValue, metric: string): number;
}

/**
 * Google's pprof: a location for each line with its occurrences, its time if that was taken, and bytes three times: what it
 * took, which viewers show first, because most of them know no negative value; what it gave back; and the sum, `net`.
 */
export const PPROF: Format = {
  name: "pprof",
  extension: "pb.gz",
  render(profile) {
    const functions = linesOf(profile);
    const metrics = metricsOf(functions);
    const types = [
      ...countsOf(functions, metrics),
      ...metrics.flatMap((each) => [taken(each), givenBack(each), net(each)]),
    ];
    const texts = new Texts();
    const message = begin(types, texts);
    addLines(message, functions, texts, types);
    return finish(message, profile, texts, metrics[0]);
  },
};

/** Pyroscope refuses a profile of more, unless it is told otherwise. */
const MOST_SAMPLES = 16_000;

/**
 * The same for servers that show names alone, and throw away samples with a negative value: each line is a function of its
 * own, called by the one that it stands in, and there is no `net`. What a row took comes last: by it they name the profile.
 * Of more rows than a server takes, those that took least are in one sample of their function.
 */
export const PPROF_BY_NAME: Format = {
  ...PPROF,
  render(profile) {
    const functions = linesOf(profile);
    const metrics = metricsOf(functions);
    const types = [...countsOf(functions, metrics), ...metrics.flatMap((each) => [givenBack(each), taken(each)])].map(
      withTakenName,
    );
    const texts = new Texts();
    const message = begin(types, texts);
    addNames(message, functions, texts, types, leastShown(functions));
    const period = types.at(-1);
    if (period !== undefined) message.message(PROFILE.periodType, typeOf(period, texts)).number(PROFILE.period, 1);
    return finish(message, profile, texts, metrics[0]);
  },
};

/** A source of one's own may have a name that the server refuses. */
function withTakenName(type: ValueType): ValueType {
  return { ...type, name: type.name.replaceAll("-", "_") };
}

/** What a line must have taken, or given back, to have a sample of its own. */
function leastShown(functions: readonly FunctionLines[]): number {
  const sizes = functions.flatMap(({ lines }) => lines.map(({ value }) => Math.abs(value)));
  if (sizes.length <= MOST_SAMPLES) return 0;
  return sizes.sort((a, b) => b - a)[Math.max(0, MOST_SAMPLES - functions.length)]! + 1;
}

function metricsOf(functions: readonly FunctionLines[]): string[] {
  return [...new Set(functions.map(({ metric }) => metric))];
}

function countsOf(functions: readonly FunctionLines[], metrics: readonly string[]): ValueType[] {
  const isTimed =
    !metrics.includes(TIME) && functions.some(({ lines }) => lines.some(({ time }) => time !== undefined));
  const occurrences = { name: "occurrences", unit: "count", valueOf: (line: LineValue) => line.occurrences };
  const timeOf = ({ time = 0 }: LineValue) => Math.round(time * NS_PER_MS);
  return isTimed ? [occurrences, { name: TIME, unit: NANOSECONDS, valueOf: timeOf }] : [occurrences];
}

const taken = (metric: string) => sizeOf(metric, "", (value) => Math.max(value, 0));
const givenBack = (metric: string) => sizeOf(metric, "_given_back", (value) => Math.max(-value, 0));
const net = (metric: string) => sizeOf(metric, "_net", (value) => value);

function sizeOf(metric: string, ending: string, part: (value: number) => number): ValueType {
  return {
    name: metric + ending,
    unit: metric === TIME ? NANOSECONDS : "bytes",
    valueOf: ({ value }, of) => (of === metric ? part(value) : 0),
  };
}

function typeOf({ name, unit }: ValueType, texts: Texts): Message {
  return new Message().number(VALUE_TYPE.type, texts.of(name)).number(VALUE_TYPE.unit, texts.of(unit));
}

function begin(types: readonly ValueType[], texts: Texts): Message {
  const message = new Message();
  for (const type of types) message.message(PROFILE.sampleType, typeOf(type, texts));
  return message;
}

function addLines(
  message: Message,
  functions: readonly FunctionLines[],
  texts: Texts,
  types: readonly ValueType[],
): void {
  let location = 0;
  functions.forEach(({ name, file, first, metric, lines }, index) => {
    const id = index + 1;
    addFunction(message, texts, { id, name, file, first });
    for (const line of lines) {
      location++;
      addLocation(message, location, id, line.line);
      addSample(message, [location], [line], metric, types);
    }
  });
}

function addNames(
  message: Message,
  functions: readonly FunctionLines[],
  texts: Texts,
  types: readonly ValueType[],
  least: number,
): void {
  let id = 0;
  for (const { name, file, first, metric, lines } of functions) {
    const caller = ++id;
    addFunction(message, texts, { id: caller, name: `${file}:${name}`, file, first });
    addLocation(message, caller, caller, first);
    const small = lines.filter(({ value }) => Math.abs(value) < least);
    if (small.length > 0) addSample(message, [caller], small, metric, types);
    for (const line of lines) {
      if (Math.abs(line.value) < least) continue;
      id++;
      addFunction(message, texts, { id, name: `${file}:${line.name}`, file, first });
      addLocation(message, id, id, line.line);
      addSample(message, [id, caller], [line], metric, types);
    }
  }
}

interface PprofFunction {
  id: number;
  name: string;
  file: string;
  first: number;
}

function addFunction(message: Message, texts: Texts, { id, name, file, first }: PprofFunction): void {
  const own = new Message().number(FUNCTION.id, id).number(FUNCTION.name, texts.of(name));
  own.number(FUNCTION.systemName, texts.of(name)).number(FUNCTION.filename, texts.of(file));
  message.message(PROFILE.function, own.number(FUNCTION.startLine, first));
}

function addLocation(message: Message, id: number, functionId: number, line: number): void {
  const at = new Message().number(LINE.functionId, functionId).number(LINE.line, line);
  message.message(PROFILE.location, new Message().number(LOCATION.id, id).message(LOCATION.line, at));
}

/** @param stack locations, the innermost first */
function addSample(
  message: Message,
  stack: readonly number[],
  lines: readonly LineValue[],
  metric: string,
  types: readonly ValueType[],
): void {
  const values = types.map((type) => lines.reduce((sum, line) => sum + type.valueOf(line, metric), 0));
  message.message(PROFILE.sample, new Message().numbers(SAMPLE.locationId, stack).numbers(SAMPLE.value, values));
}

function finish(message: Message, profile: Profile, texts: Texts, metric = ""): Uint8Array {
  const { started, taken, notes } = profile;
  const comments = notes.map((note) => texts.of(note));
  const type = texts.of(metric);
  for (const text of texts.all) message.text(PROFILE.stringTable, text);
  message.number(PROFILE.timeNanos, Math.round(started) * NS_PER_MS);
  message.number(PROFILE.durationNanos, Math.round(taken - started) * NS_PER_MS);
  if (comments.length > 0) message.numbers(PROFILE.comment, comments);
  return message.number(PROFILE.defaultSampleType, type).finish();
}
