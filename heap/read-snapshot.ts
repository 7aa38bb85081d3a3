/**
 * Reads a `.heapsnapshot` file, as V8 writes it, in one pass over pieces of a megabyte: for 3.3 million nodes V8's own
 * text is 200 MB, and a parser of JSON would make gigabytes of it.
 */
import { openSync, readSync } from "node:fs";
import { MprofError } from "../contract/errors.ts";
import { HeapSnapshot } from "./heap-snapshot.ts";
import { EdgeRows, LocationRows, NodeRows, type Section, Skipped, Texts } from "./sections.ts";

const PIECE_BYTES = 1 << 20;
/** What comes before the numbers takes some kilobytes. */
const MOST_HEAD_BYTES = 1 << 20;

const OPEN = 0x5b;

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
