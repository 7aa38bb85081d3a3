import type { Profile } from "../../contract/profile.ts";
import { TIME } from "../../contract/units.ts";
import type { Format } from "./format.ts";
import { type FunctionLines, linesOf, NS_PER_MS } from "./lines.ts";
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
  comment: 13,
  defaultSampleType: 14,
} as const;
const VALUE_TYPE = { type: 1, unit: 2 } as const;
const SAMPLE = { locationId: 1, value: 2 } as const;
const LOCATION = { id: 1, line: 4 } as const;
const LINE = { functionId: 1, line: 2 } as const;
const FUNCTION = { id: 1, name: 2, systemName: 3, filename: 4, startLine: 5 } as const;

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

/**
 * Google's pprof: a location for each line with its occurrences, its time if that was taken, and bytes three times: what it
 * took, which viewers show first, because most of them know no negative value; what it gave back; and the sum, `net`.
 */
export const PPROF: Format = {
  name: "pprof",
  extension: "pb.gz",
  render(profile) {
    const functions = linesOf(profile);
    const texts = new Texts();
    const message = new Message();
    const metrics = [...new Set(functions.map(({ metric }) => metric))];
    const isTimed =
      !metrics.includes(TIME) && functions.some(({ lines }) => lines.some(({ time }) => time !== undefined));
    const types: [string, string][] = [
      ["occurrences", "count"],
      ...(isTimed ? [[TIME, "nanoseconds"] as [string, string]] : []),
      ...metrics.flatMap((metric) =>
        [metric, `${metric}_given_back`, `${metric}_net`].map((type): [string, string] => {
          return [type, metric === TIME ? "nanoseconds" : "bytes"];
        }),
      ),
    ];
    for (const [type, unit] of types)
      message.message(
        PROFILE.sampleType,
        new Message().number(VALUE_TYPE.type, texts.of(type)).number(VALUE_TYPE.unit, texts.of(unit)),
      );
    addLines(message, functions, texts, metrics, isTimed);
    return finish(message, profile, texts, metrics[0]);
  },
};

function addLines(
  message: Message,
  functions: readonly FunctionLines[],
  texts: Texts,
  metrics: readonly string[],
  isTimed: boolean,
): void {
  let location = 0;
  functions.forEach(({ name, file, first, metric, lines }, index) => {
    const id = index + 1;
    const own = new Message().number(FUNCTION.id, id).number(FUNCTION.name, texts.of(name));
    own.number(FUNCTION.systemName, texts.of(name)).number(FUNCTION.filename, texts.of(file));
    message.message(PROFILE.function, own.number(FUNCTION.startLine, first));
    for (const { line, occurrences, value, time = 0 } of lines) {
      location++;
      const at = new Message().number(LINE.functionId, id).number(LINE.line, line);
      message.message(PROFILE.location, new Message().number(LOCATION.id, location).message(LOCATION.line, at));
      const values = [
        occurrences,
        ...(isTimed ? [Math.round(time * NS_PER_MS)] : []),
        ...metrics.flatMap((each) => (each === metric ? [Math.max(value, 0), Math.max(-value, 0), value] : [0, 0, 0])),
      ];
      const sample = new Message().numbers(SAMPLE.locationId, [location]).numbers(SAMPLE.value, values);
      message.message(PROFILE.sample, sample);
    }
  });
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
