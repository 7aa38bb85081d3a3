/** Many looks at one busy server, some of them killed at random moments: it has to stay what it was. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import { MIB } from "../../contract/units.ts";
import { Target } from "./attach-target.ts";
import { BIN } from "./run-cli.ts";

/** A command that nobody kills takes about so long; kills come at any time of it, and of what it would wait. */
const COMMAND_MS = 2500;
/** What was put in has to be out then. */
const CLEAR_MS = 25_000;
const FUNCTIONS = ["--func", "keep", "--func", "render", "--func", "handle"];

export interface LoopResult {
  /** What went wrong, one sentence each. */
  faults: string[];
  /** Answers of the server in the meantime. */
  answered: number;
  /** MiB, after a collection; what the server keeps by itself is not in it. */
  growth: number;
}

export async function attachOften(folder: string, attaches: number, kills: number): Promise<LoopResult> {
  const target = await Target.start(folder, ["--inspect-port=0", "--expose-gc"]);
  const faults: string[] = [];
  try {
    await runLoad(target, 2000);
    // The first ones compile what the later ones use.
    for (let i = 0; i < 2; i++) await look(target, faults);
    const before = await target.state();
    const heap = await target.heap();
    for (let i = 0; i < attaches && target.wrong.length === 0; i++) await look(target, faults);
    for (let i = 0; i < kills && target.wrong.length === 0; i++) await kill(target, Math.random() * COMMAND_MS, faults);
    await sleep(500);
    const { heapUsed: _, ...now } = await target.state();
    const { heapUsed: __, ...expected } = before;
    if (JSON.stringify(now) !== JSON.stringify(expected))
      faults.push(`the process has changed: ${JSON.stringify(now)}`);
    if (target.child.exitCode !== null) faults.push("the process has ended");
    faults.push(...target.wrong.map((text) => `a wrong answer: ${text}`));
    return { faults, answered: target.answered, growth: ((await target.heap()) - heap) / MIB };
  } catch (error) {
    await sleep(500);
    const { exitCode, signalCode } = target.child;
    return {
      faults: [...faults, `${error}: ${exitCode} ${signalCode} ${target.said().slice(-2000)}`],
      answered: target.answered,
      growth: 0,
    };
  } finally {
    target.end();
  }
}

async function runLoad(target: Target, ms: number): Promise<void> {
  target.startLoad();
  await sleep(ms);
  await target.stopLoad();
}

async function look(target: Target, faults: string[]): Promise<void> {
  target.startLoad();
  const { code, stderr } = await target.attach(...FUNCTIONS, "--for", "300ms");
  await target.stopLoad();
  if (code !== 0) faults.push(`exit code ${code}: ${stderr}`);
  await assertClear(target, faults);
}

async function kill(target: Target, afterMs: number, faults: string[]): Promise<void> {
  target.startLoad();
  const args = [BIN, "attach", String(target.pid), ...FUNCTIONS, "--for", "60s"];
  const command = spawn(process.execPath, args, { stdio: "ignore" });
  await sleep(afterMs);
  command.kill("SIGKILL");
  await once(command, "exit");
  await target.stopLoad();
  await assertClear(target, faults);
}

/** Nothing of ours is there, and no port is open. */
async function assertClear(target: Target, faults: string[]): Promise<void> {
  // What the server leaks would fill its heap in some minutes.
  await target.heap();
  for (let waited = 0; waited < CLEAR_MS; waited += 100) {
    const { names, symbols } = await target.state();
    const isIn = names.length > 0 || symbols.some((symbol) => symbol.includes("mprof"));
    if (!isIn && target.ports().length === 0) return;
    await sleep(100);
  }
  const { names, symbols } = await target.state();
  faults.push(`left behind: ${JSON.stringify({ names, symbols, ports: target.ports() })}`);
}
