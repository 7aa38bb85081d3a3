/**
 * What lines should have allocated in a window by what their samples say, as often as they ran in it; how far windows have
 * come beyond that, and how much of it comes true. Bytes.
 */
import type { HotLine } from "./hot-line.ts";
import type { Running } from "./stretches.ts";

/** The hot lines of a listing. Between listings what is allocated counts for both: the one calls the other. */
export interface HotGroup extends Running {
  /** What they should have allocated in the window that closes: as they do mostly, as early on, and at the most. */
  mostly: number;
  early: number;
  most: number;
  /** As near to the most as windows came lately. */
  likely: number;
  beyond: Beyond;
  known: Known;
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

/** Windows of which it is known what they have grown by, and in which a listing should have made a large part. */
export interface Known {
  /** What that was; a sum that fades. */
  came: number;
  /** What its lines should have made in them, by what is known of the lines now. */
  expected: number;
  /** The last of them. */
  window: number;
}

export function newGroup(running: Running): HotGroup {
  const beyond = { came: 0, early: 0, most: 0, window: 0 };
  const known = { came: 0, expected: 0, window: 0 };
  return { mostly: 0, early: 0, most: 0, likely: 0, beyond, known, ...running };
}

/** Of one listing the most, as listings may be in each other: mostly, and at the most. */
const MOSTLY = 0;
const MOST = 1;
/** As near to the most as windows came lately, and as much as comes true; and mostly. */
const LIKELY = 2;
const TRUE_MOSTLY = 3;
/** The same of all listings together, as if none ran within another. */
const ALL_MOSTLY = 4;
const ALL_MOST = 5;
const ALL_LIKELY = 6;
const ALL_TRUE_MOSTLY = 7;
/** How far they do, and do not run within each other: 0 to 1; it fades. */
const BESIDE = 8;
const CELLS = 9;
type All = typeof ALL_MOSTLY | typeof ALL_MOST | typeof ALL_LIKELY | typeof ALL_TRUE_MOSTLY;
/** Weight of the newest window; and where few of them say something. */
const NEWEST = 1 / 32;
const SOON = 1 / 8;
/** Less says nothing. */
const LEAST = 64 * 1024;
/** By a window in which the others should have made more it is not judged. */
const LARGE_PART = 0.25;

export class Expected {
  private readonly cells = new Float64Array(CELLS);
  private learned = 0;

  /** @param lines those of all listings, of which it says what they should have allocated until now */
  look(lines: readonly HotLine[]): void {
    const { cells } = this;
    for (let i = 0; i < lines.length; i++) forgetExpected(lines[i]!);
    for (let i = 0; i < lines.length; i++) expect(lines[i]!);
    cells.fill(0, MOSTLY, BESIDE);
    for (let i = 0; i < lines.length; i++) {
      const { group, rate, mostRate, sinceSeen } = lines[i]!;
      const truth = truthOf(group);
      cells[MOSTLY] = Math.max(cells[MOSTLY]!, group.mostly);
      cells[MOST] = Math.max(cells[MOST]!, group.most);
      cells[LIKELY] = Math.max(cells[LIKELY]!, truth * group.likely);
      cells[TRUE_MOSTLY] = Math.max(cells[TRUE_MOSTLY]!, truth * group.mostly);
      cells[ALL_MOSTLY] = cells[ALL_MOSTLY]! + rate * sinceSeen;
      cells[ALL_MOST] = cells[ALL_MOST]! + mostRate * sinceSeen;
      cells[ALL_LIKELY] = cells[ALL_LIKELY]! + truth * likelyOf(lines[i]!) * sinceSeen;
      cells[ALL_TRUE_MOSTLY] = cells[ALL_TRUE_MOSTLY]! + truth * rate * sinceSeen;
    }
  }

  /** Of all listings, as near to the most as windows came lately, and as much as comes true. */
  get likely(): number {
    return this.besides(this.cells[LIKELY]!, ALL_LIKELY);
  }

  /** The same, as lines do mostly. */
  get likelyMostly(): number {
    return this.besides(this.cells[TRUE_MOSTLY]!, ALL_TRUE_MOSTLY);
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
  private besides(bytes: number, all: All): number {
    return bytes + this.cells[BESIDE]! * (this.cells[all]! - bytes);
  }

  /** A window has grown by `grown`. */
  learn(grown: number, lines: readonly HotLine[]): void {
    this.learned++;
    this.learnTruth(Math.max(0, grown), lines);
    if (2 * grown < this.mostly) return;
    this.learnBeside(grown);
    this.learnBeyond(grown, lines);
  }

  /** Whether the listing of a line should have made so much of the window that this says something of it. */
  isLargePart({ group: { likely, mostly } }: HotLine): boolean {
    return likely > LEAST && mostly >= LARGE_PART * this.cells[ALL_MOSTLY]!;
  }

  private learnTruth(grown: number, lines: readonly HotLine[]): void {
    for (let i = 0; i < lines.length; i++) {
      const { known } = lines[i]!.group;
      if (!this.isLargePart(lines[i]!)) continue;
      lines[i]!.know(SOON);
      if (known.window === this.learned) continue;
      known.window = this.learned;
      known.came = known.came * (1 - SOON) + grown;
    }
  }

  /** Whether there is what listings should have allocated besides the one that should have most. */
  private learnBeside(grown: number): void {
    const { cells } = this;
    const besides = cells[ALL_MOSTLY]! - cells[MOSTLY]!;
    if (besides < LEAST) return;
    cells[BESIDE] = cells[BESIDE]! + (partOf(grown - cells[MOSTLY]!, besides) - cells[BESIDE]!) * SOON;
  }

  /** By listing: others run in other windows, and what comes there says nothing of it. */
  private learnBeyond(grown: number, lines: readonly HotLine[]): void {
    // Within each other or beside each other: there is no more of it that is unexpected.
    const came = grown - this.besides(this.cells[MOSTLY]!, ALL_MOSTLY);
    for (let i = 0; i < lines.length; i++) {
      const { beyond, mostly, early, most } = lines[i]!.group;
      if (beyond.window === this.learned || most <= mostly) continue;
      beyond.window = this.learned;
      beyond.came = beyond.came * (1 - NEWEST) + came;
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
export function likelyOf({ rate, earlyRate, mostRate, group: { beyond } }: HotLine): number {
  return rate + earlyPart(beyond) * (earlyRate - rate) + mostPart(beyond) * (mostRate - earlyRate);
}

/** Of what a listing should have made in a window that has grown by `grown` as much came: 0 to 1. */
export function partThatCame(grown: number, { likely }: HotGroup): number {
  return partOf(grown, likely);
}

/** As much of that comes true, 0 to 1: at most all, as what came is others', too. */
export function truthOf({ known: { came, expected } }: HotGroup): number {
  return expected > LEAST ? Math.min(1, came / expected) : 1;
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
  group.likely = 0;
  group.known.expected = 0;
}

function expect(line: HotLine): void {
  const { group, rate, earlyRate, mostRate, sinceSeen, known } = line;
  group.mostly += rate * sinceSeen;
  group.early += earlyRate * sinceSeen;
  group.most += mostRate * sinceSeen;
  const likely = likelyOf(line);
  group.likely += likely * sinceSeen;
  group.known.expected += likely * known;
}
