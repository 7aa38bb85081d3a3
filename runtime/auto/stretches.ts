import type { HotLine } from "./hot-line.ts";

/** What is known of a listing while its lines share what the heap grows by. Bytes. */
export interface Running {
  /** How often its functions were called; `NaN` where one of them can wait, and others run meanwhile. */
  calls(): number;
  /** What those lines have taken that are read each time. */
  others(): number;
  /** When it was found running last: what these were, and what windows had grown by; and what they grew by in its stretches. */
  readonly found: Float64Array;
}

const CALLS = 0;
const OTHERS = 1;
const GROWN = 2;
const WITHIN = 3;

export function notFound(): Float64Array {
  return Float64Array.of(Number.NaN, 0, 0, 0);
}

/**
 * Stretches of time in which a listing ran without a break: it was found running at both ends, and none of its functions was
 * called in between. All that the heap has grown by is then its lines', and what windows gave them is less where few samples
 * say too little, as of objects that V8 makes in buffers of 256 KiB. Bytes.
 */
export class Stretches {
  /** What windows have grown by up to now; outside of the heap. */
  private readonly grown = new Float64Array(1);

  windowed(bytes: number): void {
    this.grown[0] = this.grown[0]! + bytes;
  }

  /** The listing of a line runs now. @param lines of all listings */
  find({ group }: HotLine, lines: readonly HotLine[]): void {
    const { found } = group;
    const calls = group.calls();
    const others = group.others();
    const grown = this.grown[0]!;
    const isWhole = calls === found[CALLS];
    for (let i = 0; i < lines.length; i++) if (lines[i]!.group === group) lines[i]!.endStretch(isWhole);
    if (isWhole) found[WITHIN] = found[WITHIN]! + grown - found[GROWN]! - Math.max(0, others - found[OTHERS]!);
    found[CALLS] = calls;
    found[OTHERS] = others;
    found[GROWN] = grown;
  }
}

/** Samples that have shown less of it say nothing. */
const SHOWN = 0.5;

/** What each of the lines of a listing took in its stretches beyond what windows gave it. */
export function lackOf({ found }: Running, lines: readonly HotLine[]): (line: HotLine) => number {
  let given = 0;
  let usual = 0;
  for (let i = 0; i < lines.length; i++) {
    given += lines[i]!.within;
    usual += lines[i]!.usual;
  }
  const lack = found[WITHIN]! - given;
  if (lack <= 0) return () => 0;
  if (given > SHOWN * found[WITHIN]!) return ({ within }) => (lack * within) / given;
  return (line) => (usual > 0 ? (lack * line.usual) / usual : 0);
}
