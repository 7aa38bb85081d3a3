import {
  type ListingProfile,
  PROFILE_FORMAT,
  PROFILE_VERSION,
  type Profile,
  type RowData,
} from "../../contract/profile.ts";

export const BASE_BYTES = 50 * 2 ** 20;

/** One line with its increment in bytes; null for a line without figures. */
export type SampleRow = [text: string, increment: number | null, more?: Partial<RowData>];

/** The first row has the reading on entry in its increment, as the runtime's has. */
export function sampleListing(
  name: string,
  rows: readonly SampleRow[],
  more: Partial<ListingProfile> = {},
): ListingProfile {
  const first = more.first ?? 1;
  let usage = BASE_BYTES;
  return {
    file: "src/app.ts",
    name,
    first,
    last: first + rows.length - 1,
    calls: 1,
    options: {},
    metrics: ["rss"],
    baseline: { rss: BASE_BYTES },
    rows: rows.map(([text, increment, data], index) => {
      if (increment === null) return { line: first + index, text };
      usage += increment;
      const figures = { rss: { usage, increment: increment + (index === 0 ? BASE_BYTES : 0) } };
      return { line: first + index, text, data: { occurrences: 1, figures, ...data } };
    }),
    aside: {},
    ...more,
  };
}

export function sampleProfile(listings: readonly ListingProfile[], more: Partial<Profile> = {}): Profile {
  return {
    format: PROFILE_FORMAT,
    version: PROFILE_VERSION,
    mode: "exact",
    backend: "rss",
    metrics: ["rss"],
    precision: 3,
    gc: false,
    host: { runtime: "node", version: "22.23.3", platform: "linux", pid: 7 },
    started: 1_790_000_000_000,
    taken: 1_790_000_002_500,
    readings: 42,
    listings: [...listings],
    notes: [],
    ...more,
  };
}

/** Rows that took, gave back and did nothing, a line that is estimated, names and texts that formats have to escape. */
export const MIXED: Profile = sampleProfile([
  sampleListing("load", [
    ["// @profile", 0],
    ["export function load(n) {", null],
    ['  const rows = new Array(n).fill(`a,"b"|c`);', 8_003_584, { occurrences: 3 }],
    ["  rows.length = 0; // <b>&amp;", -4_194_305],
    ["  return JSON.parse(text);", 1_048_577, { estimated: { measured: 64, allocated: 2_000_000 }, occurrences: 9000 }],
    ["}", null],
  ]),
  sampleListing(
    'Cache.get; "quoted"\u001b[31m',
    [
      ["get(key) {", 0],
      ["  return this.#map.get(key) ?? this.#make(key);", 123_457, { occurrences: 12 }],
    ],
    { file: "src/with space/cäche#1.ts", first: 40, calls: 12 },
  ),
]);

/** What its rows left behind: bytes. */
export const MIXED_NET = 8_003_584 - 4_194_305 + 1_048_577 + 123_457;
