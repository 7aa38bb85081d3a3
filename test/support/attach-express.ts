/**
 * `mprof attach PID --pick` at an Express server under load: TypeScript, one ES module by esbuild with its map, started plainly.
 * Beside it runs the same server, which nobody attaches to, and has the load in turns with it: throughput is in shares of that one's.
 */
import { type ChildProcess, fork, spawn } from "node:child_process";
import { once } from "node:events";
import { cpSync, readFileSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { buildSync } from "esbuild";
import type { Profile } from "../../contract/profile.ts";
import { EXPRESS_LOAD, type LoadedServer, type Slice } from "./express-load.ts";
import { fetchPackage } from "./fetch-package.ts";
import { ROOT } from "./load-fixture.ts";
import { BIN } from "./run-cli.ts";

const SOURCES = join(ROOT, "fixtures/attach/express");
const EXPRESS = "5.1.0";
/** The line that leaks. */
const LEAK = "this.all.push(";

/** @returns the folder whose `node_modules` has it, or `null` */
export function fetchExpress(): string | null {
  return fetchPackage("express", EXPRESS);
}

/** What happens when, in the order of time. */
const PHASES = ["before", "coming", "picking", "going in", "looking", "going out", "after"] as const;
export type Phase = (typeof PHASES)[number];

export interface ExpressOptions {
  /** Whose `node_modules` has Express. */
  packages: string;
  /** The Node of the servers. */
  node: string;
  /** Flags of the command. */
  flags: string[];
  /** Milliseconds: until the servers have their speed, and before and after the command. */
  warmUp: number;
  around: number;
  slice: number;
}

export interface ExpressResult {
  code: number;
  stdout: string;
  stderr: string;
  /** Of the whole command. */
  seconds: number;
  /** The row that has taken most of the function that leaks, as `src/x.ts:7`, with its text; whether it is the one that leaks. */
  line: string;
  isLeak: boolean;
  /** By phase, for each pair of slices: requests a second, and CPU time a request, in shares of the other server's. */
  rates: Record<Phase, number[]>;
  costs: Record<Phase, number[]>;
  answered: number;
  wrong: string[];
  /** Of the server. */
  ended: number | null;
}

export async function attachToExpress(folder: string, options: ExpressOptions): Promise<ExpressResult> {
  const { packages, node, flags, warmUp, around, slice } = options;
  const outfile = join(folder, "dist/server.mjs");
  cpSync(SOURCES, join(folder, "src"), { recursive: true });
  build(join(folder, "src/server.ts"), outfile);
  symlinkSync(join(packages, "node_modules"), join(folder, "node_modules"));
  const servers = [await start(node, outfile, folder), await start(node, outfile, folder)];
  const [, target] = servers.map(({ pid }) => pid);
  const slices: Slice[] = [];
  const load = fork(EXPRESS_LOAD, [JSON.stringify([servers.map(({ port, pid }) => ({ port, pid })), slice])]);
  load.on("message", (each: Slice) => void slices.push(each));
  try {
    await sleep(warmUp);
    const began = new Map<Phase, number>([["before", Date.now()]]);
    await sleep(around);
    const json = join(folder, "profile.json");
    const command = await attach(["attach", String(target), ...flags, "--json", json], folder, began);
    await sleep(around);
    const ended = servers[1]!.child.exitCode;
    const profile = command.code === 0 ? (JSON.parse(readFileSync(json, "utf8")) as Profile) : undefined;
    const seconds = (began.get("after")! - began.get("coming")!) / 1000;
    return {
      ...command,
      seconds,
      ...largestOf(profile),
      ...sharesOf(slices, began),
      ended,
    };
  } finally {
    if (load.connected) {
      load.disconnect();
      await once(load, "exit");
    }
    for (const { child } of servers) child.kill("SIGKILL");
  }
}

function build(entry: string, outfile: string): void {
  buildSync({
    ...{ entryPoints: [entry], outfile, bundle: true, packages: "external", platform: "node", format: "esm" },
    ...{ sourcemap: true, logLevel: "warning" },
  });
}

async function start(node: string, file: string, cwd: string): Promise<LoadedServer & { child: ChildProcess }> {
  // The port of the inspector, should it open, is any: several may run on a machine.
  const child = spawn(node, ["--inspect-port=0", file], { cwd, stdio: ["ignore", "pipe", "ignore"] });
  const [text] = await once(child.stdout, "data");
  return { child, pid: child.pid!, port: Number(text) };
}

/** @param began when its phases did, by what it says */
async function attach(
  args: string[],
  cwd: string,
  began: Map<Phase, number>,
): Promise<Pick<ExpressResult, "code" | "stdout" | "stderr">> {
  began.set("coming", Date.now());
  const command = spawn(process.execPath, [BIN, ...args], { cwd, stdio: ["ignore", "pipe", "pipe"] });
  const said = { stdout: "", stderr: "" };
  command.stdout.setEncoding("utf8").on("data", (text: string) => {
    if (said.stdout === "") began.set("going out", Date.now());
    said.stdout += text;
  });
  command.stderr.setEncoding("utf8").on("data", (text: string) => {
    said.stderr += text;
    note("picking", / looks for /);
    note("going in", / MiB by /);
    note("looking", /\), for /);
  });
  const note = (phase: Phase, words: RegExp) => {
    if (!began.has(phase) && words.test(said.stderr)) began.set(phase, Date.now());
  };
  const [code] = (await once(command, "close")) as [number];
  began.set("after", Date.now());
  return { code, ...said };
}

/** Where the leak is looked at: the largest row of its function. The first row apart: it has what was there before. */
function largestOf(profile: Profile | undefined): Pick<ExpressResult, "line" | "isLeak"> {
  const listing = profile?.listings.find(({ rows }) => rows.some(({ text }) => text.trim().startsWith(LEAK)));
  const rows = listing?.rows.slice(1).map(({ line, text, data }) => {
    return { line, text: text.trim(), bytes: data?.figures.heap?.increment ?? 0 };
  });
  const [largest] = rows?.sort((a, b) => b.bytes - a.bytes) ?? [];
  if (!listing || !largest) return { line: "", isLeak: false };
  return { line: `${listing.file}:${largest.line} ${largest.text}`, isLeak: largest.text.startsWith(LEAK) };
}

/** Each slice of the target's beside the one before it, of the other. What is in two phases is in none. */
function sharesOf(
  slices: readonly Slice[],
  began: ReadonlyMap<Phase, number>,
): Pick<ExpressResult, "rates" | "costs" | "answered" | "wrong"> {
  const empty = () => Object.fromEntries(PHASES.map((phase) => [phase, []])) as unknown as Record<Phase, number[]>;
  const [rates, costs] = [empty(), empty()];
  for (const [index, slice] of slices.entries()) {
    const other = slices[index - 1];
    if (slice.server === 0 || !other || slice.began < began.get("before")!) continue;
    const phase = phaseAt(slice.began, began);
    if (phase !== phaseAt(slice.ended, began)) continue;
    rates[phase].push(rateOf(slice) / rateOf(other));
    costs[phase].push(slice.cpu / slice.answered / (other.cpu / other.answered));
  }
  const answered = slices.reduce((sum, slice) => sum + slice.answered, 0);
  return { rates, costs, answered, wrong: slices.flatMap(({ wrong }) => wrong) };
}

function phaseAt(time: number, began: ReadonlyMap<Phase, number>): Phase {
  return PHASES.findLast((phase) => (began.get(phase) ?? Infinity) <= time) ?? "before";
}

function rateOf({ answered, began, ended }: Slice): number {
  return answered / (ended - began);
}
