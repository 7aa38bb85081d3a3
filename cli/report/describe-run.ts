/** What a kept report is, in words and tables. */
import type { Profile } from "../../contract/profile.ts";
import { MIB } from "../../contract/units.ts";
import type { Place } from "../../runtime/node/kept/read-kept.ts";
import type { Reporter } from "../../runtime/reporters/reporter.ts";
import { SUMMARY, wantsSummary } from "../../runtime/reporters/summary.ts";
import { TABLES } from "../../runtime/reporters/tables.ts";
import { withoutCommands } from "../../runtime/reporters/without-commands.ts";
import { harmless } from "../profile/harmless.ts";
import type { KeptRun } from "./read-run.ts";

const MINUTE_MS = 60_000;
/** Part of the heap's limit from which on that is the news. */
const NEAR = 0.9;

/**
 * Lines for standard error: how it ended, how old the figures are, where control was.
 *
 * @param how as `the program was ended by SIGKILL`
 * @param ended milliseconds since the epoch; undefined if that is not known
 */
export function describeEnd({ first, others, problems }: KeptRun, how: string, ended: number | undefined): string {
  const { running, open, heap, written } = first;
  const isLimit = heap.used > NEAR * heap.limit;
  const taking = others.length > 0 ? `; ${others.length + 1} processes and threads took part` : "";
  const lines = [`${how}; these figures are ${ageOf(ended, written)}${taking}`];
  if (running) lines.push(`running then: ${placeOf(running)}${calledFrom(open, running)}`);
  if (isLimit) lines.push(`the heap held ${mib(heap.used)} of its limit of ${mib(heap.limit)}`);
  return withoutCommands([...lines, ...problems].map((line) => `[mprof] ${line}\n`).join(""));
}

/** The tables; near the limit of the heap the largest rows come first. */
export function keptReporter({ first }: KeptRun): Reporter {
  const { summary } = first.head;
  const isLimit = first.heap.used > NEAR * first.heap.limit;
  const parts = (profile: Profile) =>
    isLimit ? [SUMMARY, TABLES] : wantsSummary(profile, summary) ? [TABLES, SUMMARY] : [TABLES];
  return {
    ...TABLES,
    render(profile, options) {
      const shown = harmless(profile);
      return parts(shown)
        .map((part) => part.render(shown, options))
        .join("");
    },
  };
}

function ageOf(ended: number | undefined, written: number): string {
  if (ended === undefined) return `of ${new Date(written).toTimeString().slice(0, 8)}`;
  const age = Math.max(0, ended - written);
  if (age < 1000) return `${Math.round(age)} ms old`;
  return age < MINUTE_MS ? `${(age / 1000).toFixed(1)} s old` : `${Math.round(age / MINUTE_MS)} min old`;
}

function calledFrom(open: readonly Place[], running: Place): string {
  const callers = open.filter(({ file, name }) => file !== running.file || name !== running.name).map(placeOf);
  return callers.length > 0 ? `, in calls from ${callers.join(", ")}` : "";
}

function placeOf({ file, name, line }: Place): string {
  return `${name} (${file}:${line})`;
}

function mib(bytes: number): string {
  return `${(bytes / MIB).toFixed(1)} MiB`;
}
