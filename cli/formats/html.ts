/**
 * A profile as one page that needs nothing else: its script and its style stand in it, and its policy allows these by their
 * hashes and nothing from anywhere. What the program says is data in it, and becomes text when it is drawn.
 */

import { gcWords } from "../../contract/gc-words.ts";
import type { ListingProfile, Profile } from "../../contract/profile.ts";
import { renderCost } from "../../runtime/reporters/cost.ts";
import { allocatedOf, baselineOf, figuresOf, selfOf } from "../../runtime/reporters/measure.ts";
import type { RenderOptions } from "../../runtime/reporters/reporter.ts";
import { renderFreed } from "../../runtime/reporters/show-freed.ts";
import { tellLeaks } from "../../runtime/reporters/show-leaks.ts";
import { renderWaiting } from "../../runtime/reporters/show-waiting.ts";
import { type PageData, type PageFigures, type PageFunction, SHAPE } from "../report-page/page-data.ts";
import type { Format } from "./format.ts";
import { pageOf, pagePart } from "./page-shell.ts";
import { timeLineOf } from "./time-line.ts";

/** Characters of a line: what is minified has its whole text on one. */
const MOST_TEXT = 2000;

export const HTML: Format = {
  name: "html",
  extension: "html",
  render: (profile, options) => drawn(dataOf(profile, options ?? {})),
};

function drawn(data: PageData): string {
  return pageOf({
    title: "mprof: memory by line",
    style: pagePart("report-page.css"),
    script: pagePart("report-page.js").replaceAll("</script", "<\\/script"),
    attributes: ' data-view="list"',
    body: `${pagePart("report-page.html")}
<script id="data" type="application/json">${escapeJson(JSON.stringify(data))}</script>`,
  });
}

/** Nothing in it can end the element that it stands in, or begin a comment. */
function escapeJson(json: string): string {
  return json.replace(/[<>&\u2028\u2029]/g, (each) => `\\u${each.charCodeAt(0).toString(16).padStart(4, "0")}`);
}

function dataOf(profile: Profile, { root, recording }: RenderOptions): PageData {
  const { host, readings, mode, gc, taken, metrics, listings, notes } = profile;
  const functions = listings.flatMap((listing) => functionOf(listing, profile) ?? []);
  const isCut = functions.some(({ texts }) => texts.some((text) => text.length > MOST_TEXT));
  const facts = [
    `${host.runtime} ${host.version} on ${host.platform}`,
    `${grouped(readings)} readings, mode ${mode}${gc ? `, ${gcWords(gc)}` : ""}`,
    new Date(taken).toISOString().replace("T", " ").slice(0, 16).concat(" UTC"),
  ];
  const said = [
    ...facts.slice(1, 2).map((fact) => `${fact}. A function counts what profiled functions that it calls took.`),
    ...`${renderWaiting(profile)}${renderFreed(profile)}${renderCost(profile)}`.split("\n").filter(Boolean),
    ...notes,
  ];
  if (isCut)
    said.push(`Of lines that are longer than ${MOST_TEXT} characters the rest is left out; the profile has it.`);
  return {
    facts,
    notes: said,
    root,
    metrics: shownMetrics(metrics, functions),
    functions,
    interval: profile.history?.interval,
    leaks: tellLeaks(profile),
    timeLine: recording && timeLineOf(recording, functions),
  };
}

/** Those of the profile, as far as a function has them. */
function shownMetrics(metrics: readonly string[], functions: readonly PageFunction[]): string[] {
  const own = metrics.filter((metric) => functions.some(({ figures }) => figures[metric]));
  return own.length > 0 ? own : metrics.slice(0, 1);
}

/** Undefined for a listing without figures. */
function functionOf(listing: ListingProfile, profile: Profile): PageFunction | undefined {
  const { name, file, first, calls, options, superseded, time, rows } = listing;
  const measured = rows.flatMap(({ data }, index) => (data ? { data, index } : []));
  if (measured.length === 0) return undefined;
  const names = new Set(measured.flatMap(({ data }) => Object.keys(data.figures)));
  return {
    name,
    file,
    first,
    calls,
    decimals: options.precision ?? profile.precision,
    ...(superseded && { isSuperseded: true }),
    ...(time && { time }),
    texts: rows.map(({ text }) => shorten(text)),
    lines: measured.map(({ index }) => index),
    occurrences: measured.map(({ data }) => data.occurrences),
    ...(time && { times: measured.map(({ data }) => (data.time === undefined ? null : rounded(data.time))) }),
    ...(rows.some(({ survivors }) => survivors) && {
      alive: measured.map(({ index }) => rows[index]!.survivors?.alive ?? null),
    }),
    estimated: measured.filter(({ data }) => data.estimated || data.shared).map(({ index }) => index),
    figures: Object.fromEntries([...names].map((metric) => [metric, figuresIn(listing, metric, measured)])),
  };
}

function figuresIn(listing: ListingProfile, metric: string, measured: readonly { index: number }[]): PageFigures {
  const all = measured.map(({ index }) => figuresOf(listing.rows[index]!, metric));
  const part = (name: "waiting" | "awaited") => {
    const values = measured.map(({ index }) => listing.rows[index]!.data?.figures[metric]?.[name] ?? 0);
    return values.some((each) => each !== 0) ? { [name]: values } : {};
  };
  return {
    usage: all.map((each) => each?.usage ?? null),
    increment: all.map((each, at) =>
      each === undefined ? null : each.increment - (measured[at]!.index === 0 ? baselineOf(listing, metric) : 0),
    ),
    ...part("waiting"),
    ...part("awaited"),
    ...selfIn(listing, metric, measured),
    ...freedIn(listing, metric, measured),
    ...historyIn(measured.map(({ index }) => listing.rows[index]!.data?.figures[metric]?.history)),
  };
}

/** Nothing where no row has one. */
function historyIn(histories: readonly (readonly number[] | undefined)[]): Pick<PageFigures, "history"> {
  if (histories.every((each) => each === undefined)) return {};
  const rows = histories.map((pieces = []) => {
    let sum = 0;
    const sums = pieces.map((came) => (sum += came));
    const [low, high] = [Math.min(0, ...sums), Math.max(0, ...sums)];
    const steps = SHAPE.length - 1;
    const shape = sums.map((each) => SHAPE[Math.round((steps * (each - low)) / (high - low))]).join("");
    return { shape: high > low ? shape : null, low: Math.round(low), high: Math.round(high) };
  });
  return {
    history: {
      shapes: rows.map(({ shape }) => shape),
      low: rows.map(({ low }) => low),
      high: rows.map(({ high }) => high),
    },
  };
}

/** Nothing without the option `self`. */
function selfIn(
  { rows }: ListingProfile,
  metric: string,
  measured: readonly { index: number }[],
): Pick<PageFigures, "self"> {
  const own = measured.map(({ index }) => selfOf(rows[index]!, metric));
  return own.every((bytes) => bytes === undefined) ? {} : { self: own.map((bytes) => bytes ?? 0) };
}

/** Nothing where collections were not followed. */
function freedIn(
  listing: ListingProfile,
  metric: string,
  measured: readonly { index: number }[],
): Pick<PageFigures, "allocated" | "freed"> {
  const rows = measured.map(({ index }) => listing.rows[index]!);
  const allocated = rows.map((row) => allocatedOf(row, listing, metric));
  if (allocated.every((bytes) => bytes === undefined)) return {};
  return {
    allocated: allocated.map((bytes) => bytes ?? 0),
    freed: rows.map(({ data }) => data?.figures[metric]?.freed ?? 0),
  };
}

function grouped(count: number): string {
  return String(count).replace(/\B(?=(\d{3})+$)/g, ",");
}

/** To the nanosecond. */
function rounded(ms: number): number {
  return Math.round(ms * 1e6) / 1e6;
}

function shorten(text: string): string {
  return text.length > MOST_TEXT ? `${text.slice(0, MOST_TEXT)}…` : text;
}
