// npm test: what compiles goes two ways at once, then what measures memory and time goes alone. Arguments are mocha's.
import { spawn } from "node:child_process";
import { readdirSync } from "node:fs";
import { join } from "node:path";

const FOLDER = join("dist", "esm", "test");

/** These measure memory and time, or hold what is shown to it. */
const MEASURED =
  /^(api|cli|heap|reports|runtime)\/|^bundlers\/(dev-server|page|profile-desk|terminal|vite-serve)\.|^(examples|newcomer|depth)\./;
/** Bundlers, frameworks and fresh projects: they share packages that are installed at their first use. */
const PROJECTS = /^(bundlers|compilers|trees)\/|^(linters|programs|recipes|from-memory-profiler|components)\./;

const files = readdirSync(FOLDER, { recursive: true })
  .map((name) => name.replaceAll("\\", "/"))
  .filter((name) => name.endsWith(".test.js"))
  .sort();
const compiled = files.filter((name) => !MEASURED.test(name));
const results = [
  ...(await Promise.all([
    run(
      "what compiles",
      compiled.filter((name) => !PROJECTS.test(name)),
    ),
    run(
      "projects",
      compiled.filter((name) => PROJECTS.test(name)),
    ),
  ])),
  await run(
    "what measures",
    files.filter((name) => MEASURED.test(name)),
  ),
];
const sum = (kind) => results.reduce((total, { said }) => total + countOf(said, kind), 0);
console.log(`\n  ${sum("passing")} passing, ${sum("pending")} pending, ${sum("failing")} failing in all`);
if (results.some(({ status }) => status !== 0)) process.exitCode = 1;

function countOf(said, kind) {
  return Number(new RegExp(`^ +(\\d+) ${kind}\\b`, "m").exec(said)?.[1] ?? 0);
}

/** Says what mocha says when it has ended: two of them speak at a time. */
function run(title, names) {
  const began = performance.now();
  const mocha = [
    "node_modules/mocha/bin/mocha.js",
    ...process.argv.slice(2),
    ...names.map((name) => join(FOLDER, name)),
  ];
  const child = spawn(process.execPath, mocha, { stdio: ["ignore", "pipe", "pipe"] });
  let said = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (piece) => {
      said += piece;
    });
  }
  return new Promise((resolve) => {
    child.on("close", (status) => {
      const minutes = ((performance.now() - began) / 60_000).toFixed(1);
      console.log(`\n# ${title}: ${names.length} files, ${minutes} min\n${said}`);
      resolve({ status, said });
    });
  });
}
