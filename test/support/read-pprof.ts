/** Reads pprof by the published numbers of its fields, with a reader of its own: what was written is not read by who wrote it. */
import { isUtf8 } from "node:buffer";
import { gunzipSync } from "node:zlib";

type Field = [number: number, value: bigint | Buffer];

export interface PprofSample {
  /** `name@line`, the innermost first. */
  stack: string[];
  /** By sample type. */
  values: Record<string, number>;
}

export interface Pprof {
  sampleTypes: [type: string, unit: string][];
  periodType: [type: string, unit: string] | undefined;
  samples: PprofSample[];
  timeNanos: number;
  durationNanos: number;
  mappings: number;
  locationIds: number[];
  functionIds: number[];
  texts: string[];
  isUtf8: boolean;
  /** Values of each sample, whatever their types. */
  valueCounts: number[];
  /** Bytes, not compressed. */
  size: number;
}

export function readPprof(gzipped: Uint8Array): Pprof {
  const raw = gunzipSync(gzipped);
  const fields = fieldsOf(raw);
  const blocks = (number: number) => fields.flatMap(([each, value]) => (each === number ? [value as Buffer] : []));
  const texts = blocks(6).map((each) => each.toString("utf8"));
  const typeOf = (bytes: Buffer): [string, string] => [texts[numberIn(bytes, 1)]!, texts[numberIn(bytes, 2)]!];
  const sampleTypes = blocks(1).map(typeOf);
  const names = new Map(blocks(5).map((each) => [numberIn(each, 1), texts[numberIn(each, 2)]!]));
  const locations = new Map(
    blocks(4).map((each) => {
      const line = fieldsOf(each).find(([number]) => number === 4)![1] as Buffer;
      return [numberIn(each, 1), `${names.get(numberIn(line, 1))}@${numberIn(line, 2)}`] as const;
    }),
  );
  return {
    sampleTypes,
    periodType: blocks(11).map(typeOf)[0],
    samples: blocks(2).map((sample) => {
      const parts = new Map(fieldsOf(sample).map(([number, value]) => [number, value as Buffer]));
      const values = varintsIn(parts.get(2)!);
      return {
        stack: varintsIn(parts.get(1)!).map((id) => locations.get(id)!),
        values: Object.fromEntries(sampleTypes.map(([type], i) => [type, values[i]!])),
      };
    }),
    timeNanos: Number(fields.find(([number]) => number === 9)?.[1] ?? 0),
    durationNanos: Number(fields.find(([number]) => number === 10)?.[1] ?? 0),
    mappings: blocks(3).length,
    locationIds: [...locations.keys()],
    functionIds: [...names.keys()],
    texts,
    isUtf8: blocks(6).every((each) => isUtf8(each)),
    valueCounts: blocks(2).map((sample) => {
      const values = fieldsOf(sample).find(([number]) => number === 2)?.[1] as Buffer | undefined;
      return values === undefined ? 0 : varintsIn(values).length;
    }),
    size: raw.length,
  };
}

function numberIn(message: Buffer, field: number): number {
  return Number(fieldsOf(message).find(([number]) => number === field)?.[1] ?? 0);
}

function varintsIn(packed: Buffer): number[] {
  const values: number[] = [];
  for (let at = 0; at < packed.length; ) {
    const [value, next] = varintAt(packed, at);
    values.push(Number(BigInt.asIntN(64, value)));
    at = next;
  }
  return values;
}

function fieldsOf(message: Buffer): Field[] {
  const fields: Field[] = [];
  for (let at = 0; at < message.length; ) {
    const [key, start] = varintAt(message, at);
    const [value, next] = varintAt(message, start);
    const isBlock = (key & 7n) === 2n;
    const end = isBlock ? next + Number(value) : next;
    fields.push([Number(key >> 3n), isBlock ? message.subarray(next, end) : value]);
    at = end;
  }
  return fields;
}

function varintAt(bytes: Buffer, at: number): [value: bigint, next: number] {
  let value = 0n;
  for (let shift = 0n; ; shift += 7n) {
    const byte = bytes[at++]!;
    value |= BigInt(byte & 0x7f) << shift;
    if (byte < 0x80) return [value, at];
  }
}
