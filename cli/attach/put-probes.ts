/**
 * Two ways in. Functions whose calls cannot be put aside get probes in their source: V8 lets it be changed while none of
 * them runs, and be changed back at any time. The others, and all where that cannot be or would take too long, get log points.
 */
import type { AttachedProcess, LoggedFunction } from "../../contract/attached.ts";
import { MIB } from "../../contract/units.ts";
import type { OutlinedFunction, RunningFunction, RunningScript } from "../../plugin/node/running-script.ts";
import { UsageError } from "../command.ts";
import type { AgentClient } from "./agent-client.ts";
import { type ChosenScript, nameOf } from "./choose-functions.ts";
import { type UnseenRows, unseenRows } from "./unseen-rows.ts";

/** Milliseconds for each MiB of the heap, all of which V8 goes through for a change; and besides. */
const PER_MIB = 5;
const AT_LEAST = 40;
/** The process does not stand still for longer unless it may. */
const LONGEST_STANDSTILL = 200;
/** Of Node. */
const LAST_BREAKING = 21;
/** More functions than these are no choice. */
export const MOST_FUNCTIONS = 100;

interface PlannedFunction {
  fn: RunningFunction;
  outlined: OutlinedFunction;
}

/** A script and how its functions are looked at. */
export interface PlannedScript {
  id: string;
  filename: string;
  running: RunningScript;
  edited: PlannedFunction[];
  logged: PlannedFunction[];
}

export interface ProbePlan {
  scripts: PlannedScript[];
  /** Why the source is not changed at all. */
  reason: string | undefined;
  /** Milliseconds for each change of a script. */
  standstill: number;
  /** What is left alone, one sentence each. */
  alone: string[];
}

/** @param force changes the source even where the process then stands still for long. @throws UsageError */
export function planProbes(chosen: readonly ChosenScript[], target: AttachedProcess, force: boolean): ProbePlan {
  const count = chosen.reduce((sum, { functions }) => sum + functions.length, 0);
  if (count > MOST_FUNCTIONS)
    throw new UsageError(`${count} functions match, more than ${MOST_FUNCTIONS}`, "Name fewer, by --func or --file.");
  const standstill = AT_LEAST + (PER_MIB * target.heapUsed) / MIB;
  const reason = reasonFor(target, standstill, force) ?? brokenBy(target, chosen);
  const alone: string[] = [];
  const scripts = chosen.map(({ script: { id, filename }, running, functions: meant }) => {
    const functions = meant.flatMap((fn): PlannedFunction[] => {
      const outlined = running.outline(fn);
      if (outlined === undefined) alone.push(`${nameOf(fn)} is left alone: it cannot have probes`);
      return outlined ? [{ fn, outlined }] : [];
    });
    const isLogged = ({ outlined }: PlannedFunction) => reason !== undefined || outlined.suspends;
    const [logged, edited] = [functions.filter(isLogged), functions.filter((each) => !isLogged(each))];
    return { id, filename, running, edited, logged };
  });
  return { scripts, reason, standstill, alone };
}

function reasonFor({ canEdit, version }: AttachedProcess, standstill: number, force: boolean): string | undefined {
  if (!canEdit) return `Node ${version} lets no source be changed`;
  if (standstill <= LONGEST_STANDSTILL || force) return undefined;
  return `a change of the source would take ${Math.round(standstill)} ms; --force makes it`;
}

/** V8 of Node 20 takes the fields of such a class for its constructor once the source has changed. */
function brokenBy({ version }: AttachedProcess, chosen: readonly ChosenScript[]): string | undefined {
  if (Number.parseInt(version.slice(1), 10) > LAST_BREAKING) return undefined;
  const broken = chosen.find(({ running }) => running.makesClassesOfFields);
  return broken && `a change of the source would break classes that functions of ${broken.script.filename} make`;
}

export interface PutProbes {
  edited: RunningFunction[];
  logged: RunningFunction[];
  /** Of functions with log points. */
  unseen: UnseenRows[];
  /** The longest that the process stood still; milliseconds. */
  longest: number;
}

/** Carries a plan out; what V8 does not change is logged. Adds to `plan.alone`. */
export async function putProbes(agent: Pick<AgentClient, "call">, plan: ProbePlan): Promise<PutProbes> {
  const put: PutProbes = { edited: [], logged: [], unseen: [], longest: 0 };
  const toLog: (PlannedFunction & { id: string })[] = [];
  for (const script of plan.scripts) {
    const isPut = await editScript(agent, script, put);
    const logged = isPut ? script.logged : [...script.logged, ...script.edited];
    toLog.push(...logged.map((each) => ({ ...each, id: script.id })));
  }
  if (toLog.length === 0) await agent.call("rest");
  const found = toLog.length === 0 ? [] : await agent.call("log", toLog.map(loggedFunction));
  toLog.forEach(({ fn, outlined }, index) => {
    const rows = found[index] ?? [];
    if (rows.length === 0) plan.alone.push(`${nameOf(fn)} is left alone: nothing can be set in it`);
    else {
      put.logged.push(fn);
      put.unseen.push(unseenRows(outlined, rows));
    }
  });
  return put;
}

/** @returns false where V8 does not change it */
async function editScript(
  agent: Pick<AgentClient, "call">,
  { id, running, edited }: PlannedScript,
  put: PutProbes,
): Promise<boolean> {
  if (edited.length === 0) return true;
  const functions = new Set(edited.map(({ fn }) => fn));
  const { code: source, parts } = running.write((fn) => functions.has(fn));
  const makesFunctions = edited.some(({ outlined }) => outlined.makesFunctions);
  const { status, ms } = await agent.call("edit", { id, source, parts, makesFunctions });
  put.longest = Math.max(put.longest, ms);
  if (status === "Ok") put.edited.push(...functions);
  return status === "Ok";
}

function loggedFunction({ id, outlined }: PlannedFunction & { id: string }): LoggedFunction {
  const { listing, file, statements } = outlined;
  return { id, file, name: listing.name, first: listing.first, lines: listing.lines, statements };
}
