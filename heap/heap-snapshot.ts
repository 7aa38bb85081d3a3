/** What a `.heapsnapshot` file says of the heap: nodes and edges by their numbers, in typed arrays; texts stay in the file. */
import { closeSync, readSync } from "node:fs";

/** Of nodes, by their number: what they are and where their edges begin. */
export interface Nodes {
  /** By node, the place of its type in `types`. */
  readonly type: Uint8Array;
  /** By node, the number of its name. */
  readonly name: Uint32Array;
  /** By node, the number of its first edge; one more at the end. */
  readonly firstEdge: Uint32Array;
  readonly types: readonly string[];
}

export interface Edges {
  readonly type: Uint8Array;
  /** The number of a name, or an index: of elements and what V8 hides. */
  readonly name: Uint32Array;
  /** By edge, the number of the node that it leads to. */
  readonly to: Uint32Array;
  readonly types: readonly string[];
}

/** Where a function stands in its script. */
export interface Location {
  /** Both start at 1. */
  line: number;
  column: number;
}

/** Numbers of a node of the file, the node, line and column from 0, function by function. */
export type Locations = Uint32Array;

export interface SnapshotParts {
  readonly nodes: Nodes;
  readonly edges: Edges;
  readonly locations: Locations;
  /** Where each text begins in the file, with its quote, and where the last one ends. */
  readonly textStarts: Float64Array;
  /** The file, open. */
  readonly file: number;
}

/** Values of `Locations` for each function. */
export const LOCATION_WIDTH = 3;

export class HeapSnapshot {
  readonly nodes: Nodes;
  readonly edges: Edges;
  readonly nodeCount: number;
  private readonly locations: Locations;
  private readonly textStarts: Float64Array;
  private readonly file: number;
  private readonly texts = new Map<number, string>();

  constructor({ nodes, edges, locations, textStarts, file }: SnapshotParts) {
    this.nodes = nodes;
    this.edges = edges;
    this.nodeCount = nodes.type.length;
    this.locations = locations;
    this.textStarts = textStarts;
    this.file = file;
  }

  close(): void {
    closeSync(this.file);
  }

  typeOf(node: number): string {
    return this.nodes.types[this.nodes.type[node]!]!;
  }

  nameOf(node: number): string {
    return this.text(this.nodes.name[node]!);
  }

  edgeType(edge: number): string {
    return this.edges.types[this.edges.type[edge]!]!;
  }

  /** The name of a property or a variable; of an element its index, as a text. */
  edgeName(edge: number): string {
    const type = this.edgeType(edge);
    const name = this.edges.name[edge]!;
    return type === "element" || type === "hidden" ? String(name) : this.text(name);
  }

  /** The node whose edge this is. */
  ownerOf(edge: number): number {
    const { firstEdge } = this.nodes;
    let low = 0;
    let high = this.nodeCount;
    while (high - low > 1) {
      const middle = (low + high) >>> 1;
      if (firstEdge[middle]! <= edge) low = middle;
      else high = middle;
    }
    return low;
  }

  /** The numbers of a node's edges. */
  edgesOf(node: number): { from: number; to: number } {
    const { firstEdge } = this.nodes;
    return { from: firstEdge[node]!, to: firstEdge[node + 1]! };
  }

  /** Where the edge of a name leads; elements have none. @returns undefined without one */
  follow(node: number, name: string): number | undefined {
    const { from, to } = this.edgesOf(node);
    for (let edge = from; edge < to; edge++) {
      const type = this.edgeType(edge);
      if (type !== "element" && type !== "hidden" && this.edgeName(edge) === name) return this.edges.to[edge];
    }
    return undefined;
  }

  /** Of a function or a class. Linear in their number: for those of a few chains. */
  locationOf(node: number): Location | undefined {
    const { locations } = this;
    for (let at = 0; at < locations.length; at += LOCATION_WIDTH)
      if (locations[at] === node) return { line: locations[at + 1]! + 1, column: locations[at + 2]! + 1 };
    return undefined;
  }

  /** All nodes of a type whose name `isWanted`; it is asked once for each name. */
  *nodesOf(type: string, isWanted: (name: string) => boolean): Generator<number> {
    const { nodes } = this;
    const wanted = nodes.types.indexOf(type);
    const answers = new Map<number, boolean>();
    for (let node = 0; node < this.nodeCount; node++) {
      if (nodes.type[node] !== wanted) continue;
      const name = nodes.name[node]!;
      let answer = answers.get(name);
      if (answer === undefined) {
        answer = isWanted(this.text(name));
        answers.set(name, answer);
      }
      if (answer) yield node;
    }
  }

  private text(index: number): string {
    const known = this.texts.get(index);
    if (known !== undefined) return known;
    const start = this.textStarts[index]!;
    const bytes = Buffer.allocUnsafe(this.textStarts[index + 1]! - start);
    const read = readSync(this.file, bytes, 0, bytes.length, start);
    const raw = bytes.toString("utf8", 0, read);
    // Behind its last quote stands what separates it from the next.
    const text: string = JSON.parse(raw.slice(0, raw.lastIndexOf('"') + 1));
    this.texts.set(index, text);
    return text;
  }
}
