import type { Listing } from "../core/state.ts";
import type { HotGroup, HotLine } from "./hot-line.ts";
import type { Sampler } from "./sampler.ts";

/** What a report says of a row that is estimated. Bytes. */
export interface HotRow {
  line: number;
  /** Executions that were read one by one, after the first of them. */
  measured: number;
  /** Those among which they are. */
  executions: number;
  allocated: number;
}

/**
 * What the hot lines of a listing share: what its source has changed by since the first of them became hot, less what
 * lines took that are read each time. Each has of it as much as it has of what the heap has grown by meanwhile.
 */
export class HotPool {
  private readonly listing: Listing;
  private readonly rowCount: number;
  private readonly sampler: Sampler;
  private readonly lines: HotLine[] = [];
  readonly group: HotGroup = { expected: 0, expectedEarly: 0 };
  /** By metric: the reading and the sum of increments when it began. */
  private readonly from: Float64Array;
  private readonly directThen: Float64Array;
  private readonly grownThen: number;
  /** By row and metric: what is in the sheet of it. */
  private readonly given: Float64Array;

  constructor(listing: Listing, rowCount: number, sampler: Sampler) {
    this.listing = listing;
    this.rowCount = rowCount;
    this.sampler = sampler;
    const metrics = listing.start.length;
    this.from = Float64Array.from(listing.start);
    this.given = new Float64Array(rowCount * metrics);
    this.directThen = new Float64Array(metrics);
    for (let m = 0; m < metrics; m++) this.directThen[m] = this.direct(m);
    this.grownThen = sampler.grown;
  }

  add(line: HotLine): void {
    this.lines[this.lines.length] = line;
    this.sampler.add(line);
  }

  /** The increments of lines that are read each time. */
  private direct(m: number): number {
    const { sheet, first, stride, shift } = this.listing;
    let sum = 0;
    for (let i = 0; i < this.rowCount; i++)
      sum += sheet[(first + i) * stride + shift + 1 + 2 * m]! - this.given[i * this.from.length + m]!;
    return sum;
  }

  /** Brings the sheet up to date. */
  share(): void {
    const { listing, lines, from, given, sampler } = this;
    const { reader, sheet, first, stride, shift } = listing;
    sampler.flush();
    reader.read();
    const allocated = lines.map((line) => line.allocated);
    const sum = allocated.reduce((total, each) => total + each, 0);
    for (let m = 0; m < from.length; m++) {
      const now = reader.now[m]!;
      const direct = this.direct(m) - this.directThen[m]!;
      const total = Math.max(sampler.grown - this.grownThen - Math.max(0, direct), sum, 1);
      lines.forEach(({ line }, j) => {
        const cell = line * stride + shift + 1 + 2 * m;
        const share = ((now - from[m]! - direct) * allocated[j]!) / total;
        const before = (line - first) * from.length + m;
        sheet[cell] = sheet[cell]! + share - given[before]!;
        given[before] = share;
        if (now > sheet[cell + 1]!) sheet[cell + 1] = now;
      });
    }
  }

  rows(): HotRow[] {
    return this.lines.map((line) => ({
      line: line.line,
      measured: line.measured,
      executions: line.executions,
      allocated: line.allocated,
    }));
  }
}
