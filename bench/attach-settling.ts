/**
 * What a change of the source costs while it settles: `node dist/esm/bench/attach-settling.js [functions]`, as `place,priceOf`.
 * The functions of the Express fixture without Express, in two files of this process that are the same, in turns of 25 ms: one gets
 * probes and loses them again. Figures are CPU time of this process for a unit of work, in shares of the other file's.
 */
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setImmediate as turn } from "node:timers/promises";
import { pathToFileURL } from "node:url";
import { buildSync } from "esbuild";
import { openRunningScript } from "../plugin/node/running-script.ts";
import { attach } from "../runtime/node/attached/main.ts";
import { worked } from "../runtime/node/worked.ts";
import { ROOT } from "../test/support/load-fixture.ts";
import { median } from "./statistics.ts";

const SOURCES = join(ROOT, "fixtures/attach/express");
const UNIT = `import { Orders } from "./orders.ts";
import { priceOf, productsBelow } from "./products.ts";
let orders = new Orders();
let n = 0;
export function unit(): string {
  if (++n % 20000 === 0) orders = new Orders();
  if (n % 20 > 0) return JSON.stringify(productsBelow(100 + (n % 100) * 9));
  const items = Array.from({ length: 30 }, (_, i) => ({ id: n + i, count: 1 + (i % 3) }));
  return JSON.stringify({ total: orders.place(items, priceOf) });
}
`;
const TURN_MS = 25;
const UNITS = 8;
/** A figure is of so many turns of each. */
const TURNS = 5;
const SETTLING = 8;
const LATER = 20;
const OPTIONS = { backend: "heap", overhead: 0.02, leaks: false, atMost: 60_000, closes: false };

type Unit = () => string;

/** @returns CPU time for a unit */
async function costOf(unit: Unit): Promise<number> {
  const [end, began] = [performance.now() + TURN_MS, worked()];
  let units = 0;
  for (; performance.now() < end; units += UNITS) {
    for (let i = 0; i < UNITS; i++) unit();
    await turn();
  }
  return (worked() - began) / units;
}

async function shares([changed, other]: readonly [Unit, Unit], figures: number): Promise<number[]> {
  const all: number[] = [];
  for (let i = 0; i < figures; i++) {
    const costs: [own: number, others: number] = [0, 0];
    for (let k = 0; k < TURNS; k++) {
      costs[1] += await costOf(other);
      costs[0] += await costOf(changed);
    }
    all.push(costs[0] / costs[1]);
  }
  return all;
}

async function load(folder: string, name: string): Promise<{ filename: string; unit: Unit }> {
  const filename = join(folder, name);
  const stdin = { contents: UNIT, resolveDir: SOURCES, loader: "ts" as const };
  buildSync({ stdin, outfile: filename, bundle: true, format: "esm", platform: "node", sourcemap: true });
  const { unit } = await import(pathToFileURL(filename).href);
  return { filename, unit };
}

function say(when: string, values: readonly number[]): void {
  const [least, most] = [Math.min(...values), Math.max(...values)];
  console.log(`  ${when}: ${median([...values]).toFixed(2)} (${least.toFixed(2)} to ${most.toFixed(2)})`);
}

async function measure(folder: string, functions: string[]): Promise<void> {
  const { filename, unit } = await load(folder, "changed.mjs");
  const units = [unit, (await load(folder, "other.mjs")).unit] as const;
  await shares(units, LATER);
  console.log(`Node ${process.version}, ${functions.join(", ")}`);
  say("before", await shares(units, LATER));
  const agent = attach(OPTIONS)!;
  const { id } = agent.scripts().find((script) => script.filename === filename)!;
  const map = { content: JSON.parse(readFileSync(`${filename}.map`, "utf8")), path: `${filename}.map` };
  const script = { text: agent.source(id), filename, isModule: true, map };
  const { code, parts } = openRunningScript(script, { func: functions, root: SOURCES }).write(() => true);
  const { status, ms } = await agent.edit({ id, source: code, parts, makesFunctions: true });
  agent.rest();
  console.log(`  ${status}, standstill of ${ms.toFixed(0)} ms`);
  say("attached, first 2 s", await shares(units, SETTLING));
  say("attached, later", await shares(units, LATER));
  await agent.leave();
  say("after, first 2 s", await shares(units, SETTLING));
  say("after, later", await shares(units, LATER));
}

const [functions = "place,priceOf,productsBelow"] = process.argv.slice(2);
const folder = mkdtempSync(join(tmpdir(), "mprof-attach-settling-"));
await measure(folder, functions.split(","));
rmSync(folder, { recursive: true });
