/** Two profiles, function by function and row by row: what each took before and after. */
import type { ListingProfile, Profile } from "../../contract/profile.ts";
import { type MeasuredFunction, type MeasuredRow, measure } from "../../runtime/reporters/measure.ts";
import { align, type Elsewhere, likeness, normalise, type Pair } from "./align.ts";
import { sureLines } from "./common-lines.ts";

/** Share of its lines that a function has kept that was renamed; or has gone to another file, where it may be a copy. */
const RENAMED = 0.6;
const GONE = 0.8;

export interface RowChange {
  how: Pair["how"] | "added" | "removed";
  before: MeasuredRow | undefined;
  after: MeasuredRow | undefined;
  /** Bytes; milliseconds of the metric `time`. */
  change: number;
  /** How far it was from itself in runs of the same program. */
  noise: number;
}

export interface FunctionChange {
  before: MeasuredFunction | undefined;
  after: MeasuredFunction | undefined;
  metric: string;
  /** What it left behind, and how much of that is new. */
  net: { before: number; after: number };
  change: number;
  noise: number;
  /** Rows with figures in one of both, in the order of the new text; removed ones last. */
  rows: RowChange[];
}

/**
 * By what changed most.
 *
 * @param runs more of the program that `base` is of: what differs among them is noise
 */
export function compareProfiles(base: Profile, changed: Profile, runs: readonly Profile[] = []): FunctionChange[] {
  const [before, after] = [measure(base), measure(changed)];
  const noise = new Noise(before, runs);
  const pairs = matchFunctions(before, after);
  const partners = new Set(pairs.values());
  const elsewhere = elsewhereIn(before, after);
  const changes = [
    ...after.map((each) => changeOf(pairs.get(each), each, noise, elsewhere)),
    ...before.filter((each) => !partners.has(each)).map((each) => changeOf(each, undefined, noise, elsewhere)),
  ];
  return changes.sort((a, b) => Math.abs(b.change) - Math.abs(a.change));
}

/** Of each new function the one that it was. By file and name; what is left by its text: renamed, or in another file. */
function matchFunctions(
  before: readonly MeasuredFunction[],
  after: readonly MeasuredFunction[],
): Map<MeasuredFunction, MeasuredFunction> {
  const pairs = new Map<MeasuredFunction, MeasuredFunction>();
  const free = new Set(before);
  const unsure = new Set<MeasuredFunction>();
  const match = (isNamed: (one: MeasuredFunction, other: MeasuredFunction) => boolean, least: number) => {
    const likely = after
      .filter((each) => !pairs.has(each))
      .flatMap((each) =>
        [...free]
          .filter((other) => other.metric === each.metric && isNamed(other, each))
          .map((other) => ({ each, other, like: likeness(textOf(other), textOf(each), least) })),
      )
      .filter(({ like }) => like >= least);
    for (const alike of byLikeness(likely)) {
      const left = alike.filter(({ each, other }) => !pairs.has(each) && free.has(other) && !unsure.has(each));
      for (const { each, other } of left) {
        // Which of several it is nobody knows.
        if (left.some((rival) => (rival.each === each) !== (rival.other === other))) unsure.add(each);
        else pairs.set(each, other);
      }
      for (const { each, other } of left) if (pairs.get(each) === other) free.delete(other);
    }
  };
  // Several may have one name, as the methods of object literals: their order tells them apart.
  for (const [i, j] of sureLines(before.map(wholeOf), after.map(wholeOf), () => false, false)) {
    pairs.set(after[j]!, before[i]!);
    free.delete(before[i]!);
  }
  match((one, other) => one.file === other.file && one.name === other.name, 0);
  match((one, other) => one.file === other.file, RENAMED);
  match((one, other) => one.name === other.name, GONE);
  match(() => true, GONE);
  return pairs;
}

/** The most alike first, and together those that are equally so. */
function byLikeness<T extends { like: number }>(all: readonly T[]): T[][] {
  const groups = new Map<number, T[]>();
  for (const each of all.toSorted((a, b) => b.like - a.like)) {
    const group = groups.get(each.like) ?? [];
    groups.set(each.like, group);
    group.push(each);
  }
  return [...groups.values()];
}

function textOf({ listing }: MeasuredFunction): string[] {
  return listing.rows.map(({ text }) => text);
}

function wholeOf(each: MeasuredFunction): string {
  return [each.metric, each.file, each.name, ...textOf(each)].join("\n");
}

type ElsewhereOf = (before: MeasuredFunction | undefined, after: MeasuredFunction | undefined) => Elsewhere;

/** Of a function: which lines stand in others, too. */
function elsewhereIn(before: readonly MeasuredFunction[], after: readonly MeasuredFunction[]): ElsewhereOf {
  const [inBefore, inAfter] = [placesOf(before), placesOf(after)];
  const isOutside = (places: ReturnType<typeof placesOf>, own: MeasuredFunction | undefined) => (line: string) =>
    places.get(line)?.some(({ file, number }) => file !== own?.file || !isWithin(number, own.listing)) ?? false;
  return (one, other) => ({ mayHaveGone: isOutside(inAfter, other), mayHaveCome: isOutside(inBefore, one) });
}

/** Of each line of text where it stands; a function within another has its lines in common with it. */
function placesOf(functions: readonly MeasuredFunction[]): Map<string, { file: string; number: number }[]> {
  const places = new Map<string, { file: string; number: number }[]>();
  for (const { file, listing } of functions)
    for (const { line: number, text } of listing.rows) {
      const line = normalise(text);
      const known = places.get(line) ?? [];
      places.set(line, known);
      known.push({ file, number });
    }
  return places;
}

function isWithin(line: number, { first, last }: ListingProfile): boolean {
  return line >= first && line <= last;
}

function changeOf(
  before: MeasuredFunction | undefined,
  after: MeasuredFunction | undefined,
  noise: Noise,
  elsewhere: ElsewhereOf,
): FunctionChange {
  const net = { before: before?.net ?? 0, after: after?.net ?? 0 };
  const spread = before && noise.of(before);
  return {
    before,
    after,
    metric: (after ?? before)!.metric,
    net,
    change: net.after - net.before,
    noise: spread?.net ?? 0,
    rows: rowChanges(before, after, spread?.rows ?? new Map(), elsewhere(before, after)),
  };
}

function rowChanges(
  before: MeasuredFunction | undefined,
  after: MeasuredFunction | undefined,
  noise: ReadonlyMap<number, number>,
  elsewhere?: Elsewhere,
): RowChange[] {
  const [a, b] = [before?.listing.rows ?? [], after?.listing.rows ?? []];
  const [figuresBefore, figuresAfter] = [byLine(before), byLine(after)];
  const pairs = align(
    a.map(({ text }) => text),
    b.map(({ text }) => text),
    elsewhere,
  );
  const row = (how: RowChange["how"], i: number | undefined, j: number | undefined): RowChange[] => {
    const [one, other] = [figuresBefore.get(a[i ?? -1]?.line ?? -1), figuresAfter.get(b[j ?? -1]?.line ?? -1)];
    if (one === undefined && other === undefined) return [];
    const change = (other?.increment ?? 0) - (one?.increment ?? 0);
    return [{ how, before: one, after: other, change, noise: noise.get(one?.line ?? -1) ?? 0 }];
  };
  const partners = new Map(pairs.map((pair) => [pair.after, pair]));
  const kept = new Set(pairs.map((pair) => pair.before));
  return [
    ...b.flatMap((_, j) => {
      const pair = partners.get(j);
      return pair ? row(pair.how, pair.before, j) : row("added", undefined, j);
    }),
    ...a.flatMap((_, i) => (kept.has(i) ? [] : row("removed", i, undefined))),
  ];
}

function byLine(of: MeasuredFunction | undefined): Map<number, MeasuredRow> {
  return new Map(of?.rows.map((row) => [row.line, row]));
}

interface Spread {
  net: number;
  /** By line of the base. */
  rows: Map<number, number>;
}

/** How far functions and rows are from themselves in runs of one program: the largest value less the smallest. */
class Noise {
  private readonly others: Map<MeasuredFunction, MeasuredFunction>[];

  constructor(base: readonly MeasuredFunction[], runs: readonly Profile[]) {
    this.others = runs.map((run) => {
      const pairs = matchFunctions(base, measure(run));
      return new Map([...pairs].map(([other, each]) => [each, other]));
    });
  }

  of(base: MeasuredFunction): Spread {
    const nets = [base.net];
    const rows = new Map(base.rows.map(({ line, increment }) => [line, [increment]]));
    for (const pairs of this.others) {
      const other = pairs.get(base);
      // A function that did not run there took nothing.
      nets.push(other?.net ?? 0);
      for (const { before, after } of rowChanges(base, other, new Map()))
        if (before) rows.get(before.line)!.push(after?.increment ?? 0);
    }
    return { net: spreadOf(nets), rows: new Map([...rows].map(([line, values]) => [line, spreadOf(values)])) };
  }
}

function spreadOf(values: readonly number[]): number {
  return Math.max(...values) - Math.min(...values);
}
