/** What is said at the end of a program of what was not profiled, each in one line with its cure. */
import { OPTIONS } from "../../contract/options.ts";
import type { FunctionPlace } from "../../contract/runtime-module.ts";
import { isOff } from "../../contract/values.ts";
import type { Options } from "../core/options.ts";
import { MOST_SHOWN, shown, unmatchedNames } from "../core/unmatched-names.ts";
import { pathFromRoot } from "../core/worth-reading.ts";
import type { Activity } from "./activity.ts";
import { findMarks } from "./find-marks.ts";

/** Which functions were to be profiled. */
type Selection = Pick<Options, "functions" | "func" | "root">;

/** @returns lines, each with its end; empty if all that was asked for was profiled */
export function lastWord(activity: Activity, options: Selection, env: NodeJS.ProcessEnv, cwd: string): string {
  return linesOf(activity, options, env, cwd)
    .map((line) => `[mprof] ${line}\n`)
    .join("");
}

function linesOf(activity: Activity, options: Selection, env: NodeJS.ProcessEnv, cwd: string): string[] {
  const { name } = OPTIONS.enabled.variable;
  if (isOff(env[name])) return [`nothing was profiled: ${name}=${env[name]} switches mprof off; unset it`];
  // One that was killed could not say what it called.
  if (!activity.hasEnded) return [];
  return [...unmatched(activity, options), ...unprofiled(activity, options, cwd)];
}

/** Names by which options select, and no function has. */
function unmatched({ loaded }: Activity, options: Selection): string[] {
  const names = [...loaded.values()].flatMap((file) => [...file.names, ...file.functions.map(([, name]) => name)]);
  return unmatchedNames(options, names, { spelled: "--func", where: "of the files that ran" });
}

function unprofiled({ loaded, called }: Activity, options: Selection, cwd: string): string[] {
  const isCalled = new Set(called.map(keyOf));
  const asleep = [...loaded.values()].flatMap(({ functions }) =>
    functions.filter((each) => !isCalled.has(keyOf(each))),
  );
  if (called.length > 0) {
    // Of all functions most are called by other programs.
    if (asleep.length === 0 || options.functions === "all") return [];
    return [`without a table, because never called: ${shown(asleep.map(placeOf))}`];
  }
  if (asleep.length > 0)
    return [`nothing was profiled: never called ${asleep.length > 1 ? "were" : "was"} ${shown(asleep.map(placeOf))}`];
  if (options.functions === "all")
    return ["nothing was profiled: no function with a name was seen; files under node_modules are left alone"];
  if (options.func !== undefined) return [];
  if (loaded.size > 0) return ["nothing was profiled: what is said above says why"];
  return [unmarked(options, cwd)];
}

/** No file that was loaded has a mark; others of the project may. */
function unmarked({ root }: Selection, cwd: string): string {
  const found = findMarks(cwd, MOST_SHOWN + 1);
  const marks = found.map(({ file, line }) => `${pathFromRoot(file, root ?? cwd)}:${line}`);
  const what = "nothing was profiled: no file that was loaded has a mark";
  if (marks.length > 0) return `${what}; there are some in ${shown(marks)}: run what loads them`;
  return `${what}; put // @profile above a function, or name some: --func load, --functions all`;
}

function keyOf(place: FunctionPlace): string {
  return JSON.stringify(place);
}

function placeOf([file, name, first]: FunctionPlace): string {
  return `${name} (${file}:${first})`;
}
