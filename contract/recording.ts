/**
 * A recording: memory over time, in the text format of Python's mprof. The one reader and the one writer of it; one record a
 * line, in any order:
 *
 *   CMDLINE <arguments, quoted where they contain a blank>
 *   MEM <MiB> <time>
 *   CHLD <pid> <MiB> <time>
 *   FUNC <name> <MiB at entry> <time> <MiB at exit> <time> <level>
 *
 * and two of our own, which Python's mprof passes over:
 *
 *   REST <name> <calls> <seconds in all> <largest MiB> <its time>     calls that have no FUNC; several lines add up
 *   OPEN <name> <calls>                                               calls that never ended
 *
 * Memory is MiB, times are seconds since the epoch. Python's mprof splits at blanks, so that a blank in a name is written as
 * a no-break space.
 */

export interface Recording {
  /** The command line, or "" if the file has none. */
  command: string;
  samples: Sample[];
  /** By process id, in the order in which they appear. */
  children: Map<string, Sample[]>;
  calls: FunctionCall[];
  /** Calls that are counted only, by name. */
  rest: Map<string, RestOfCalls>;
  /** How many calls never ended, by name. */
  open: Map<string, number>;
  /** Lines that are no records; they are left out. */
  skipped: number;
}

export interface Sample {
  memory: number;
  time: number;
}

/** A sample of a process, and of its children if they were looked at. */
export interface ProcessSample extends Sample {
  children: ChildSample[];
}

export interface ChildSample {
  pid: number;
  memory: number;
}

/** One call of a profiled function, or one marked block. */
export interface FunctionCall {
  /** Dotted, as `app.load`; a block is `.name`. */
  name: string;
  enter: Sample;
  exit: Sample;
  /** Calls that were running at its start; 0 in files that do not say. */
  level: number;
}

/** Calls of one function that are not written one by one. */
export interface RestOfCalls {
  count: number;
  /** In all. */
  seconds: number;
  /** The largest value at an entry or exit. */
  highest: Sample;
}

/** Every value of the process itself, in no order: samples, and what was read at the entries and exits of calls. */
export function ownSamples({ samples, calls, rest }: Recording): Sample[] {
  if (calls.length === 0 && rest.size === 0) return samples;
  const ends = calls.flatMap(({ enter, exit }) => [enter, exit]);
  return samples.concat(
    ends,
    [...rest.values()].map(({ highest }) => highest),
  );
}

/** The largest value; `undefined` of no samples. */
export function peakOf(samples: readonly Sample[]): Sample | undefined {
  return samples.reduce<Sample | undefined>(
    (peak, each) => (peak && peak.memory >= each.memory ? peak : each),
    undefined,
  );
}

/** Without what a terminal obeys or XML forbids: control characters, changes of direction, halves of characters. */
export function printable(text: string): string {
  return text.replace(UNPRINTABLE, "\ufffd");
}

const UNPRINTABLE =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what it looks for
  /[\u0000-\u001f\u007f-\u009f\u2028-\u202e\u2066-\u2069\ufffe\uffff]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;

/** What calls of a function are called: `app.load`; of a block, whose path is empty, `.name`. */
export function recordedName(path: string, name: string): string {
  const module = path.slice(path.lastIndexOf("/") + 1).replace(/\.[^.]*$/, "");
  return printable(`${module}.${name}`.replace(/\s/g, " "));
}

export function writeCommand(args: readonly string[]): string {
  const quoted = args.map((each) => (/[ \t]/.test(each) ? `'${each}'` : each));
  return `CMDLINE ${printable(quoted.join(" ").replace(/\s/g, " "))}\n`;
}

export function writeSample({ memory, time, children }: ProcessSample): string {
  const own = `MEM ${memory.toFixed(6)} ${time.toFixed(4)}\n`;
  return own + children.map((child) => `CHLD ${child.pid} ${child.memory.toFixed(6)} ${time.toFixed(4)}\n`).join("");
}

export function writeCall({ name, enter, exit, level }: FunctionCall): string {
  return `FUNC ${oneWord(name)} ${writeEnd(enter)} ${writeEnd(exit)} ${level}\n`;
}

export function writeRest(name: string, { count, seconds, highest }: RestOfCalls): string {
  return `REST ${oneWord(name)} ${count} ${seconds.toFixed(4)} ${writeEnd(highest)}\n`;
}

export function writeOpen(name: string, count: number): string {
  return `OPEN ${oneWord(name)} ${count}\n`;
}

function writeEnd({ memory, time }: Sample): string {
  return `${memory.toFixed(4)} ${time.toFixed(4)}`;
}

function oneWord(name: string): string {
  return printable(name.replace(/\s/g, "\u00a0"));
}

/**
 * Reads ours and the reference's files. Lines that are no records are counted; a last line without its end was cut off while
 * it was written, and is not.
 *
 * @param decode bytes of UTF-8 as text
 */
export function readRecords(file: Uint8Array, decode: (bytes: Uint8Array) => string): Recording {
  const recording: Recording = {
    command: "",
    samples: [],
    children: new Map(),
    calls: [],
    rest: new Map(),
    open: new Map(),
    skipped: 0,
  };
  let start = 0;
  for (let end = file.indexOf(LINE_FEED); end >= 0; end = file.indexOf(LINE_FEED, start)) {
    const sample = readPlainSample(file, start, end);
    if (sample) recording.samples.push(sample);
    else {
      const line = decode(file.subarray(start, end)).replace(/\r$/, "");
      if (line !== "" && !readRecord(line, recording)) recording.skipped++;
    }
    start = end + 1;
  }
  const last = decode(file.subarray(start));
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
  return memory >= 0 && time >= 0 ? sampleOf(memory, time) : null;
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

/** @returns whether it is a record; of one that is of a later version, there is nothing to read */
function readRecord(line: string, recording: Recording): boolean {
  const [tag, ...words] = line.split(" ");
  switch (tag) {
    case "CMDLINE":
      recording.command = printable(words.join(" "));
      return true;
    case "MEM":
      return addTo(recording.samples, readSample(words[0], words[1]));
    case "CHLD":
      return addChild(recording.children, words);
    case "FUNC":
      return addTo(recording.calls, readCall(words));
    case "REST":
      return addRest(recording.rest, words);
    case "OPEN":
      return addOpen(recording.open, words);
    default:
      return false;
  }
}

function addTo<T>(list: T[], record: T | null): boolean {
  if (record !== null) list.push(record);
  return record !== null;
}

function addChild(children: Recording["children"], [pid = "", memory, time]: string[]): boolean {
  const sample = /^\d+$/.test(pid) ? readSample(memory, time) : null;
  if (sample === null) return false;
  const samples = children.get(pid);
  if (samples) samples.push(sample);
  else children.set(pid, [sample]);
  return true;
}

/** From the end, because names of the reference may contain blanks; old files have no level. */
function readCall(words: string[]): FunctionCall | null {
  for (const hasLevel of [true, false]) {
    const numbers = words.slice(hasLevel ? -5 : -4);
    const name = words.slice(0, words.length - numbers.length).join(" ");
    const [enter, exit] = [readSample(numbers[0], numbers[1]), readSample(numbers[2], numbers[3])];
    const level = hasLevel ? readCount(numbers[4]) : 0;
    if (name === "" || !enter || !exit || level === null) continue;
    return { name: readName(name), enter, exit, level };
  }
  return null;
}

function addRest(rest: Recording["rest"], [word = "", calls, duration, memory, time]: string[]): boolean {
  const [count, seconds, highest] = [readCount(calls), readNumber(duration), readSample(memory, time)];
  if (word === "" || count === null || seconds === null || highest === null) return false;
  const name = readName(word);
  const before = rest.get(name);
  rest.set(name, before ? joinRest(before, { count, seconds, highest }) : { count, seconds, highest });
  return true;
}

export function joinRest(one: RestOfCalls, other: RestOfCalls): RestOfCalls {
  return {
    count: one.count + other.count,
    seconds: one.seconds + other.seconds,
    highest: one.highest.memory >= other.highest.memory ? one.highest : other.highest,
  };
}

function addOpen(open: Recording["open"], [word = "", calls]: string[]): boolean {
  const count = readCount(calls);
  if (word === "" || count === null) return false;
  const name = readName(word);
  open.set(name, (open.get(name) ?? 0) + count);
  return true;
}

function readName(word: string): string {
  return printable(word.replaceAll("\u00a0", " "));
}

function readSample(memory: string | undefined, time: string | undefined): Sample | null {
  const [first, second] = [readNumber(memory), readNumber(time)];
  return first === null || second === null ? null : sampleOf(first, second);
}

/** An exabyte: beyond, sums and differences could leave what can be drawn. */
const MOST_MIB = 2 ** 40;
/** Where dates end. */
const MOST_SECONDS = 8.64e12;

function sampleOf(memory: number, time: number): Sample | null {
  return Math.abs(memory) <= MOST_MIB && Math.abs(time) <= MOST_SECONDS ? { memory, time } : null;
}

function readNumber(text: string | undefined): number | null {
  return text !== undefined && /^-?\d+(\.\d+)?(e[+-]?\d+)?$/i.test(text) ? Number(text) : null;
}

function readCount(text: string | undefined): number | null {
  return text !== undefined && /^\d{1,15}$/.test(text) ? Number(text) : null;
}
