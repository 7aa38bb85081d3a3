/** The sections of a `.heapsnapshot` file: numbers in rows, and texts. Each is given bytes as they come. */
import { GrowingArray } from "./growing-array.ts";
import type { Edges, Locations, Nodes } from "./heap-snapshot.ts";

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const OPEN = 0x5b;
const CLOSE = 0x5d;
const ZERO = 0x30;
const COMMA = 0x2c;

/** A part of the file. Given bytes until it says where it ends. */
export interface Section {
  /** @returns the place behind its last byte; -1 if it goes on in the next piece */
  read(bytes: Uint8Array, from: number, to: number): number;
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

export class NodeRows extends Rows {
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

export class EdgeRows extends Rows {
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

export class LocationRows extends Rows {
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
export class Texts implements Section {
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
export class Skipped implements Section {
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
