/**
 * What `mprof attach` and what it brings into a process say to each other. All of it goes through the inspector as JSON, or
 * is called by name there: raise nothing here alone.
 */
import type { ModuleTable } from "./module-table.ts";
import type { Profile } from "./profile.ts";

/** On the global object of a process, as long as we are in it. */
export const ATTACHED = "mprof.attached";

export interface AttachOptions {
  /** A source name, see `docs/sources.md`. */
  backend: string;
  /** The share of the time that readings may take, 0.02 for 2 %. */
  overhead: number;
  /** Follows what survives of what lines make. */
  leaks: boolean;
  /** All is taken out after so long, whatever we say then; milliseconds. */
  atMost: number;
  /** The inspector was opened for us: it is closed in the end. */
  closes: boolean;
}

/** The process, as it sees itself. */
export interface AttachedProcess {
  pid: number;
  /** Of Node: `v20.20.2`. */
  version: string;
  cwd: string;
  /** Clients of its inspector, us included; undefined where that is not known. */
  clients: number | undefined;
  /** The source of a script can be changed: not in Node 26. */
  canEdit: boolean;
  /** Bytes: V8 goes through all of it for a change. */
  heapUsed: number;
}

/** A script that the process has loaded from a file. */
export interface LoadedScript {
  id: string;
  /** Absolute path. */
  filename: string;
  isModule: boolean;
  /** Characters. */
  length: number;
  /** What its last line says of its source map: relative to the file, or `data:`. */
  sourceMapURL: string;
}

/** A script with probes in it. */
export interface ScriptEdit {
  id: string;
  source: string;
  parts: EditedPart[];
  /** Changed functions make others: those that are alive in the end may still have probes. */
  makesFunctions: boolean;
}

/** What the probes of one source call. */
export interface EditedPart {
  table: ModuleTable;
  /** Names of globals: the module's handle, what follows values, the counters of each listing. */
  names: { module: string; keep: string; counters: string[] };
}

/** A function that is looked at by log points: breakpoints that never stop. */
export interface LoggedFunction {
  /** Of the script. */
  id: string;
  file: string;
  name: string;
  first: number;
  lines: readonly string[];
  statements: { row: number; start: ScriptPlace; end: ScriptPlace }[];
}

/** As the engine counts: from 0. */
export interface ScriptPlace {
  lineNumber: number;
  columnNumber: number;
}

/** A function that made what is alive now. */
export interface GrownFunction {
  /** Of the script. */
  id: string;
  /** Where it begins. */
  place: ScriptPlace;
  /** What it made, and code that is not among the scripts for it. */
  bytes: number;
}

/** `Ok`, or V8's word why it was not changed. */
export interface EditResult {
  status: string;
  /** How long the process stood still for it; milliseconds. */
  ms: number;
}

export interface FetchedFigures {
  profiles: Profile[];
  /** What the runtime had to say. */
  problems: string[];
}

/** How it went when all was taken out. */
export interface LeftBehind {
  /** Files whose probes wait for calls that have not ended: they measure nothing, and go when those have. */
  waiting: string[];
  /** Files with functions made meanwhile that V8 does not change back: they run on, and what they call does nothing. */
  kept: string[];
}

/** What it can be asked for, by method. */
export interface AttachedAgent {
  describe(): AttachedProcess;
  scripts(): LoadedScript[];
  source(id: string): string;
  /** A text file where the process runs; null where it is not. */
  read(path: string): string | null;
  /** Writes probes into a script, none of whose changed functions have running or suspended calls. */
  edit(edit: ScriptEdit): Promise<EditResult>;
  /** Looks at functions by log points. @returns for each the rows that have one */
  log(functions: LoggedFunction[]): Promise<number[][]>;
  /** Begins to sample what is allocated. @param time for how long, in milliseconds */
  sample(time: number): void;
  /** Ends it. @returns by function of these scripts what was made since and is alive after a collection */
  grown(ids: string[]): GrownFunction[];
  /** What is in now stays; the process has its full speed. */
  rest(): void;
  /** We are there still. */
  beat(): void;
  /** What was measured up to now: once no call runs, so that rows of a function have counts of the same calls. */
  profile(): Promise<FetchedFigures>;
  /** Takes all out; the process is as it was. */
  leave(): Promise<LeftBehind>;
}
