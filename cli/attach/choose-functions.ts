/** Which functions of which scripts of a process are meant. */
import { dirname, resolve } from "node:path";
import type { LoadedScript } from "../../contract/attached.ts";
import {
  openRunningScript,
  type RunningFunction,
  type RunningScript,
  unmatchedNames,
} from "../../plugin/node/running-script.ts";
import { UsageError } from "../command.ts";
import type { AgentClient } from "./agent-client.ts";

export interface Wanted {
  func: string[];
  file: string[] | undefined;
  /** Their source is to follow what survives. */
  leaks: boolean;
  /** What paths are relative to. */
  root: string;
}

/** A script with functions that are meant. */
export interface ChosenScript {
  script: LoadedScript;
  running: RunningScript;
  functions: readonly RunningFunction[];
}

type SourceMap = Parameters<typeof openRunningScript>[0]["map"];

const INLINE = /^data:application\/json[^,]*?(;base64)?,(.*)$/s;

/** @throws UsageError if there are none, or their lines cannot be shown */
export async function chooseFunctions(agent: AgentClient, wanted: Wanted): Promise<ChosenScript[]> {
  const scripts = (await agent.call("scripts")).filter((script) => isOpen(script, wanted.file));
  const all: ChosenScript[] = [];
  // Those that can have what is meant; where there is nothing, the others are read for names that are near.
  const late: [LoadedScript, string][] = [];
  for (const script of scripts) {
    const text = await agent.call("source", script.id);
    if (mayHave(text, wanted.func)) all.push(await open(agent, script, text, wanted));
    else late.push([script, text]);
  }
  const chosen = all.filter(({ running }) => running.functions.length > 0);
  for (const { script, running } of all) checkText(script, running);
  if (chosen.length > 0) return readSources(agent, chosen, wanted.root);
  for (const [script, text] of late) all.push(await open(agent, script, text, wanted));
  throw nothingMatches(all, wanted);
}

function isOpen({ filename }: LoadedScript, file: Wanted["file"]): boolean {
  return !/[\\/]node_modules[\\/]/.test(filename) || (file ?? []).some((glob) => glob.includes("node_modules"));
}

/** Less than this, in bytes, is no growth; nor is so small a share of what grows most: calls that were under way just then. */
const WORTH_BYTES = 64 * 1024;
const WORTH_SHARE = 0.05;

export interface Picked {
  chosen: ChosenScript[];
  /** Largest first, with their bytes. */
  grown: { fn: RunningFunction; bytes: number }[];
  /** Called by those. */
  called: RunningFunction[];
}

/**
 * The functions that made most of what is alive after a while. Where that leaves room, those that they call, too: what V8 has
 * inlined makes things in the name of its caller.
 *
 * @param time how long that is, in milliseconds
 * @param wait until it is over
 * @throws UsageError if there are none
 */
export async function pickFunctions(
  agent: AgentClient,
  wanted: Omit<Wanted, "func">,
  count: number,
  time: number,
  wait: (time: number) => Promise<void>,
): Promise<Picked> {
  const scripts = (await agent.call("scripts")).filter((script) => isOpen(script, wanted.file));
  await agent.call("sample", time);
  await agent.call("rest");
  await wait(time);
  const ids = scripts.map(({ id }) => id);
  const places = await agent.call("grown", ids);
  const bytesOf = new Map<RunningFunction, number>();
  const opened: ChosenScript[] = [];
  for (const script of scripts.filter(({ id }) => places.some((each) => each.id === id))) {
    const each = await open(agent, script, await agent.call("source", script.id), wanted);
    checkText(script, each.running);
    opened.push(each);
    for (const { id, place, bytes } of places) {
      const fn = id === script.id ? each.running.functionAt(place) : undefined;
      if (fn) bytesOf.set(fn, (bytesOf.get(fn) ?? 0) + bytes);
    }
  }
  const least = Math.max(WORTH_BYTES, WORTH_SHARE * Math.max(0, ...bytesOf.values()));
  const grown = [...bytesOf]
    .map(([fn, bytes]) => ({ fn, bytes }))
    .filter(({ bytes }) => bytes >= least)
    .sort((a, b) => b.bytes - a.bytes)
    .slice(0, count);
  if (grown.length === 0)
    throw new UsageError(
      "no function of the program's own has made anything that stays",
      "Look for longer: --pick-for 10m.",
    );
  const picked = new Set(grown.map(({ fn }) => fn));
  const called = grown
    .flatMap(({ fn }) => opened.flatMap(({ running }) => (running.functions.includes(fn) ? running.calledIn(fn) : [])))
    .filter((fn, index, all) => !picked.has(fn) && all.indexOf(fn) === index)
    .slice(0, count - grown.length);
  for (const fn of called) picked.add(fn);
  const chosen = opened
    .map((each) => ({ ...each, functions: each.functions.filter((fn) => picked.has(fn)) }))
    .filter(({ functions }) => functions.length > 0);
  return { chosen: await readSources(agent, chosen, wanted.root), grown, called };
}

/** By the longest plain piece of a pattern's last part. */
function mayHave(text: string, patterns: readonly string[]): boolean {
  return patterns.some((pattern) => {
    const pieces = pattern.slice(pattern.lastIndexOf(".") + 1).split("*");
    return text.includes(pieces.reduce((a, b) => (b.length > a.length ? b : a)));
  });
}

async function open(
  agent: AgentClient,
  script: LoadedScript,
  text: string,
  wanted: Omit<Wanted, "func"> & Partial<Wanted>,
): Promise<ChosenScript> {
  const { filename, isModule } = script;
  const map = await readMap(agent, script);
  const { func, file, root, leaks } = wanted;
  const which = func === undefined ? { functions: "all" as const } : { func };
  const options = { ...which, root, survivors: leaks, ...(file && { include: file }) };
  const running = openRunningScript({ text, filename, isModule, map }, options);
  return { script, running, functions: running.functions };
}

/** @returns `null` without one that can be read: rows are those of the script then */
async function readMap(agent: AgentClient, { filename, sourceMapURL }: LoadedScript): Promise<SourceMap> {
  if (sourceMapURL === "") return null;
  try {
    const inline = INLINE.exec(sourceMapURL);
    const path = inline ? filename : resolve(dirname(filename), decodeURIComponent(sourceMapURL));
    const json = inline ? inlineText(inline) : await agent.call("read", path);
    return json === null ? null : { content: JSON.parse(json), path };
  } catch {
    return null;
  }
}

function inlineText([, isBase64, data = ""]: RegExpExecArray): string {
  return isBase64 ? Buffer.from(data, "base64").toString("utf8") : decodeURIComponent(data);
}

function checkText(
  { filename, sourceMapURL }: LoadedScript,
  { functions, isMinified, isProfiled }: RunningScript,
): void {
  if (isProfiled)
    throw new UsageError(
      `${filename} was built with probes: it is profiled already`,
      "Its report comes at its end; mprof live shows how it stands.",
    );
  if (functions.length === 0 || !isMinified) return;
  const missing = sourceMapURL === "" ? "has no source map" : `has a source map that is not there: ${sourceMapURL}`;
  throw new UsageError(
    `${filename} is minified and ${missing}: its lines would say nothing`,
    "Build it with source maps; they may be put beside it now, if it is the same build.",
  );
}

/** Texts that maps only name. */
async function readSources(agent: AgentClient, chosen: ChosenScript[], root: string): Promise<ChosenScript[]> {
  for (const { running } of chosen) {
    for (const path of running.missing()) {
      const text = await agent.call("read", resolve(root, path));
      if (text !== null) running.addContent(path, text);
    }
  }
  return chosen;
}

function nothingMatches(all: readonly ChosenScript[], { func, file }: Wanted): UsageError {
  const unreadable = all.flatMap(({ running }) => running.warnings);
  const names = all.flatMap(({ running }) => running.found);
  const where = "of this process";
  const [first, ...others] = unmatchedNames({ func }, names, { spelled: "--func", where });
  if (first === undefined) {
    const files = file === undefined ? "they are in node_modules, which --file opens" : `none is in ${file.join(", ")}`;
    return new UsageError(
      `no function is left of those that ${func.join(", ")} matches`,
      `Look where they are: ${files}.`,
    );
  }
  const cure =
    unreadable[0]?.message ?? "Functions go by their names in the running code; those of a minified one are short.";
  return new UsageError([first, ...others].join("\n  "), cure);
}

/** As `load (src/load.ts:3)`. */
export function nameOf({ name, file, line }: RunningFunction): string {
  return `${name} (${file}:${line})`;
}
