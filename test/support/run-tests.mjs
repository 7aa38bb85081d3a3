// npm test: what compiles goes two ways at once, then what measures memory and time goes alone. Arguments are mocha's.
import { spawn } from "node:child_process";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { stripVTControlCharacters } from "node:util";
import { argumentsOf } from "./tried-again.cjs";

const FOLDER = join("dist", "esm", "test");

/** These measure memory and time, or hold what is shown to it. */
const MEASURED =
  /^(api|cli|heap|reports|runtime)\/|^bundlers\/(dev-server|page|profile-desk|terminal|vite-serve)\.|^(examples|newcomer|depth)\./;
/** Bundlers, frameworks, versions of TypeScript and fresh projects: they share packages that are installed at their first use. */
const PROJECTS =
  /^(bundlers|compilers|trees|typescript)\/|^(linters|programs|recipes|from-memory-profiler|components)\./;

const files = readdirSync(FOLDER, { recursive: true })
  .map((name) => name.replaceAll("\\", "/"))
  .filter((name) => name.endsWith(".test.js"))
  .sort();
const compiled = files.filter((name) => !MEASURED.test(name));
const first = run(
  "what compiles",
  compiled.filter((name) => !PROJECTS.test(name)),
);
const second = run(
  "projects",
  compiled.filter((name) => PROJECTS.test(name)),
  { turn: first },
);
const results = await Promise.all([first, second]);
results.push(
  await run(
    "what measures",
    files.filter((name) => MEASURED.test(name)),
    { more: argumentsOf("Spec") },
  ),
);
const sum = (kind) => results.reduce((total, { said }) => total + countOf(said, kind), 0);
console.log(`\n  ${sum("passing")} passing, ${sum("pending")} pending, ${sum("failing")} failing in all`);
if (results.some(({ status }) => status !== 0)) process.exitCode = 1;

function countOf(said, kind) {
  return Number(new RegExp(`^ +(\\d+) ${kind}\\b`, "m").exec(stripVTControlCharacters(said))?.[1] ?? 0);
}

/** Says what mocha says as it says it, once `turn` has ended: two of them run at a time. @param more arguments of mocha */
function run(title, names, { turn, more = [] } = {}) {
  const began = performance.now();
  const mocha = [
    "node_modules/mocha/bin/mocha.js",
    ...more,
    ...process.argv.slice(2),
    ...names.map((name) => join(FOLDER, name)),
  ];
  const env = process.stdout.isTTY ? { FORCE_COLOR: "1", ...process.env } : process.env;
  const child = spawn(process.execPath, mocha, { stdio: ["ignore", "pipe", "pipe"], env });
  let said = "";
  let isHeard = false;
  const speak = () => {
    isHeard = true;
    process.stdout.write(`\n# ${title}: ${names.length} files\n${said}`);
  };
  if (turn) turn.then(speak);
  else speak();
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (piece) => {
      said += piece;
      if (isHeard) process.stdout.write(piece);
    });
  }
  return new Promise((resolve) => {
    child.on("close", async (status) => {
      await turn;
      console.log(`# ${title}: ${((performance.now() - began) / 60_000).toFixed(1)} min`);
      resolve({ status, said });
    });
  });
}
