/**
 * test262 in a process that runs already: a test stands in a function of a script that has been loaded and waits; `mprof attach`'s
 * own planner and agent put probes into it and into the harness, then it is called, and then all is taken out. The agent works in
 * this very process. What probes call is global: the realm of the test gets it as the process's own has it.
 */
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import vm from "node:vm";
import type { Methods } from "../../cli/attach/agent-client.ts";
import { MOST_FUNCTIONS, planProbes, putProbes } from "../../cli/attach/put-probes.ts";
import type { AttachedAgent } from "../../contract/attached.ts";
import { openRunningScript } from "../../plugin/node/running-script.ts";
import { attach } from "../../runtime/node/attached/main.ts";
import type { Variant } from "./read-test.ts";
import { createRealm, type Realm } from "./realm.ts";
import {
  asyncOutcome,
  describe,
  finish,
  ModuleLoader,
  PASS,
  runHarness,
  type Test,
  type TestOutcome,
} from "./run-test.ts";

export const ATTACHED_BACK_END = "attached";

/** A share of the time that nothing uses up: every probe measures. */
const OPTIONS = { backend: "heap", overhead: 1, leaks: false, atMost: 60_000, closes: false };
/** Log points are there for milliseconds at a time, at first about then. */
const FIRST_WINDOW_MS = 10;

export interface AttachedRun {
  outcome: TestOutcome;
  /** Functions of the test, and those of them without a probe. */
  chosen: number;
  leftAlone: number;
}

/** @param isAttached puts probes in before the test is called */
export async function runWaiting(test: Test, variant: Variant, isAttached: boolean): Promise<AttachedRun> {
  const realm = createRealm();
  const run: AttachedRun = { outcome: PASS, chosen: 0, leftAlone: 0 };
  try {
    runHarness(test, realm, null);
    const call = load(test, variant, realm);
    const agent = isAttached ? attach(OPTIONS) : undefined;
    if (isAttached && agent === undefined) throw new Error("one of ours is attached already");
    try {
      if (agent) Object.assign(run, await putInto(agent, test, realm));
      call();
      if (test.header.flags.includes("async")) await finish(realm);
    } finally {
      if (agent) await takeOut(agent);
    }
  } catch (error) {
    return { ...run, outcome: describe(error) };
  }
  return test.header.flags.includes("async") ? { ...run, outcome: asyncOutcome(realm.printed) } : run;
}

/** @returns what runs it */
function load(test: Test, { mode }: Variant, realm: Realm): () => void {
  const strict = mode === "strict" ? '"use strict";\n' : "";
  const modules = new ModuleLoader(test.root, realm, null);
  const script = new vm.Script(`${strict}(function waiting262() { ${test.text}\n})`, {
    filename: join(test.root, test.path),
    importModuleDynamically: ((specifier: string) => modules.importFrom(specifier, test.path)) as never,
  });
  const waiting = script.runInContext(realm.context) as () => void;
  return () => waiting.call(realm.global);
}

async function putInto(agent: AttachedAgent, test: Test, realm: Realm): Promise<Omit<AttachedRun, "outcome">> {
  const known = new Set(Object.getOwnPropertyNames(globalThis));
  const filename = join(test.root, test.path);
  const script = agent.scripts().findLast((each) => each.filename === filename)!;
  const options = { functions: "all" as const, root: test.root };
  const running = openRunningScript({ text: agent.source(script.id), filename, isModule: false, map: null }, options);
  const { functions } = running;
  const chosen = functions.slice(0, MOST_FUNCTIONS);
  const plan = planProbes([{ script, running, functions: chosen }], agent.describe(), true);
  const put = await putProbes({ call: (method, ...args) => callIn(agent, method, args) }, plan);
  if (put.logged.length > 0) await sleep(FIRST_WINDOW_MS);
  for (const name of Object.getOwnPropertyNames(globalThis)) {
    if (known.has(name)) continue;
    Object.defineProperty(realm.global, name, Object.getOwnPropertyDescriptor(globalThis, name)!);
  }
  const { edited, logged } = put;
  return { chosen: functions.length, leftAlone: functions.length - edited.length - logged.length };
}

/** @throws Error if the process is not what it was: what the test said counts no more */
async function takeOut(agent: AttachedAgent): Promise<void> {
  const { waiting } = await agent.leave();
  if (waiting.length > 0) throw new Error("its probes were not taken out");
}

/** As the command calls one in another process. */
async function callIn<M extends keyof Methods>(
  agent: AttachedAgent,
  method: M,
  args: Methods[M]["takes"],
): Promise<Methods[M]["gives"]> {
  return Reflect.apply(agent[method], agent, args);
}
