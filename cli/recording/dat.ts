import type { FunctionCall, Recording, Sample } from "./recording.ts";

/**
 * The reference's text format, one record a line in any order; `sampling/records.ts` and the runtime write it:
 *
 *   CMDLINE <arguments, quoted where they contain a blank>
 *   MEM <MiB> <time>
 *   CHLD <pid> <MiB> <time>
 *   FUNC <name> <MiB at entry> <time> <MiB at exit> <time> <level>
 *
 * The reference splits at blanks, so that a blank in a name is written as a no-break space.
 */

/** Reads ours and the reference's files. What is no record, a truncated last line say, is skipped. */
export function readDat(file: Uint8Array): Recording {
  const bytes = Buffer.from(file.buffer, file.byteOffset, file.byteLength);
  const recording: Recording = { command: "", samples: [], children: new Map(), calls: [] };
  let start = 0;
  for (let end = bytes.indexOf(LINE_FEED); end >= 0; end = bytes.indexOf(LINE_FEED, start)) {
    const sample = readPlainSample(bytes, start, end);
    if (sample) recording.samples.push(sample);
    else readRecord(bytes.toString("utf8", start, end), recording);
    start = end + 1;
  }
  // A line without its end was cut off while being written: its last number may be half a number.
  const last = bytes.toString("utf8", start);
  if (last.startsWith("CMDLINE ")) readRecord(last, recording);
  return recording;
}

const [LINE_FEED, BLANK, DOT, ZERO, M, E] = [10, 32, 46, 48, 77, 69];

/**
 * Nearly every line of a long recording, `MEM 50.123456 1795348903.0010`, straight from its bytes: a million of them would
 * otherwise be two million pieces of text. Anything that is not just so is left to `readRecord`.
 */
function readPlainSample(bytes: Uint8Array, start: number, end: number): Sample | null {
  const isMem = bytes[start] === M && bytes[start + 1] === E && bytes[start + 2] === M && bytes[start + 3] === BLANK;
  if (!isMem) return null;
  const blank = bytes.indexOf(BLANK, start + 4);
  if (blank < 0 || blank >= end) return null;
  const memory = readDecimal(bytes, start + 4, blank);
  const time = readDecimal(bytes, blank + 1, end);
  return memory >= 0 && time >= 0 ? { memory, time } : null;
}

/** Digits with at most one dot, 15 in all: the quotient of two exact numbers is what `Number()` gives. Else -1. */
function readDecimal(bytes: Uint8Array, start: number, end: number): number {
  if (end - start > 16 || end === start) return -1;
  let digits = 0;
  let scale = 0;
  for (let at = start; at < end; at++) {
    const byte = bytes[at]!;
    if (byte === DOT && scale === 0 && at > start && at < end - 1) scale = 1;
    else if (byte >= ZERO && byte <= ZERO + 9) {
      digits = digits * 10 + (byte - ZERO);
      scale *= 10;
    } else return -1;
  }
  return scale === 0 ? digits : digits / scale;
}

function readRecord(line: string, recording: Recording): void {
  const [tag, ...words] = line.replace(/\r$/, "").split(" ");
  switch (tag) {
    case "CMDLINE":
      recording.command = words.join(" ");
      return;
    case "MEM": {
      const sample = sampleOf(words[0], words[1]);
      if (sample) recording.samples.push(sample);
      return;
    }
    case "CHLD": {
      const sample = sampleOf(words[1], words[2]);
      if (!sample) return;
      const samples = recording.children.get(words[0]!);
      if (samples) samples.push(sample);
      else recording.children.set(words[0]!, [sample]);
      return;
    }
    case "FUNC": {
      const call = callOf(words);
      if (call) recording.calls.push(call);
    }
  }
}

/** From the end, because names of the reference may contain blanks; old files have no level. */
function callOf(words: string[]): FunctionCall | null {
  for (const hasLevel of [true, false]) {
    const numbers = words.slice(hasLevel ? -5 : -4);
    const name = words.slice(0, words.length - numbers.length).join(" ");
    const [enter, exit] = [sampleOf(numbers[0], numbers[1]), sampleOf(numbers[2], numbers[3])];
    const level = hasLevel ? numberOf(numbers[4]) : 0;
    if (name === "" || !enter || !exit || level === null || (hasLevel && !Number.isInteger(level))) continue;
    return { name: name.replaceAll("\u00a0", " "), enter, exit, level };
  }
  return null;
}

function sampleOf(memory: string | undefined, time: string | undefined): Sample | null {
  const [first, second] = [numberOf(memory), numberOf(time)];
  return first === null || second === null ? null : { memory: first, time: second };
}

function numberOf(text: string | undefined): number | null {
  return text !== undefined && /^-?\d+(\.\d+)?(e[+-]?\d+)?$/i.test(text) ? Number(text) : null;
}
