import type { ListingFigures } from "../../core/build-profile.ts";
import { sheetLength, TALLIES } from "../../core/state.ts";
import { freedStride, THREAD_CELLS } from "../../freed/layout.ts";
import { waitStride } from "../../waiting/record-waits.ts";
import { Buffer } from "../builtins.ts";
import {
  DESCRIPTION,
  type Description,
  FIRST_SEGMENT,
  type Head,
  KEPT_VERSION,
  type KeptListing,
  MAGIC,
  PLACE_AT,
  PLACE_CHECK,
  PLACE_LENGTH,
  PLACE_LINE,
  PLACE_LISTING,
  PLACE_TIME,
  PLACE_USED,
  type Rest,
  SEGMENT_HEADER,
  SLOT_CHECK,
  SLOT_ENDED,
  SLOT_FIGURES,
  SLOT_LENGTH,
  SLOT_LIMIT,
  SLOT_LINE,
  SLOT_LISTING,
  SLOT_LISTINGS,
  SLOT_REST,
  SLOT_SEQUENCE,
  SLOT_TIME,
  SLOT_USED,
  SLOTS,
} from "./format.ts";
import { checkOf, headerCheck } from "./kept-file.ts";

/** What a kept file says. */
export interface Kept {
  head: Head;
  figures: ListingFigures[];
  /** Milliseconds since the epoch: when the figures were written; 0 if none were. */
  written: number;
  hasEnded: boolean;
  /** Where control was, as far as that is known. */
  running?: Place;
  /** Lines that called what ran, as far as they are profiled; in the order in which their functions were first called. */
  open: Place[];
  /** Bytes. */
  heap: { used: number; limit: number };
  rest: Rest;
  /** What is missing, one sentence each. */
  problems: string[];
}

export interface Place {
  file: string;
  name: string;
  line: number;
}

interface Slot {
  header: Float64Array;
  figures: Float64Array;
  rest: Rest;
}

interface Segments {
  descriptions: Description[];
  slots: Slot[];
  /** There is room for figures; some are not whole. */
  hadSlots: boolean;
  isTorn: boolean;
  /** Where what can be read ends, if that is before the end of the file. */
  brokenAt?: number;
}

/** @returns a sentence if this is no kept file, or nothing in it is whole */
export function readKept(bytes: Buffer): Kept | string {
  if (bytes.length < FIRST_SEGMENT || bytes.toString("latin1", 0, MAGIC.length) !== MAGIC)
    return "this is no file of figures that mprof has kept";
  const version = bytes.readDoubleLE(MAGIC.length);
  if (version !== KEPT_VERSION)
    return `the file is of version ${version}, which this mprof (${KEPT_VERSION}) cannot read`;
  const { descriptions, slots, hadSlots, isTorn, brokenAt } = readSegments(bytes);
  const head = descriptions.find((each) => each.head)?.head;
  if (head === undefined) return "the file is damaged: what it is about is missing";
  const sorted = slots.sort((a, b) => b.header[SLOT_SEQUENCE]! - a.header[SLOT_SEQUENCE]!);
  const listings = listingsOf(descriptions);
  const problems: string[] = [];
  if (brokenAt !== undefined)
    problems.push(`the file is damaged from byte ${brokenAt} on: these figures may not be the last`);
  const isWritten = sorted[0] !== undefined;
  const newest = sorted[0] ?? { header: new Float64Array(SLOT_LENGTH), figures: new Float64Array(0), rest: {} };
  if (!isWritten && hadSlots) problems.push("the file is damaged: no figures are whole");
  if (isWritten && isTorn) problems.push("the last write is not whole: these are the figures before it");
  const missing = newest.header[SLOT_LISTINGS]! - listings.size;
  if (missing > 0) problems.push(`${missing} functions are missing, because the file is damaged`);
  const { header, rest } = newest;
  const placeOf = (listing: number, line: number): Place[] => {
    const found = listings.get(listing);
    return found && line > 0 ? [{ file: found.file, name: found.name, line }] : [];
  };
  const near = readPlace(bytes);
  const isNear = near !== undefined && near[PLACE_TIME]! >= header[SLOT_TIME]!;
  const running = isNear
    ? placeOf(near[PLACE_LISTING]!, near[PLACE_LINE]!)
    : placeOf(header[SLOT_LISTING]!, header[SLOT_LINE]!);
  return {
    head,
    figures: !isWritten ? [] : [...listings.values()].flatMap((each) => figuresOf(each, newest, problems)),
    written: header[SLOT_TIME]!,
    hasEnded: header[SLOT_ENDED] === 1,
    running: running[0],
    open: (rest.open ?? []).flatMap(([listing, line]) => placeOf(listing, line)),
    heap: { used: isNear ? near[PLACE_USED]! : header[SLOT_USED]!, limit: header[SLOT_LIMIT]! },
    rest,
    problems,
  };
}

function readSegments(bytes: Buffer): Segments {
  const descriptions: Description[] = [];
  const slots: Slot[] = [];
  let hadSlots = false;
  let isTorn = false;
  for (let at = FIRST_SEGMENT; at < bytes.length; ) {
    const header = bytes.subarray(at, at + SEGMENT_HEADER);
    if (header.length < SEGMENT_HEADER || header.readUInt32LE(8) !== headerCheck(header))
      return { descriptions, slots, hadSlots, isTorn, brokenAt: at };
    const length = header.readDoubleLE(16);
    if (!(length >= 0)) return { descriptions, slots, hadSlots, isTorn, brokenAt: at };
    const payload = bytes.subarray(at + SEGMENT_HEADER, at + SEGMENT_HEADER + length);
    const kind = header.readUInt32LE(0);
    if (kind === SLOTS) {
      hadSlots = true;
      // The second may end where the file does.
      for (const half of [0, length / 2]) {
        const slot = readSlot(payload.subarray(half, half + length / 2));
        if (slot === "torn") isTorn = true;
        else if (slot !== undefined) slots.push(slot);
      }
    } else if (kind === DESCRIPTION && payload.length === length && checkOf([payload]) === header.readUInt32LE(4)) {
      descriptions.push(JSON.parse(payload.toString("utf8")));
    } else return { descriptions, slots, hadSlots, isTorn, brokenAt: at };
    at += SEGMENT_HEADER + Math.ceil(length / 8) * 8;
  }
  return { descriptions, slots, hadSlots, isTorn };
}

/** Undefined if nothing was written into it. */
function readSlot(bytes: Buffer): Slot | "torn" | undefined {
  const size = SLOT_LENGTH * Float64Array.BYTES_PER_ELEMENT;
  if (!bytes.some((byte) => byte !== 0)) return undefined;
  if (bytes.length < size) return "torn";
  const header = doublesOf(bytes.subarray(0, size));
  const figures = header[SLOT_FIGURES]! * Float64Array.BYTES_PER_ELEMENT;
  const end = size + figures + header[SLOT_REST]!;
  if (!(header[SLOT_SEQUENCE]! > 0 && figures >= 0 && header[SLOT_REST]! >= 0 && end <= bytes.length)) return "torn";
  const unchecked = Float64Array.from(header);
  unchecked[SLOT_CHECK] = 0;
  const check = checkOf([Buffer.from(unchecked.buffer), bytes.subarray(size, end)]);
  if (check !== header[SLOT_CHECK]) return "torn";
  const rest = bytes.toString("utf8", size + figures, end);
  return { header, figures: doublesOf(bytes.subarray(size, size + figures)), rest: rest ? JSON.parse(rest) : {} };
}

/** A copy, which may stand anywhere in memory. */
function doublesOf(bytes: Buffer): Float64Array {
  const copy = new Uint8Array(bytes);
  return new Float64Array(copy.buffer, 0, Math.floor(copy.length / Float64Array.BYTES_PER_ELEMENT));
}

function readPlace(bytes: Buffer): Float64Array | undefined {
  const size = PLACE_CHECK * Float64Array.BYTES_PER_ELEMENT;
  const place = doublesOf(bytes.subarray(PLACE_AT, PLACE_AT + PLACE_LENGTH * Float64Array.BYTES_PER_ELEMENT));
  return checkOf([bytes.subarray(PLACE_AT, PLACE_AT + size)]) === place[PLACE_CHECK] ? place : undefined;
}

/** By index, as they were described last. */
function listingsOf(descriptions: readonly Description[]): Map<number, KeptListing> {
  const listings = new Map<number, KeptListing>();
  for (const listing of descriptions.flatMap((each) => each.listings ?? [])) {
    const lines = listing.lines ?? listings.get(listing.index)?.lines;
    listings.set(listing.index, { ...listing, lines });
  }
  return new Map([...listings].sort(([a], [b]) => a - b));
}

function figuresOf(listing: KeptListing, { figures, rest }: Slot, problems: string[]): ListingFigures[] {
  const { index, file, name, first, lines = [], options, superseded = false, metrics, isSilent } = listing;
  if (isSilent) return [];
  const length = sheetLength(lines.length, metrics.length);
  const part = (at: number, size: number) => (at + size <= figures.length ? figures.slice(at, at + size) : undefined);
  const sheets = listing.sheets.map((at) => part(at, length));
  const tallies = part(listing.tallies, TALLIES);
  if (tallies === undefined || !sheets.every((sheet) => sheet !== undefined)) {
    // It was described, and the program ended before it was written.
    problems.push(`nothing is known yet of ${name} (${file}:${first})`);
    return [];
  }
  addOpen(listing, sheets, rest);
  const estimates = (rest.estimates ?? []).flatMap(([of, rows]) => (of === index ? rows : []));
  const rows = listing.times?.rows.map((at) => part(at, lines.length)) ?? [];
  const times =
    listing.times && rows.every((each) => each !== undefined)
      ? { rows, callees: part(listing.times.callees, 1) }
      : undefined;
  const M = metrics.length;
  const cells = listing.waits?.cells.map((at) => part(at, lines.length * waitStride(M))) ?? [];
  const nobody = listing.waits?.nobody === undefined ? undefined : part(listing.waits.nobody, M);
  const hasSelf = listing.waits?.hasSelf;
  const waits = cells.every((each) => each !== undefined)
    ? { cells, ...(nobody && { nobody }), ...(hasSelf && { hasSelf }) }
    : undefined;
  const table = { name, first, lines };
  const taken = listing.freed?.cells.map((at) => part(at, lines.length * freedStride(M))) ?? [];
  const ofThread = listing.freed?.ofThread === undefined ? undefined : part(listing.freed.ofThread, THREAD_CELLS);
  const freed =
    listing.freed && taken.every((each) => each !== undefined)
      ? { cells: taken, ...(ofThread && { ofThread }) }
      : undefined;
  return [{ file, table, options, superseded, metrics, sheets, tallies, times, estimates, waits, freed }];
}

/** Charges that had not ended. */
function addOpen({ index, first, metrics }: KeptListing, sheets: readonly Float64Array[], { open = [] }: Rest): void {
  const [sheet] = sheets;
  const M = metrics.length;
  for (const [listing, line, increments, readings] of open) {
    if (listing !== index || sheet === undefined) continue;
    const row = 1 + M + (line - first) * (1 + 2 * M);
    if (row + 2 * M >= sheet.length || row < 1) continue;
    for (let m = 0; m < M; m++) {
      sheet[row + 1 + 2 * m]! += increments[m]!;
      sheet[row + 2 + 2 * m] = Math.max(sheet[row + 2 + 2 * m]!, readings[m]!);
    }
  }
}
