/** `mprof attach <process> --func PATTERN`: the lines of functions of a process that runs, which is then as it was. */
import { resolve } from "node:path";
import { setTimeout as after } from "node:timers/promises";
import type { AttachedProcess, LeftBehind } from "../../contract/attached.ts";
import type { FlagsOf } from "../../contract/options.ts";
import type { Profile } from "../../contract/profile.ts";
import { MIB } from "../../contract/units.ts";
import { deliver } from "../../runtime/node/deliver.ts";
import { JSON_REPORTER } from "../../runtime/reporters/json.ts";
import { SUMMARY, wantsSummary } from "../../runtime/reporters/summary.ts";
import { TABLES } from "../../runtime/reporters/tables.ts";
import { withoutCommands } from "../../runtime/reporters/without-commands.ts";
import { type Io, UsageError } from "../command.ts";
import { harmless } from "../profile/harmless.ts";
import { mergeProfiles } from "../profile/merge-profiles.ts";
import { writePage } from "../report/write-page.ts";
import { wantsColor } from "../terminal/wants-color.ts";
import { AgentClient, closeInspector } from "./agent-client.ts";
import { type ChosenScript, chooseFunctions, nameOf, pickFunctions } from "./choose-functions.ts";
import { becauseOf, describePlan } from "./describe-plan.ts";
import { ConnectionLost, Inspector } from "./inspector.ts";
import { notLookedAt } from "./not-looked-at.ts";
import { type OpenInspector, openInspector } from "./open-inspector.ts";
import { nodesStartedBy } from "./proc.ts";
import { type ProbePlan, planProbes, putProbes } from "./put-probes.ts";
import { describeUnseen } from "./unseen-rows.ts";

export type LinesFlags = FlagsOf<"attach">;

/** The heap: the pages of a process that has run for long hardly change. */
const BACKEND = "heap";
const DEFAULT_MS = 30_000;
const DEFAULT_PICK_MS = 120_000;
const DEFAULT_SHARE = 0.02;
/** What the process allows besides, should we be late. */
const GRACE_MS = 5000;
const BEAT_MS = 1000;
/** What was measured is fetched so often, in case the process ends. */
const FETCH_BEATS = 5;

/** @throws UsageError before anything is touched */
export async function showLines(wanted: string, flags: LinesFlags, io: Io): Promise<void> {
  const opened = await openInspector(wanted);
  const inspector = await Inspector.connect(opened.url).catch((error: Error) => {
    throw new UsageError(`the inspector of ${opened.name} takes no client (${error.message})`, "Try again.");
  });
  try {
    const seen = await look(inspector, opened, flags, io);
    if (seen) print(seen.profile, seen.root, flags, io);
  } finally {
    inspector.close();
  }
}

async function look(inspector: Inspector, opened: OpenInspector, flags: LinesFlags, io: Io): Promise<Seen | undefined> {
  const { overhead = DEFAULT_SHARE, for: time = DEFAULT_MS, leaks = false } = flags;
  const options = { backend: BACKEND, overhead, leaks, atMost: time + GRACE_MS, closes: opened.isOurs };
  const agent = await AgentClient.bring(inspector, options);
  opened.isKnown();
  if (agent === undefined) {
    if (opened.isOurs) await closeInspector(inspector, true);
    throw new UsageError(
      `mprof is attached to ${opened.name} already`,
      "Wait for it to end; probes of calls that have not ended go with those.",
    );
  }
  const beating = setInterval(() => agent.call("beat").catch(() => {}), BEAT_MS);
  const visit = new Visit(inspector, agent, opened, flags, io);
  try {
    return await visit.lines(time);
  } catch (error) {
    if (error instanceof ConnectionLost) return visit.lost();
    throw error;
  } finally {
    clearInterval(beating);
    await visit.leave();
  }
}

interface Seen {
  profile: Profile;
  /** The folder that its files are relative to. */
  root: string;
}

/** One look at a process. */
class Visit {
  private readonly inspector: Inspector;
  private readonly agent: AgentClient;
  private readonly opened: OpenInspector;
  private readonly flags: LinesFlags;
  private readonly io: Io;
  private last: Profile | undefined;
  private root = "";

  constructor(inspector: Inspector, agent: AgentClient, opened: OpenInspector, flags: LinesFlags, io: Io) {
    this.inspector = inspector;
    this.agent = agent;
    this.opened = opened;
    this.flags = flags;
    this.io = io;
  }

  async lines(time: number): Promise<Seen | undefined> {
    const { agent, flags } = this;
    const target = await agent.call("describe");
    this.check(target);
    this.root = target.cwd;
    await this.tellOfOthers(target.pid);
    const plan = planProbes(await this.choose(), await agent.call("describe"), flags.force === true);
    if (flags.dryRun) {
      this.io.out(describePlan(plan, this.share));
      return undefined;
    }
    await this.put(plan, target, time);
    await this.wait(time);
    return { profile: await this.fetch(), root: this.root };
  }

  private async choose(): Promise<ChosenScript[]> {
    const { agent, root } = this;
    const { func, file, pick = 0, pickFor = DEFAULT_PICK_MS, leaks = false } = this.flags;
    if (func !== undefined) return chooseFunctions(agent, { func, file, root, leaks });
    this.note(`[mprof] ${this.opened.name}: looks for ${pickFor / 1000} s at what is made and stays`);
    const { chosen, grown, called } = await pickFunctions(agent, { file, root, leaks }, pick, pickFor, (ms) =>
      this.wait(ms),
    );
    this.note(`  ${grown.map(({ fn, bytes }) => `${(bytes / MIB).toFixed(1)} MiB by ${nameOf(fn)}`).join(", ")}`);
    if (called.length > 0) this.note(`  and, called by them: ${called.map(nameOf).join(", ")}`);
    return chosen;
  }

  /** Lines are those of one thread of one process. */
  private async tellOfOthers(pid: number): Promise<void> {
    const workers = await this.inspector.countWorkers();
    const children = this.opened.pid === pid ? nodesStartedBy(pid) : [];
    if (workers + children.length > 0) this.note(`[mprof] ${notLookedAt(workers, children)}`);
  }

  private get share(): number {
    return this.flags.overhead ?? DEFAULT_SHARE;
  }

  /** @throws UsageError */
  private check({ pid, clients = 1 }: AttachedProcess): void {
    const { opened } = this;
    if (opened.pid !== undefined && opened.pid !== pid)
      throw new UsageError(`what answers is process ${pid}, not ${opened.pid}`, "Name the address of its inspector.");
    if (clients > 1)
      throw new UsageError(
        `a debugger is attached to ${opened.name}`,
        "Let it go first: two would disturb each other.",
      );
  }

  private async put(plan: ProbePlan, { version }: AttachedProcess, time: number): Promise<void> {
    const { edited, logged, unseen, longest } = await putProbes(this.agent, plan);
    for (const sentence of plan.alone) this.say(`[mprof] ${sentence}`);
    if (edited.length + logged.length === 0)
      throw new UsageError("none of the functions can be looked at", "Choose others, or a caller.");
    this.note(`[mprof] ${this.opened.name} (Node ${version}), for ${time / 1000} s`);
    if (edited.length > 0)
      this.note(`  by changing their source, which took ${longest.toFixed(0)} ms: ${edited.map(nameOf).join(", ")}`);
    if (logged.length > 0) this.note(`  by log points, ${becauseOf(plan)}: ${logged.map(nameOf).join(", ")}`);
    const without = describeUnseen(unseen);
    if (without !== undefined) this.note(`  ${without}`);
  }

  private async wait(time: number): Promise<void> {
    const stop = new AbortController();
    const end = () => stop.abort();
    for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, end);
    const until = performance.now() + time;
    for (let beat = 1; performance.now() < until && !stop.signal.aborted; beat++) {
      const rest = Math.min(BEAT_MS, until - performance.now());
      await after(rest, undefined, { signal: stop.signal }).catch(() => {});
      if (beat % FETCH_BEATS === 0) await this.fetch();
    }
    for (const signal of ["SIGINT", "SIGTERM"] as const) process.off(signal, end);
  }

  private async fetch(): Promise<Profile> {
    const { profiles, problems } = await this.agent.call("profile");
    const [first, ...others] = profiles.filter(({ listings }, index) => index === 0 || listings.length > 0);
    const profile = others.length > 0 ? mergeProfiles([first!, ...others]) : first!;
    this.last = profile;
    for (const problem of problems) this.say(problem.trimEnd());
    return profile;
  }

  /** @returns what was fetched last. @throws UsageError if that is nothing */
  lost(): Seen {
    const problem = `${this.opened.name} has ended, or the connection to it`;
    if (!this.last?.listings.length) throw new UsageError(problem, "What was put into it takes itself out.");
    const age = Math.round((Date.now() - this.last.taken) / 1000);
    this.say(`[mprof] ${problem}; these figures are ${age} s old`);
    return { profile: this.last, root: this.root };
  }

  async leave(): Promise<void> {
    const left = await this.agent.call("leave").catch((error: unknown): LeftBehind => {
      if (error instanceof ConnectionLost) return { waiting: [], kept: [] };
      throw error;
    });
    for (const file of left.waiting)
      this.say(`[mprof] ${file}: calls have not ended; its probes measure nothing now, and go when those have`);
    for (const file of left.kept)
      this.say(`[mprof] ${file}: functions that were made meanwhile keep their probes, which do nothing`);
  }

  private note(text: string): void {
    if (!this.flags.quiet) this.say(text);
  }

  private say(text: string): void {
    this.io.error(`${withoutCommands(text)}\n`);
  }
}

/** @param root what the files of the profile are relative to */
function print(profile: Profile, root: string, { html, json, color }: LinesFlags, io: Io): void {
  const shown = harmless(profile);
  const parts = wantsSummary(shown, "auto") ? [TABLES, SUMMARY] : [TABLES];
  if (shown.listings.length === 0) io.error("[mprof] none of these functions was called\n");
  io.out(parts.map((part) => part.render(shown, { color: wantsColor(color, io) })).join(""));
  if (json !== undefined)
    deliver(profile, JSON_REPORTER, { kind: "write", path: resolve(io.cwd, json) }, { warn: io.error });
  if (html !== undefined) writePage(profile, html, { root }, io);
}
