/**
 * What lines should have allocated in a window by what their samples say, as often as they ran in it; and how far windows
 * have come beyond that. Bytes.
 */
import type { HotLine } from "./hot-line.ts";
import type { Running } from "./stretches.ts";

/** The hot lines of a listing. Between listings what is allocated counts for both: the one calls the other. */
export interface HotGroup extends Running {
  /** What they should have allocated in the window that closes: as they do mostly, as early on, and at the most. */
  mostly: number;
  early: number;
  most: number;
  beyond: Beyond;
}

/**
 * What windows in which a listing ran, and no collection was, have grown by lately beyond what its lines do mostly; how much
 * more these would have made as early on, and at the most. Sums that fade; bytes.
 */
export interface Beyond {
  came: number;
  early: number;
  most: number;
  /** The last window that is in them. */
  window: number;
}

export function newGroup(running: Running): HotGroup {
  return { mostly: 0, early: 0, most: 0, beyond: { came: 0, early: 0, most: 0, window: 0 }, ...running };
}

/** Of one listing the most, as listings may be in each other: mostly, and at the most. */
const MOSTLY = 0;
const MOST = 1;
/** Of all listings together, as if none ran within another. */
const ALL_MOSTLY = 2;
const ALL_MOST = 3;
/** The same, as near to the most as windows came lately. */
const ALL_LIKELY = 4;
/** How far they do, and do not run within each other: 0 to 1; it fades. */
const BESIDE = 5;
const CELLS = 6;
/** Weight of the newest window; and where few of them say something. */
const NEWEST = 1 / 32;
const SOON = 1 / 8;
/** Less says nothing. */
const LEAST_BESIDES = 64 * 1024;

export class Expected {
  private readonly cells = new Float64Array(CELLS);
  private learned = 0;

  /** @param lines those of all listings, of which it says what they should have allocated until now */
  look(lines: readonly HotLine[]): void {
    const { cells } = this;
    for (let i = 0; i < lines.length; i++) forgetExpected(lines[i]!);
    cells.fill(0, MOSTLY, BESIDE);
    for (let i = 0; i < lines.length; i++) {
      const { group, rate, earlyRate, mostRate, sinceSeen } = lines[i]!;
      group.mostly += rate * sinceSeen;
      group.early += earlyRate * sinceSeen;
      group.most += mostRate * sinceSeen;
      cells[ALL_MOSTLY] = cells[ALL_MOSTLY]! + rate * sinceSeen;
      cells[ALL_MOST] = cells[ALL_MOST]! + mostRate * sinceSeen;
      cells[MOSTLY] = Math.max(cells[MOSTLY]!, group.mostly);
      cells[MOST] = Math.max(cells[MOST]!, group.most);
    }
    for (let i = 0; i < lines.length; i++)
      cells[ALL_LIKELY] = cells[ALL_LIKELY]! + likelyOf(lines[i]!) * lines[i]!.sinceSeen;
  }

  /** Of all listings, as near to the most as windows came lately. */
  get likely(): number {
    return this.cells[ALL_LIKELY]!;
  }

  /** Of the listing that should have most, as its lines do mostly. */
  get mostly(): number {
    return this.cells[MOSTLY]!;
  }

  /** Of all listings, at the most. */
  get most(): number {
    return this.besides(this.cells[MOST]!, ALL_MOST);
  }

  /** `bytes` of a listing, with what the others have as far as they run beside it. */
  private besides(bytes: number, all: typeof ALL_MOSTLY | typeof ALL_MOST): number {
    return bytes + this.cells[BESIDE]! * (this.cells[all]! - bytes);
  }

  /** A window has grown by `grown` in which no collection was. */
  learn(grown: number, lines: readonly HotLine[]): void {
    if (2 * grown <= this.mostly) return;
    this.learnBeside(grown);
    this.learnBeyond(grown, lines);
  }

  /** Whether there is what listings should have allocated besides the one that should have most. */
  private learnBeside(grown: number): void {
    const { cells } = this;
    const besides = cells[ALL_MOSTLY]! - cells[MOSTLY]!;
    if (besides < LEAST_BESIDES) return;
    cells[BESIDE] = cells[BESIDE]! + (partOf(grown - cells[MOSTLY]!, besides) - cells[BESIDE]!) * SOON;
  }

  /** By listing: others run in other windows, and what comes there says nothing of it; or within it, and what comes is its, too. */
  private learnBeyond(grown: number, lines: readonly HotLine[]): void {
    const window = ++this.learned;
    for (let i = 0; i < lines.length; i++) {
      const { beyond, mostly, early, most } = lines[i]!.group;
      if (beyond.window === window || most <= mostly) continue;
      beyond.window = window;
      beyond.came = beyond.came * (1 - NEWEST) + grown - this.besides(mostly, ALL_MOSTLY);
      beyond.early = beyond.early * (1 - NEWEST) + early - mostly;
      beyond.most = beyond.most * (1 - NEWEST) + most - mostly;
    }
  }
}

/** What an execution of a line has of a window that has grown by `grown`: as near to the most as others came lately. */
export function shareOf({ rate, earlyRate, mostRate, group }: HotLine, grown: number): number {
  const { mostly, early, most, beyond } = group;
  if (grown <= mostly) return mostly > 0 ? (rate * grown) / mostly : 0;
  const share = rate + (earlyRate - rate) * Math.min(earlyPart(beyond), partOf(grown - mostly, early - mostly));
  return share + (mostRate - earlyRate) * Math.min(mostPart(beyond), partOf(grown - early, most - early));
}

/** What an execution of a line allocates, as far beyond what it does mostly as windows of its listing came lately. */
export function likelyOf({ rate, earlyRate, mostRate, group }: HotLine): number {
  const { beyond } = group;
  return rate + earlyPart(beyond) * (earlyRate - rate) + mostPart(beyond) * (mostRate - earlyRate);
}

/** How near to what lines do early on windows have come lately, from what they do mostly: 0 to 1. */
function earlyPart({ came, early }: Beyond): number {
  return partOf(came, early);
}

/** And from there to the most. */
function mostPart({ came, early, most }: Beyond): number {
  return partOf(came - early, most - early);
}

/** From 0 to 1; 0 of nothing. */
function partOf(bytes: number, whole: number): number {
  return whole > 0 ? Math.min(1, Math.max(0, bytes / whole)) : 0;
}

function forgetExpected({ group }: HotLine): void {
  group.mostly = 0;
  group.early = 0;
  group.most = 0;
}
