/** What `cli/formats/html.ts` puts into a page, and the script of the page reads. Bytes and milliseconds. */
export interface PageData {
  /** How it was measured, in words. */
  facts: string[];
  /** What a reader should know before trusting a number. */
  notes: string[];
  /** The absolute path of the folder that files are relative to; without it no line can be opened in an editor. */
  root?: string | undefined;
  /** What can be chosen; the first is shown. */
  metrics: string[];
  functions: PageFunction[];
  /** Milliseconds of a piece of `PageFigures.history`. */
  interval?: number | undefined;
  /** Of a run whose objects were followed. */
  leaks?: PageLeaks | undefined;
  /** Of a run that was recorded. */
  timeLine?: PageTimeLine | undefined;
}

/** In the words of the terminal: what is said of leaks, those that are shown, and how many more there are. */
export interface PageLeaks {
  says: string;
  leaks: { file: string; line: number; text: string; says: string; held?: string }[];
  left: number;
}

/** Seconds since its first sample, and MiB. */
export interface PageTimeLine {
  duration: number;
  times: number[];
  memory: number[];
  peak: { time: number; memory: number };
  /** Those that ran longest first; so many more are left out. */
  tracks: PageTrack[];
  left: number;
}

/** When a function ran. */
export interface PageTrack {
  name: string;
  /** Of the function in `PageData.functions`; a block, or what is in no row, has none. */
  index?: number;
  calls: number;
  /** Those of `calls` that are only counted, and not in `from` and `to`. */
  counted: number;
  /** In all. */
  seconds: number;
  /** Calls that lie close together are one. */
  from: number[];
  to: number[];
}

/** Columns rather than rows: the names of fields would be most of a page. */
export interface PageFunction {
  name: string;
  file: string;
  first: number;
  calls: number;
  /** Decimals of its figures. */
  decimals: number;
  isSuperseded?: true;
  time?: { self: number; total: number } | undefined;
  /** One for every line from `first` on. */
  texts: string[];
  /** Which of them have figures; the arrays below have one value for each of these. */
  lines: number[];
  occurrences: number[];
  times?: (number | null)[] | undefined;
  /** Objects of the row that are alive, about; where they were followed. */
  alive?: (number | null)[] | undefined;
  /** Those of `lines` that are estimated, or shared with others. */
  estimated: number[];
  figures: Record<string, PageFigures>;
}

export interface PageFigures {
  usage: (number | null)[];
  /** What the tables show, without the reading on entry. */
  increment: (number | null)[];
  /** Parts of it that came while the row waited, as the profile has them; missing where they are nothing. */
  waiting?: number[];
  awaited?: number[];
  /** Of the increment what is not of profiled functions that rows called; with the option `self`. */
  self?: number[];
  /** What rows allocated while they ran, and what collections took; where collections were followed. */
  allocated?: number[];
  freed?: number[];
  /** How the increment came over the run. */
  history?: PageHistory;
}

/** Of each row what it has taken by the end of each piece of time. */
export interface PageHistory {
  /** A figure for each piece, as `SHAPE` has it, from `low` to `high`; null where nothing came, or nobody knows when. */
  shapes: (string | null)[];
  /** The least and the most, or nothing. */
  low: number[];
  high: number[];
}

/** Figures of a shape, the lowest first: one character each, because a page may have a million. */
export const SHAPE = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz+-";
