/**
 * Reads a `.heapsnapshot` file, as V8 writes it, in one pass over pieces of a megabyte: for 3.3 million nodes V8's own
 * text is 200 MB, and a parser of JSON would make gigabytes of it.
 */
import { openSync, readSync } from "node:fs";
import { MprofError } from "../contract/errors.ts";
import { GrowingArray } from "./growing-array.ts";
import { type Edges, HeapSnapshot, type Locations, type Nodes } from "./heap-snapshot.ts";

const PIECE_BYTES = 1 << 20;
/** What comes before the numbers takes some kilobytes. */
const MOST_HEAD_BYTES = 1 << 20;

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const OPEN = 0x5b;
const CLOSE = 0x5d;
const ZERO = 0x30;
const COMMA = 0x2c;

interface Head {
  snapshot: {
    meta: {
      node_fields: string[];
      node_types: [string[], ...unknown[]];
      edge_fields: string[];
      edge_types: [string[], ...unknown[]];
      location_fields?: string[];
    };
    node_count: number;
    edge_count: number;
  };
}

/** A part of the file. Given bytes until it says where it ends. */
interface Section {
  /** @returns the place behind its last byte; -1 if it goes on in the next piece */
  read(bytes: Uint8Array, from: number, to: number): number;
}

/** @throws MprofError if it is no heap snapshot; the errors of Node if it cannot be read */
export function readSnapshot(path: string): HeapSnapshot {
  const file = openSync(path, "r");
  const reader = new SnapshotReader();
  const piece = Buffer.allocUnsafe(PIECE_BYTES);
  for (;;) {
    const length = readSync(file, piece, 0, PIECE_BYTES, null);
    if (length === 0) break;
    if (!reader.take(piece, length)) throw notASnapshot(path);
  }
  const parts = reader.finish();
  if (parts === undefined) throw notASnapshot(path);
  return new HeapSnapshot({ ...parts, file });
}

function notASnapshot(path: string): MprofError {
  const cure = "Name a file of v8.writeHeapSnapshot() that was written to its end.";
  return new MprofError("MPROF_NO_SNAPSHOT", `${path} is not a heap snapshot`, cure);
}

class SnapshotReader {
  private head = "";
  private isInHead = true;
  private section: Section | undefined;
  /** What stands between two sections, as text. */
  private between = "";
  private nodes: NodeRows | undefined;
  private edges: EdgeRows | undefined;
  private locations: LocationRows | undefined;
  private texts: Texts | undefined;
  private hasEnded = false;
  /** Of the file, where the piece begins. */
  private offset = 0;

  /** @returns whether this can be a snapshot */
  take(piece: Buffer, length: number): boolean {
    let at = 0;
    if (this.isInHead) {
      at = this.takeHead(piece, length);
      if (at < 0) {
        this.offset += length;
        return this.head.length <= MOST_HEAD_BYTES;
      }
    }
    while (at < length) {
      if (this.section === undefined) at = this.open(piece, at, length);
      else {
        const end = this.section.read(piece, at, length);
        if (end < 0) break;
        this.section = undefined;
        at = end;
      }
    }
    this.offset += length;
    return true;
  }

  finish() {
    const { nodes, edges, locations, texts } = this;
    if (!nodes?.isWhole || !edges?.isWhole || !texts || !this.hasEnded) return undefined;
    return {
      nodes: nodes.finish(),
      edges: edges.finish(),
      locations: locations?.finish() ?? new Uint32Array(0),
      textStarts: texts.starts.finish(),
    };
  }

  /** @returns the place behind it; -1 if it goes on */
  private takeHead(piece: Buffer, length: number): number {
    const before = this.head.length;
    this.head += piece.toString("latin1", 0, length);
    const end = this.head.indexOf('"nodes":[');
    if (end < 0) return -1;
    const { meta, node_count, edge_count } = parseHead(this.head.slice(0, end)).snapshot;
    this.nodes = new NodeRows(meta.node_fields, meta.node_types[0], node_count);
    this.edges = new EdgeRows(meta.edge_fields, meta.edge_types[0], edge_count, meta.node_fields.length);
    if (meta.location_fields) this.locations = new LocationRows(meta.location_fields, meta.node_fields.length);
    this.isInHead = false;
    this.head = "";
    return end - before;
  }

  /** Reads on to the bracket that opens the next section. */
  private open(piece: Buffer, from: number, to: number): number {
    const bracket = piece.subarray(from, to).indexOf(OPEN);
    if (bracket < 0) {
      this.between += piece.toString("latin1", from, to);
      return to;
    }
    const name = /"(\w+)":$/.exec(this.between + piece.toString("latin1", from, from + bracket))?.[1];
    this.between = "";
    this.section = this.sectionOf(name);
    return from + bracket + 1;
  }

  private sectionOf(name: string | undefined): Section {
    switch (name) {
      case "nodes":
        return this.nodes!;
      case "edges":
        return this.edges!;
      case "locations":
        return this.locations ?? new Skipped();
      case "strings":
        this.texts = new Texts(
          () => this.offset,
          () => {
            this.hasEnded = true;
          },
        );
        return this.texts;
      default:
        return new Skipped();
    }
  }
}

function parseHead(text: string): Head {
  return JSON.parse(`${text.replace(/,\s*$/, "")}}`);
}

/** Rows of so many numbers, each below 2 ** 32. */
abstract class Rows implements Section {
  protected row = 0;
  private field = 0;
  private number = 0;
  private readonly values: Uint32Array;

  constructor(width: number) {
    this.values = new Uint32Array(width);
  }

  read(bytes: Uint8Array, from: number, to: number): number {
    const { values } = this;
    const width = values.length;
    let { number, field } = this;
    let end = -1;
    for (let at = from; at < to; at++) {
      const digit = bytes[at]! - ZERO;
      // In whole numbers of 32 bits, which are fast; the array takes them without their sign.
      if (digit >= 0 && digit < 10) number = (Math.imul(number, 10) + digit) | 0;
      else if (digit === COMMA - ZERO || digit === CLOSE - ZERO) {
        values[field++] = number;
        number = 0;
        if (field === width) {
          field = 0;
          this.take(values);
          this.row++;
        }
        if (digit === CLOSE - ZERO) {
          end = at + 1;
          break;
        }
      }
    }
    this.number = number;
    this.field = field;
    return end;
  }

  /** @param values of the next row, field by field */
  protected abstract take(values: Uint32Array): void;
}

class NodeRows extends Rows {
  private readonly type: Uint8Array;
  private readonly name: Uint32Array;
  private readonly firstEdge: Uint32Array;
  private readonly types: readonly string[];
  private readonly typeAt: number;
  private readonly nameAt: number;
  private readonly edgesAt: number;
  private edges = 0;

  constructor(fields: readonly string[], types: readonly string[], count: number) {
    super(fields.length);
    this.typeAt = fields.indexOf("type");
    this.nameAt = fields.indexOf("name");
    this.edgesAt = fields.indexOf("edge_count");
    this.types = types;
    this.type = new Uint8Array(count);
    this.name = new Uint32Array(count);
    this.firstEdge = new Uint32Array(count + 1);
  }

  get isWhole(): boolean {
    return this.row === this.type.length;
  }

  protected take(values: Uint32Array): void {
    const { row } = this;
    this.type[row] = values[this.typeAt]!;
    this.name[row] = values[this.nameAt]!;
    this.firstEdge[row] = this.edges;
    this.edges += values[this.edgesAt]!;
  }

  finish(): Nodes {
    const { type, name, firstEdge, types } = this;
    firstEdge[type.length] = this.edges;
    return { type, name, firstEdge, types };
  }
}

class EdgeRows extends Rows {
  private readonly type: Uint8Array;
  private readonly name: Uint32Array;
  private readonly to: Uint32Array;
  private readonly types: readonly string[];
  private readonly typeAt: number;
  private readonly nameAt: number;
  private readonly toAt: number;
  /** An edge leads to a place in the numbers of the nodes. */
  private readonly nodeWidth: number;

  constructor(fields: readonly string[], types: readonly string[], count: number, nodeWidth: number) {
    super(fields.length);
    this.typeAt = fields.indexOf("type");
    this.nameAt = fields.indexOf("name_or_index");
    this.toAt = fields.indexOf("to_node");
    this.types = types;
    this.nodeWidth = nodeWidth;
    this.type = new Uint8Array(count);
    this.name = new Uint32Array(count);
    this.to = new Uint32Array(count);
  }

  get isWhole(): boolean {
    return this.row === this.type.length;
  }

  protected take(values: Uint32Array): void {
    const { row } = this;
    this.type[row] = values[this.typeAt]!;
    this.name[row] = values[this.nameAt]!;
    // Whole numbers, which are fast.
    this.to[row] = (values[this.toAt]! / this.nodeWidth) | 0;
  }

  finish(): Edges {
    const { type, name, to, types } = this;
    return { type, name, to, types };
  }
}

class LocationRows extends Rows {
  private readonly found = new GrowingArray(Uint32Array);
  private readonly fields: readonly number[];
  private readonly nodeWidth: number;

  constructor(fields: readonly string[], nodeWidth: number) {
    super(fields.length);
    this.fields = ["line", "column"].map((name) => fields.indexOf(name));
    this.nodeWidth = nodeWidth;
  }

  protected take(values: Uint32Array): void {
    this.found.push(values[0]! / this.nodeWidth);
    for (const field of this.fields) this.found.push(values[field]!);
  }

  finish(): Locations {
    return this.found.finish();
  }
}

/** Notes where texts begin. */
class Texts implements Section {
  readonly starts = new GrowingArray(Float64Array);
  private isInText = false;
  private isEscaped = false;
  private readonly offset: () => number;
  private readonly tellEnd: () => void;

  constructor(offset: () => number, tellEnd: () => void) {
    this.offset = offset;
    this.tellEnd = tellEnd;
  }

  read(bytes: Uint8Array, from: number, to: number): number {
    let { isInText, isEscaped } = this;
    const { starts } = this;
    const offset = this.offset();
    for (let at = from; at < to; at++) {
      const byte = bytes[at]!;
      if (isInText) {
        if (isEscaped) isEscaped = false;
        else if (byte === BACKSLASH) isEscaped = true;
        else if (byte === QUOTE) isInText = false;
      } else if (byte === QUOTE) {
        isInText = true;
        starts.push(offset + at);
      } else if (byte === CLOSE) {
        starts.push(offset + at);
        this.tellEnd();
        return at + 1;
      }
    }
    this.isInText = isInText;
    this.isEscaped = isEscaped;
    return -1;
  }
}

/** Sections that say nothing of what holds what; there are brackets in them. */
class Skipped implements Section {
  private depth = 1;

  read(bytes: Uint8Array, from: number, to: number): number {
    for (let at = from; at < to; at++) {
      const byte = bytes[at];
      if (byte === OPEN) this.depth++;
      else if (byte === CLOSE && --this.depth === 0) return at + 1;
    }
    return -1;
  }
}
