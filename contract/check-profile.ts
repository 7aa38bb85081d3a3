/** Whether a document from outside is a profile: each field that a reader shows or counts by has its type. */
import { PROFILE_FORMAT } from "./profile.ts";

type Check = (value: unknown) => boolean;

const isNumber: Check = (value) => typeof value === "number" && Number.isFinite(value);
const isCount: Check = (value) => Number.isInteger(value) && (value as number) >= 0;
const isText: Check = (value) => typeof value === "string";
const isFlag: Check = (value) => typeof value === "boolean";
const optional =
  (check: Check): Check =>
  (value) =>
    value === undefined || check(value);
const listOf =
  (check: Check): Check =>
  (value) =>
    Array.isArray(value) && value.every(check);
const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);
const eachOf =
  (check: Check): Check =>
  (value) =>
    isObject(value) && Object.values(value).every(check);

const FIGURES = {
  usage: isNumber,
  increment: isNumber,
  freed: optional(isNumber),
  self: optional(isNumber),
  waiting: optional(isNumber),
  awaited: optional(isNumber),
  history: optional(listOf(isNumber)),
};
const HISTORY = { interval: isNumber, pieces: isCount };
const ESTIMATED = { measured: isNumber, allocated: isNumber };
const DATA = {
  occurrences: isCount,
  figures: eachOf((value) => problemIn(value, FIGURES, "") === null),
  time: optional(isNumber),
  estimated: optional((value) => problemIn(value, ESTIMATED, "") === null),
  cold: optional(isFlag),
  collections: optional(isCount),
  shared: optional(isFlag),
};
const LEAK = {
  perHour: isNumber,
  bytesPerHour: optional(isNumber),
  key: isText,
  holders: optional(listOf(isText)),
};
const SURVIVORS = {
  made: isCount,
  sampled: isCount,
  alive: isCount,
  age: optional(isNumber),
  bytes: optional(isNumber),
  given: optional(isFlag),
  leak: optional((value) => problemIn(value, LEAK, "") === null),
};
const BETWEEN = { count: isCount, freed: eachOf(isNumber) };
const COLLECTIONS = { count: isCount, between: (value: unknown) => problemIn(value, BETWEEN, "") === null };
const FOLLOWED = { collections: isCount, time: optional(isNumber) };
const ROW = {
  line: isCount,
  text: isText,
  survivors: optional((value) => problemIn(value, SURVIVORS, "") === null),
  data: optional((value) => problemIn(value, DATA, "") === null),
};
const OPTIONS = { precision: optional((value) => isCount(value) && (value as number) <= 20) };
const TIME_OF_FUNCTION = { self: isNumber, total: isNumber };
const LISTING = {
  file: isText,
  name: isText,
  first: isCount,
  last: isCount,
  calls: isCount,
  superseded: optional(isFlag),
  options: (value: unknown) => problemIn(value, OPTIONS, "") === null,
  metrics: optional(listOf(isText)),
  time: optional((value) => problemIn(value, TIME_OF_FUNCTION, "") === null),
  baseline: optional(eachOf(isNumber)),
};
const PROFILE = {
  format: (value: unknown) => value === PROFILE_FORMAT,
  version: isCount,
  backend: isText,
  metrics: (value: unknown) => listOf(isText)(value) && (value as unknown[]).length > 0,
  precision: (value: unknown) => isCount(value) && (value as number) <= 20,
  taken: isNumber,
  readings: isCount,
  notes: listOf(isText),
  nobody: optional(eachOf(isNumber)),
  collections: optional((value) => problemIn(value, COLLECTIONS, "") === null),
  history: optional((value) => problemIn(value, HISTORY, "") === null),
  survivors: optional((value) => problemIn(value, FOLLOWED, "") === null),
};

/** @returns the path of the first field that is not as it should be, as `listings[0].rows[3].line`; null if all are */
export function profileProblem(value: unknown): string | null {
  const problem = problemIn(value, PROFILE, "");
  if (problem !== null) return problem;
  const { listings } = value as { listings?: unknown };
  if (!Array.isArray(listings)) return "listings";
  for (let i = 0; i < listings.length; i++) {
    const found = listingProblem(listings[i], `listings[${i}]`);
    if (found !== null) return found;
  }
  return null;
}

function listingProblem(value: unknown, path: string): string | null {
  const problem = problemIn(value, LISTING, `${path}.`);
  if (problem !== null) return problem;
  const { rows } = value as { rows?: unknown };
  if (!Array.isArray(rows)) return `${path}.rows`;
  for (let i = 0; i < rows.length; i++) {
    const found = problemIn(rows[i], ROW, `${path}.rows[${i}].`);
    if (found !== null) return found;
  }
  return null;
}

function problemIn(value: unknown, checks: Readonly<Record<string, Check>>, path: string): string | null {
  if (!isObject(value)) return path.slice(0, -1) || "profile";
  for (const [name, check] of Object.entries(checks)) if (!check(value[name])) return path + name;
  return null;
}
