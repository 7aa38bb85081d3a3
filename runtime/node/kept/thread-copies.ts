import type { ListingFigures } from "../../core/build-profile.ts";
import type { FigurePool } from "./figure-pool.ts";
import type { KeptListing } from "./format.ts";

/** Indices of the listings of other threads begin here; those of the thread itself are fewer. */
const FIRST_INDEX = 1_000_000;

interface Copy {
  of: ListingFigures;
  sheets: Float64Array[];
  tallies: Float64Array;
  waits: Float64Array[];
  nobody: Float64Array | undefined;
  freed: Float64Array[];
  ofThread: Float64Array | undefined;
}

/** The figures of worker threads, copied to where they are kept with those of the thread that writes. */
export class ThreadCopies {
  private readonly pool: FigurePool;
  /** In the order in which `otherThreads` says them, which only grows. */
  private readonly copies: Copy[] = [];
  private changed = new Set<number>();

  constructor(pool: FigurePool) {
    this.pool = pool;
  }

  copy(figures: readonly ListingFigures[]): void {
    for (let i = 0; i < figures.length; i++) {
      const of = figures[i]!;
      const known = this.copies[i];
      // It is announced anew for each sheet.
      const copy = known?.of === of ? known : this.copyOf(of, i, known);
      for (let j = 0; j < of.sheets.length; j++) copy.sheets[j]!.set(of.sheets[j]!);
      copy.tallies.set(of.tallies);
      of.waits?.cells.forEach((cells, j) => void copy.waits[j]!.set(cells));
      if (of.waits?.nobody) copy.nobody?.set(of.waits.nobody);
      of.freed?.cells.forEach((cells, j) => void copy.freed[j]!.set(cells));
      if (of.freed?.ofThread) copy.ofThread?.set(of.freed.ofThread);
    }
  }

  private copyOf(of: ListingFigures, index: number, known: Copy | undefined): Copy {
    const copy = {
      of,
      sheets: of.sheets.map((sheet, j) => this.roomFor(sheet, known?.sheets[j])),
      tallies: this.roomFor(of.tallies, known?.tallies),
      waits: (of.waits?.cells ?? []).map((cells, j) => this.roomFor(cells, known?.waits[j])),
      nobody: of.waits?.nobody && this.roomFor(of.waits.nobody, known?.nobody),
      freed: (of.freed?.cells ?? []).map((cells, j) => this.roomFor(cells, known?.freed[j])),
      ofThread: of.freed?.ofThread && this.roomFor(of.freed.ofThread, known?.ofThread),
    };
    this.copies[index] = copy;
    this.changed.add(index);
    return copy;
  }

  private roomFor(array: Float64Array, known: Float64Array | undefined): Float64Array {
    return known?.length === array.length ? known : this.pool.allocate(array.length);
  }

  /** How many there are. */
  get count(): number {
    return this.copies.length;
  }

  get hasChanged(): boolean {
    return this.changed.size > 0;
  }

  /** Those that have changed since. */
  describe(): KeptListing[] {
    const described = [...this.changed].map((i) => this.describeCopy(this.copies[i]!, FIRST_INDEX + i));
    this.changed = new Set();
    return described;
  }

  private describeCopy({ of, sheets, tallies, waits, nobody, freed, ofThread }: Copy, index: number): KeptListing {
    const { file, table, options, superseded, metrics } = of;
    return {
      index,
      file,
      name: table.name,
      first: table.first,
      lines: table.lines,
      options,
      ...(superseded && { superseded: true }),
      metrics: [...metrics],
      sheets: sheets.map((sheet) => this.pool.placeOf(sheet)!),
      tallies: this.pool.placeOf(tallies)!,
      waits: {
        cells: this.pool.placesOf(waits),
        ...(nobody && { nobody: this.pool.placeOf(nobody)! }),
        ...(of.waits?.hasSelf && { hasSelf: true }),
      },
      ...(of.freed && {
        freed: {
          cells: this.pool.placesOf(freed),
          ...(ofThread && { ofThread: this.pool.placeOf(ofThread)! }),
        },
      }),
    };
  }
}
