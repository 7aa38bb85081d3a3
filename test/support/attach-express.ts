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
/** After so long V8 has optimised again what it had, on a server that is not starved. */
const SETTLING_MS = 2000;
/** The line that leaks. */
const LEAK = "this.all.push(";

/** @returns the folder whose `node_modules` has it, or `null` */
export function fetchExpress(): string | null {
  return fetchPackage("express", EXPRESS);
}

/** What happens when, in the order of time. */
export type Phase = "before" | "coming" | "picking" | "going in" | "settling" | "looking" | "going out" | "after";

export interface ExpressOptions {
  /** Whose `node_modules` has Express. */
  packages: string;
  /** The Node of the servers. */
  node: string;
  /** Flags of the command. */
  flags: string[];
  /** How many times in a row. */
  looks: number;
  /** Milliseconds: until the servers have their speed, and before and after each command. */
  warmUp: number;
  around: number;
  slice: number;
}

/** One command. */
export interface Look {
  code: number;
  stdout: string;
  stderr: string;
  /** Of the whole of it. */
  seconds: number;
  /** The row that has taken most of the function that leaks, as `src/x.ts:7`, with its text; whether it is the one that leaks. */
  line: string;
  isLeak: boolean;
}

/** A pair of slices: what the server did, in shares of what the other one did just before. */
export interface Share {
  phase: Phase;
  /** Of which look: what comes before the first is 0. */
  look: number;
  /** Requests a second. */
  rate: number;
  /** CPU time of the main thread for a request. */
  cost: number;
}

export interface ExpressResult {
  looks: Look[];
  shares: Share[];
  answered: number;
  wrong: string[];
  /** Of the server. */
  ended: number | null;
}

/** When a phase began, by the clock of the day. */
interface Mark {
  phase: Phase;
  look: number;
  at: number;
}

export async function attachToExpress(folder: string, options: ExpressOptions): Promise<ExpressResult> {
  const { packages, node, warmUp, around, slice } = options;
  const outfile = join(folder, "dist/server.mjs");
  cpSync(SOURCES, join(folder, "src"), { recursive: true });
  build(join(folder, "src/server.ts"), outfile);
  symlinkSync(join(packages, "node_modules"), join(folder, "node_modules"));
  const servers = [await start(node, outfile, folder), await start(node, outfile, folder)];
  const [, target] = servers;
  const slices: Slice[] = [];
  const load = fork(EXPRESS_LOAD, [JSON.stringify([servers.map(({ port, pid }) => ({ port, pid })), slice])]);
  load.on("message", (each: Slice) => void slices.push(each));
  try {
    await sleep(warmUp);
    const marks: Mark[] = [{ phase: "before", look: 0, at: Date.now() }];
    await sleep(around);
    const looks: Look[] = [];
    for (let look = 0; look < options.looks; look++) {
      const flags = [String(target!.pid), ...options.flags];
      looks.push(await attach(flags, folder, (phase) => void marks.push({ phase, look, at: Date.now() })));
      await sleep(around);
    }
    const answered = slices.reduce((sum, slice) => sum + slice.answered, 0);
    const wrong = slices.flatMap((slice) => slice.wrong);
    return { looks, shares: sharesOf(slices, marks), answered, wrong, ended: target!.child.exitCode };
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

/** @param mark that a phase begins, by what the command says */
async function attach(flags: string[], cwd: string, mark: (phase: Phase) => void): Promise<Look> {
  const began = performance.now();
  mark("coming");
  const json = join(cwd, "profile.json");
  const command = spawn(process.execPath, [BIN, "attach", ...flags, "--json", json], {
    cwd,
    stdio: ["ignore", "pipe", "pipe"],
  });
  const said = { stdout: "", stderr: "" };
  let settled: NodeJS.Timeout | undefined;
  command.stdout.setEncoding("utf8").on("data", (text: string) => {
    if (said.stdout === "") mark("going out");
    said.stdout += text;
  });
  const awaited = new Map<Phase, RegExp>([
    ["picking", / looks for /],
    ["going in", / MiB by /],
    ["settling", /\), for /],
  ]);
  command.stderr.setEncoding("utf8").on("data", (text: string) => {
    said.stderr += text;
    for (const [phase, words] of awaited) {
      if (!words.test(said.stderr) || !awaited.delete(phase)) continue;
      mark(phase);
      if (phase === "settling") settled = setTimeout(() => mark("looking"), SETTLING_MS);
    }
  });
  const [code] = (await once(command, "close")) as [number];
  clearTimeout(settled);
  mark("after");
  const profile = code === 0 ? (JSON.parse(readFileSync(json, "utf8")) as Profile) : undefined;
  return { code, ...said, seconds: (performance.now() - began) / 1000, ...largestOf(profile) };
}

/** Where the leak is looked at: the largest row of its function. The first row apart: it has what was there before. */
function largestOf(profile: Profile | undefined): Pick<Look, "line" | "isLeak"> {
  const listing = profile?.listings.find(({ rows }) => rows.some(({ text }) => text.trim().startsWith(LEAK)));
  const rows = listing?.rows.slice(1).map(({ line, text, data }) => {
    return { line, text: text.trim(), bytes: data?.figures.heap?.increment ?? 0 };
  });
  const [largest] = rows?.sort((a, b) => b.bytes - a.bytes) ?? [];
  if (!listing || !largest) return { line: "", isLeak: false };
  return { line: `${listing.file}:${largest.line} ${largest.text}`, isLeak: largest.text.startsWith(LEAK) };
}

/** Each slice of the target's beside the one before it, of the other. What is in two phases is in none. */
function sharesOf(slices: readonly Slice[], marks: readonly Mark[]): Share[] {
  const markAt = (time: number) => marks.findLast(({ at }) => at <= time);
  return slices.flatMap((slice, index) => {
    const other = slices[index - 1];
    const mark = markAt(slice.began);
    if (slice.server === 0 || !other || !mark || mark !== markAt(slice.ended)) return [];
    const { phase, look } = mark;
    const cost = slice.cpu / slice.answered / (other.cpu / other.answered);
    return [{ phase, look, rate: rateOf(slice) / rateOf(other), cost }];
  });
}

function rateOf({ answered, began, ended }: Slice): number {
  return answered / (ended - began);
}
