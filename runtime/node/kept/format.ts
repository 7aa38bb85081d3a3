/**
 * The file in which figures are kept while a program runs (`docs/reliability.md`). Numbers are little-endian:
 *
 *   bytes 0 … 15   MAGIC, then the version as a double
 *         16 … 63  the position: PLACE_* doubles, written by itself near the limit of the heap
 *         64 …     segments, one behind the other, each from a multiple of 8 on
 *
 * A segment: kind, check of the payload, check of the 16 bytes of this header that are not checks (four bytes each, the last
 * four unused), length of the payload (a double). Kinds:
 *
 *   DESCRIPTION  JSON: `Head` or listings (`KeptListing`); a later one of the same index replaces the earlier
 *   SLOTS        two slots of half the length each, written in turn; the newest whole slot of all is what is known
 *
 * A slot: SLOT_* doubles, the figures (doubles), the rest as JSON (`Rest`). The check has all of these with the check itself 0.
 */
import type { MarkOptions } from "../../../contract/module-table.ts";
import type { AmbiguousJump, Profile } from "../../../contract/profile.ts";
import type { HotRow } from "../../auto/hot-pool.ts";

export const MAGIC = "MPROFKPT";
/** Raised when a field changes its meaning. */
export const KEPT_VERSION = 3;

export const PLACE_AT = 16;
/** Milliseconds since the epoch; the index of the listing and its line; used bytes of the heap; the check of these. */
export const PLACE_TIME = 0;
export const PLACE_LISTING = 1;
export const PLACE_LINE = 2;
export const PLACE_USED = 3;
export const PLACE_CHECK = 4;
export const PLACE_LENGTH = 6;

export const FIRST_SEGMENT = 64;
export const SEGMENT_HEADER = 24;
export const DESCRIPTION = 1;
export const SLOTS = 2;

/** Raised with each write. */
export const SLOT_SEQUENCE = 0;
/** Milliseconds since the epoch. */
export const SLOT_TIME = 1;
/** How many figures follow, and bytes of JSON. */
export const SLOT_FIGURES = 2;
export const SLOT_REST = 3;
/** Listings that have been described. */
export const SLOT_LISTINGS = 4;
/** The listing and the line that ran, -1 and 0 for none. */
export const SLOT_LISTING = 5;
export const SLOT_LINE = 6;
/** Bytes: the used heap, and its limit. */
export const SLOT_USED = 7;
export const SLOT_LIMIT = 8;
/** 1 once the process has come to its end in a way that it could notice, and its report is written or is another's. */
export const SLOT_ENDED = 9;
export const SLOT_CHECK = 10;
export const SLOT_LENGTH = 16;

/** What holds for all figures of a file. */
export interface Head {
  /** A profile without listings. */
  profile: Profile;
  cwd: string;
  /** Of the program, its script first. */
  args: string[];
  /** Of the process: the file's name has that of whoever named it. */
  pid: number;
  /** Where the report was to go. */
  output?: string;
  json?: string;
  summary?: string;
}

export interface KeptListing {
  index: number;
  file: string;
  name: string;
  first: number;
  /** Left out where an earlier one of the same index has them. */
  lines?: string[];
  options: MarkOptions;
  superseded?: true;
  metrics: string[];
  /** No report of it is due. */
  isSilent?: true;
  /** Where its sheets and its tallies begin among the figures. */
  sheets: number[];
  tallies: number;
  /** With the option `time`: where that of each sheet begins, and that of what was called. */
  times?: { rows: number[]; callees: number };
  /** Where what came while it waited begins: beside each sheet; that of nobody, of one listing of each source; and with the option `self` what was its own, in the same cells. */
  waits?: { cells: number[]; nobody?: number; hasSelf?: true };
  /** With the option `freed`: where what collections took begins, beside each sheet; and what holds for the thread. */
  freed?: { cells: number[]; ofThread?: number };
}

export interface Description {
  head?: Head;
  listings?: KeptListing[];
}

export interface Rest {
  /** Charges that have not ended: listing, line, and by metric the increment so far and the reading. */
  open?: [listing: number, line: number, increments: number[], readings: number[]][];
  estimates?: [listing: number, rows: HotRow[]][];
  overhead?: number;
  /** Of lines that are not read each time. */
  readings?: number;
  ambiguous?: AmbiguousJump[];
}
