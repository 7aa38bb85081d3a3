/**
 * What following survivors costs an HTTP server under load, and whether its leak is found: plain, and built with the option
 * `survivors` with `startLeaks()`, lines not measured, in turns. `node dist/esm/bench/leaks-server.js [rounds] [seconds]`;
 * `1 300` is five minutes of each. A server on a core of its own answers as many requests a second as its CPU time allows: the
 * ratio is of that. Fails below 0.95, or if three collections have passed and the leak is not found.
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { Agent, get } from "node:http";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";

const REGISTER = createRequire(import.meta.url).resolve("mprof/register");
const LEAST_RATIO = 0.95;
const CONNECTIONS = 8;
const WARM_UP_S = 3;

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

const SERVER = `
import { createServer } from "node:http";
const server = createServer((request, response) => {
  requests++;
  response.setHeader("content-type", "application/json").end(handle(request.url));
});
server.listen(0, () => console.log(JSON.stringify({ port: server.address().port })));
let before;
let warm;
process.stdin.on("data", async (word) => {
  if (String(word).startsWith("begin")) {
    before = process.cpuUsage();
    warm = requests;
    return;
  }
  const { user, system } = process.cpuUsage(before);
  const served = requests - warm;
  console.log(JSON.stringify({ served, cpu: (user + system) / served, ...(await report()) }));
  process.exit();
});
`;
const PLAIN = `${HANDLER}${SERVER}const report = () => ({ collections: 0, leaks: [] });\n`;
const FOLLOWED = `import { leaks, startLeaks, stop } from "mprof";
stop();
startLeaks();
${HANDLER}${SERVER}const report = async () => {
  const { collections, rows } = await leaks();
  return { collections, leaks: rows.map(({ text }) => text) };
};
`;

interface Served {
  served: number;
  /** Microseconds for a request. */
  cpu: number;
  collections: number;
  leaks: string[];
}

async function serve(args: string[], seconds: number): Promise<Served> {
  const env = {
    ...process.env,
    MPROF_COMPILE: JSON.stringify({ survivors: true }),
    MPROF_REPORT: "none",
    MPROF_QUIET: "1",
  };
  const child = spawn(process.execPath, args, { stdio: ["pipe", "pipe", "inherit"], env });
  const lines = createInterface({ input: child.stdout });
  const [line] = (await once(lines, "line")) as [string];
  const { port } = JSON.parse(line) as { port: number };
  await load(port, WARM_UP_S);
  child.stdin.write("begin\n");
  await load(port, seconds);
  const last = once(lines, "line");
  child.stdin.write("end\n");
  const [said] = (await last) as [string];
  await once(child, "close");
  return JSON.parse(said) as Served;
}

async function load(port: number, seconds: number): Promise<void> {
  const agent = new Agent({ keepAlive: true, maxSockets: CONNECTIONS });
  const end = performance.now() + seconds * 1000;
  await Promise.all(Array.from({ length: CONNECTIONS }, () => askUntil(end, port, agent)));
  agent.destroy();
}

async function askUntil(end: number, port: number, agent: Agent): Promise<void> {
  for (let i = 0; performance.now() < end; i++) {
    await new Promise<void>((resolve, reject) => {
      get({ port, agent, path: `/${i % 1000}` }, (response) => {
        response.resume().once("end", resolve);
      }).once("error", reject);
    });
  }
}

function median(values: number[]): number {
  return values.sort((a, b) => a - b)[values.length >> 1]!;
}

const [rounds = 5, seconds = 10] = process.argv.slice(2).map(Number);
const folder = mkdtempSync(join(tmpdir(), "mprof-bench-"));
const ratios: number[] = [];
let isFound = true;
try {
  const [plainFile, followedFile] = [join(folder, "plain.mjs"), join(folder, "followed.mjs")];
  writeFileSync(plainFile, PLAIN);
  writeFileSync(followedFile, FOLLOWED);
  for (let round = 0; round < rounds; round++) {
    const plain = await serve([plainFile], seconds);
    const followed = await serve(["--require", REGISTER, followedFile], seconds);
    const { collections, leaks } = followed;
    ratios.push(plain.cpu / followed.cpu);
    isFound &&= collections < 3 || leaks.includes(LEAK);
    const shown = ({ served, cpu }: Served) => `${served} requests, ${cpu.toFixed(0)} µs of CPU each`;
    console.log(`plain ${shown(plain)}; followed ${shown(followed)}: ${ratios.at(-1)!.toFixed(3)}`);
    console.log(`  after ${collections} full collections: ${leaks.join("  ") || "no leak"}`);
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
const ratio = median(ratios);
console.log(`median ${ratio.toFixed(3)}, Node ${process.version}`);
if (ratio < LEAST_RATIO || !isFound) process.exitCode = 1;
