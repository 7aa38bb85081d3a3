/**
 * What following survivors costs an HTTP server under load, and whether its leak is found with its holder: built with the option
 * `survivors`, with `startLeaks()`, lines not measured, in turns with the same server without mprof, twice: what these differ
 * by is what the machine does.
 * `node dist/esm/bench/leaks-server.js [minutes]`, of each. Then what following takes of the time, by V8's samples, and of memory,
 * by the sizes of what it alone holds. Exits with 1 if throughput is below 0.95 of plain, following takes more than 2 % of the
 * time or 2 MiB, or three collections have passed and the leak is not found.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface, type Interface } from "node:readline";
import { MIB } from "../contract/units.ts";
import type { HeapSnapshot } from "../heap/heap-snapshot.ts";
import { scriptOf } from "../heap/scopes.ts";
import { heldOnlyBy } from "./held-only-by.ts";
import { type CallFrame, shareBelow } from "./sampled-share.ts";
import { ServerLoad } from "./server-load.ts";
import { intervalOfMedian, median } from "./statistics.ts";

const REGISTER = createRequire(import.meta.url).resolve("mprof/register");
const LEAST_RATIO = 0.95;
const MOST_TIME = 0.02;
const MOST_MIB = 2;
const CONNECTIONS = 8;
const TURN_MS = 5000;
/** By then V8 has optimised all of it, and rows have as many samples as they may. */
const COST_TURNS = 4;
/** Requests until a server is at its speed. */
const WARM = 5000;
const OWN = /\/runtime\/(survivors|node\/leaks)\//;

/** What stays, and what is thrown away beside it. */
const HANDLER = `
const products = Array.from({ length: 500 }, (_, id) => ({ id, name: "product " + id, price: (id * 37) % 1000 }));
const seen = new Map();
let requests = 0;

/** @profile */
function handle(url) {
  const id = Number(url.slice(1));
  const visit = { url, at: Date.now(), tags: [id] };
  seen.set(url + ":" + requests, visit);
  const found = products.filter(({ price }) => price > id % 700).slice(0, 40);
  const answer = { id, found, total: found.reduce((sum, { price }) => sum + price, 0) };
  return JSON.stringify(answer);
}
`;
const LEAK = "const visit = { url, at: Date.now(), tags: [id] };";
const HOLDER = "Map entry ← variable seen (followed.mjs:6)";

const SERVER = `
import { createServer } from "node:http";
import { writeHeapSnapshot } from "node:v8";
let cpu;
const server = createServer((request, response) => {
  if (++requests === ${WARM}) cpu = process.cpuUsage();
  response.setHeader("content-type", "application/json").end(handle(request.url));
});
server.listen(0, () => console.log(JSON.stringify({ port: server.address().port })));
process.stdin.once("data", async (line) => {
  const { why, snapshot } = JSON.parse(line);
  const { user, system } = process.cpuUsage(cpu);
  const told = await report(why);
  if (snapshot) writeHeapSnapshot(snapshot);
  console.log(JSON.stringify({ cpu: (user + system) / (requests - ${WARM}), ...told }));
  process.exit();
});
`;
const PLAIN = `${HANDLER}${SERVER}const report = () => ({ collections: 0, leaks: [] });\n`;
const FOLLOWED = `import { leaks, startLeaks, stop } from "mprof";
stop();
startLeaks();
${HANDLER}${SERVER}const report = async (why) => {
  const { collections, rows } = await leaks({ why });
  return { collections, leaks: rows.map(({ text, leak }) => ({ text, held: leak.holders?.join(" ← ") })) };
};
`;

/** What a server is asked at its end: who holds what leaks, and to write a snapshot. */
interface Asked {
  why?: boolean;
  snapshot?: string;
}

/** What it says. */
interface Told {
  /** Microseconds for a request, when it has come to its speed. */
  cpu: number;
  collections: number;
  leaks: { text: string; held?: string }[];
}

interface Server {
  process: ChildProcess;
  lines: Interface;
  load: ServerLoad;
  /** Requests a second, of each turn. */
  rates: number[];
}

async function start(args: string[], cwd: string): Promise<Server> {
  const env = {
    ...process.env,
    MPROF_COMPILE: JSON.stringify({ survivors: true }),
    MPROF_REPORT: "none",
    MPROF_QUIET: "1",
  };
  const child = spawn(process.execPath, args, { stdio: ["pipe", "pipe", "inherit"], env, cwd });
  const lines = createInterface({ input: child.stdout });
  const [line] = (await once(lines, "line")) as [string];
  const { port } = JSON.parse(line) as { port: number };
  return { process: child, lines, load: new ServerLoad(port, (i) => `/${i % 1000}`, CONNECTIONS), rates: [] };
}

async function turn({ load, rates }: Server): Promise<void> {
  const { requests, ms } = load;
  await load.turn(TURN_MS);
  rates.push((1000 * (load.requests - requests)) / (load.ms - ms));
}

async function end({ process: child, lines, load }: Server, asked: Asked): Promise<Told> {
  const said = once(lines, "line");
  child.stdin!.write(`${JSON.stringify(asked)}\n`);
  const [line] = (await said) as [string];
  load.close();
  await once(child, "close");
  return JSON.parse(line);
}

/** A server of its own, because samples take of its speed. */
async function timeShare(args: string[], folder: string): Promise<number> {
  const server = await start(["--cpu-prof", "--cpu-prof-interval=250", "--cpu-prof-dir=cpu", ...args], folder);
  for (let i = 0; i < COST_TURNS; i++) await turn(server);
  await end(server, {});
  const [file] = readdirSync(join(folder, "cpu"));
  const follows = ({ url, functionName }: CallFrame) => OWN.test(url) || /^__mp_[kf]$/.test(functionName);
  return shareBelow(
    JSON.parse(readFileSync(join(folder, "cpu", file!), "utf8")),
    follows,
    ({ functionName }) => functionName === "handle",
  );
}

/** Another, whose heap is small enough for a snapshot that can be taken apart. @returns bytes */
async function memoryHeld(args: string[], folder: string): Promise<number> {
  const server = await start(args, folder);
  await turn(server);
  const snapshot = join(folder, "a.heapsnapshot");
  await end(server, { snapshot });
  return heldOnlyBy(snapshot, follows);
}

function follows(snapshot: HeapSnapshot, node: number): boolean {
  const type = snapshot.typeOf(node);
  if (type === "object") return snapshot.nameOf(node) === "Survivors";
  return type === "closure" && OWN.test(scriptOf(snapshot, node) ?? "");
}

async function main(minutes: number, folder: string): Promise<void> {
  writeFileSync(join(folder, "plain.mjs"), PLAIN);
  writeFileSync(join(folder, "followed.mjs"), FOLLOWED);
  const args = ["--require", REGISTER, "followed.mjs"];
  const servers = [
    await start(["plain.mjs"], folder),
    await start(args, folder),
    await start(["plain.mjs"], folder),
  ] as const;
  const turns = Math.max(3, Math.round((minutes * 60_000) / TURN_MS));
  for (const server of servers) await turn(server);
  for (const { load, rates } of servers) {
    load.ms = 0;
    load.requests = 0;
    rates.length = 0;
  }
  // Who comes first changes, as what else the machine does may.
  for (let i = 0; i < turns; i++) for (const server of i % 2 === 0 ? servers : servers.toReversed()) await turn(server);
  const [plain, followed, again] = servers;
  const ends = [await end(plain, {}), await end(followed, { why: true }), await end(again, {})] as const;
  const { collections, leaks } = ends[1];
  const ratio = (2 * followed.load.rate) / (plain.load.rate + again.load.rate);
  const byCpu = (ends[0].cpu + ends[2].cpu) / (2 * ends[1].cpu);
  const pairs = followed.rates.map((rate, i) => (2 * rate) / (plain.rates[i]! + again.rates[i]!));
  const thirds = [0, 1, 2].map((i) => median(pairs.slice((i * turns) / 3, ((i + 1) * turns) / 3)).toFixed(3));
  const interval = intervalOfMedian(pairs).map((each) => each.toFixed(3));
  const machine = median(plain.rates.map((rate, i) => rate / again.rates[i]!));
  for (const [i, name] of ["plain", "followed", "plain again"].entries()) {
    const { requests, rate } = servers[i]!.load;
    console.log(
      `${name}: ${requests} requests, ${rate.toFixed(0)} a second, ${ends[i]!.cpu.toFixed(0)} µs of CPU each`,
    );
  }
  console.log(
    `throughput ${ratio.toFixed(3)} of plain, by CPU time ${byCpu.toFixed(3)}; median of ${turns} turns ${median(pairs).toFixed(3)}, 95 % interval ${interval.join(" to ")}, by thirds of the time ${thirds.join(" ")}; plain of plain again ${machine.toFixed(3)}`,
  );
  console.log(`after ${collections} full collections: ${leaks.length === 0 ? "no leak" : ""}`);
  for (const { text, held } of leaks) console.log(`  ${text}\n    held by ${held ?? "nobody knows"}`);
  const isFound = collections < 3 || leaks.some(({ text, held }) => text === LEAK && held === HOLDER);
  const time = await timeShare(args, folder);
  const mib = (await memoryHeld(args, folder)) / MIB;
  console.log(
    `following takes ${(100 * time).toFixed(2)} % of the time and ${mib.toFixed(2)} MiB, Node ${process.version}`,
  );
  if (ratio < LEAST_RATIO || !isFound || time > MOST_TIME || mib > MOST_MIB) process.exitCode = 1;
}

const folder = mkdtempSync(join(tmpdir(), "mprof-bench-"));
try {
  await main(Number(process.argv[2] ?? 1), folder);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
