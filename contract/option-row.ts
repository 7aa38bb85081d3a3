/** What a row of the table of options has (`options.ts`). */
import type { Text, Value } from "./values.ts";

/** Where options are handed over as values. */
export const PLACES = [
  /** Every entry of the compiler. */
  "plugin",
  /** A mark: literals, read while building. */
  "mark",
  /** `configure`, `profile({…})` and `configure({ functions: { f: {…} } })`. */
  "function",
  /** `configure` alone. */
  "configure",
  /** `profile({…})` alone. */
  "profile",
  "memoryUsage",
  "memit",
] as const;
export type Place = (typeof PLACES)[number];

/** The commands that have flags; `profile` is the one without a name. */
export type CommandName =
  | "profile"
  | "run"
  | "attach"
  | "build"
  | "plan"
  | "marks"
  | "plot"
  | "report"
  | "live"
  | "convert"
  | "push"
  | "merge"
  | "diff"
  | "check"
  | "peak"
  | "rm"
  | "clean"
  | "doctor";

/** Words that hold in one place only; where there are none, those of the row do. */
interface Words {
  readonly says?: string;
  readonly default?: string;
}

export interface Standing extends Words {
  readonly takes: Value;
}

/** A flag of a command; its long spelling is the option's name. */
export interface Flag extends Words {
  /** As commander reads it: `-o, --output <file>`. */
  readonly spelling: string;
  /** What follows the flag; without it the flag is given or not. */
  readonly takes?: Text;
  /** Of a flag that may stand alone, `--html [file]`: what it then takes. */
  readonly preset?: string;
  /** What holds where the flag is not given; else the option is undefined. */
  readonly value?: unknown;
  readonly isRepeatable?: true;
  readonly isRequired?: true;
  /** Spellings that say the opposite; help shows the first. */
  readonly opposites?: readonly string[];
  /** Taken, and not worth a line of help: it chooses nothing yet. */
  readonly isHidden?: true;
}

export interface Variable extends Words {
  readonly name: `MPROF${string}`;
  readonly takes: Text;
}

/** The headings of `--help`, in their order. */
export const FLAG_GROUPS = ["Functions", "Measuring", "Output", "Picture", "Program", "Project", "Options"] as const;
export type FlagGroup = (typeof FLAG_GROUPS)[number];

/** An option that is a flag has a heading to stand under. */
export type OptionRow = Row &
  ({ readonly flags?: undefined; readonly group?: undefined } | { readonly flags: Flags; readonly group: FlagGroup });

type Flags = { readonly [command in CommandName]?: Flag };

interface Row extends Words, Partial<Readonly<Record<Place, Standing>>> {
  /** What it is for, in the words of `--help` and docs. */
  readonly says: string;
  /** What holds without it, in words. */
  readonly default?: string;
  readonly variable?: Variable;
}
