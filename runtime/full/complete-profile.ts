/** What a profile of Node says besides: rows that are cold, the sources read beside the main one, lines that were not embedded. */
import type { CallFigures, ListingProfile, Profile } from "../../contract/profile.ts";
import { type Metric, TIME } from "../../contract/units.ts";
import type { ListingFigures } from "../core/build-profile.ts";
import { findListing } from "../core/find-listing.ts";
import { ASIDE_METRICS, TALLY_ASIDE } from "../core/state.ts";
import { HEAP_METRICS } from "./node-sources.ts";

/** Executions after which the heap figures of a line that allocates nothing are within 64 bytes of 0. */
const WARM_UP = 2000;

/** Adds it to `profile`, and returns that. */
export function completeProfile(profile: Profile, figures: readonly ListingFigures[]): Profile {
  const { listings, notes } = profile;
  const groups = new Map<ListingProfile, ListingFigures[]>();
  for (const each of figures) {
    const listing = findListing(profile, each);
    if (listing) groups.set(listing, [...(groups.get(listing) ?? []), each]);
  }
  for (const listing of listings) {
    const group = groups.get(listing) ?? [];
    listing.aside = buildAside(group);
    listing.baseline = buildBaseline(group);
    listing.metrics = [...new Set(group.flatMap(({ metrics }) => metrics))];
  }
  if (markCold(listings)) {
    notes.push(
      "Rows marked cold ran fewer than 2,000 times: their heap figures hold some hundred bytes a run of V8's own.",
    );
  }
  return profile;
}

/** Lines that were compiled without (`embedSource: false`), where the sources are at hand. */
export function readMissingLines(
  { listings }: Profile,
  readSource: (file: string) => readonly string[] | undefined,
): void {
  const sources = new Map<string, readonly string[] | undefined>();
  for (const { file, rows } of listings) {
    if (rows.some(({ text }) => text !== "")) continue;
    if (!sources.has(file)) sources.set(file, readSource(file));
    for (const row of rows) row.text = sources.get(file)?.[row.line - 1] ?? "";
  }
}

/** Says whether there were any. */
function markCold(listings: readonly ListingProfile[]): boolean {
  let isAny = false;
  for (const { data } of listings.flatMap(({ rows }) => rows)) {
    if (data === undefined || data.occurrences >= WARM_UP) continue;
    if (!Object.keys(data.figures).some((metric) => HEAP_METRICS.includes(metric))) continue;
    data.cold = true;
    isAny = true;
  }
  return isAny;
}

function buildAside(group: readonly ListingFigures[]): Partial<Record<Metric, CallFigures>> {
  const aside: Partial<Record<Metric, CallFigures>> = {};
  ASIDE_METRICS.forEach((metric, i) => {
    const at = TALLY_ASIDE + 2 * i;
    for (const { tallies } of group) {
      const peak = tallies[at]!;
      if (peak === Number.NEGATIVE_INFINITY) continue;
      const sum = aside[metric];
      aside[metric] = { peak: Math.max(peak, sum?.peak ?? peak), net: tallies[at + 1]! + (sum?.net ?? 0) };
    }
  });
  return aside;
}

/** The first entry of each metric, as `buildListings` adds it to the first row. */
function buildBaseline(group: readonly ListingFigures[]): Record<string, number> {
  const baseline: Record<string, number> = {};
  for (const { metrics, sheets } of group) {
    metrics.forEach((metric, m) => {
      const entry = sheets.map((sheet) => sheet[1 + m]!).find((each) => !Number.isNaN(each));
      if (metric !== TIME && entry !== undefined) baseline[metric] ??= entry;
    });
  }
  return baseline;
}
