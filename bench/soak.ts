/**
 * An HTTP server under constant load, all its functions profiled by mode auto, in turns with the same server without mprof:
 * `node dist/esm/bench/soak.js [minutes]`, of each. Prints throughput, memory, and whether every request was counted; exits with 1 if
 * throughput is below 0.9 of plain, or a count is wrong.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { MIB } from "../contract/units.ts";
import { ServerLoad } from "./server-load.ts";

const BIN = fileURLToPath(new URL("../cli/bin.js", import.meta.url));
const TURN_MS = 5000;
const AT_ONCE = 20;
const PAGE = 4096;
const SERVER = `const http = require("node:http");
function parse(url) {
  const query = new URL(url, "http://x").searchParams;
  return { rows: Number(query.get("rows")) };
}
function rowsOf(count) {
  const rows = [];
  for (let i = 0; i < count; i++) {
    rows.push({ id: i, name: "row " + i });
  }
  return rows;
}
function answer(request, response) {
  const { rows } = parse(request.url);
  const body = JSON.stringify(rowsOf(rows));
  response.end(body);
}
const server = http.createServer(answer);
server.listen(0, () => console.log(server.address().port));
process.on("SIGTERM", () => process.exit(0));
`;

interface Server {
  name: string;
  process: ChildProcess;
  pid: number;
  load: ServerLoad;
  /** MiB, at the end of each turn. */
  memory: number[];
}

async function start(name: string, args: string[], cwd: string): Promise<Server> {
  const child = spawn(process.execPath, args, { cwd, stdio: ["ignore", "pipe", "inherit"] });
  const port = await new Promise<number>((resolve) => child.stdout.once("data", (text) => resolve(Number(text))));
  const children = readFileSync(`/proc/${child.pid}/task/${child.pid}/children`, "utf8").trim();
  const pid = children === "" ? child.pid! : Number(children.split(" ")[0]);
  return { name, process: child, pid, load: new ServerLoad(port, () => "/?rows=50", AT_ONCE), memory: [] };
}

async function turn(server: Server): Promise<void> {
  await server.load.turn(TURN_MS);
  const pages = Number(readFileSync(`/proc/${server.pid}/statm`, "utf8").split(" ")[1]);
  server.memory.push((pages * PAGE) / MIB);
}

async function main(minutes: number): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "mprof-soak-"));
  writeFileSync(join(folder, "server.js"), SERVER);
  const json = join(folder, "profile.json");
  const flags = ["--functions", "all", "--mode", "auto", "--json", json, "-o", join(folder, "report.txt")];
  const plain = await start("plain", ["server.js"], folder);
  const profiled = await start("profiled", [BIN, ...flags, "server.js"], folder);
  const turns = Math.max(2, Math.round((minutes * 60_000) / TURN_MS));
  for (let i = 0; i < turns; i++) for (const server of [plain, profiled]) await turn(server);
  const ended = new Promise((resolve) => profiled.process.on("close", resolve));
  plain.process.kill("SIGKILL");
  process.kill(profiled.pid, "SIGTERM");
  await ended;
  for (const server of [plain, profiled]) {
    const { memory } = server;
    const tenth = (part: number) => memory[Math.floor(part * (memory.length - 1))]!.toFixed(1);
    console.log(
      `${server.name}: ${server.load.rate.toFixed(0)} requests a second; MiB at a tenth ${tenth(0.1)}, half ${tenth(0.5)}, end ${tenth(1)}`,
    );
  }
  const { listings } = JSON.parse(readFileSync(json, "utf8"));
  const calls = listings.find(({ name }: { name: string }) => name === "answer").calls;
  const { requests } = profiled.load;
  const share = profiled.load.rate / plain.load.rate;
  console.log(`throughput ${share.toFixed(3)} of plain; ${calls} calls counted of ${requests} requests`);
  rmSync(folder, { recursive: true });
  if (share < 0.9 || calls !== requests) process.exitCode = 1;
}

await main(Number(process.argv[2] ?? 10));
