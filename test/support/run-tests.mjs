// npm test: what compiles and what programs say go one way, projects another, both at once; then what measures goes alone. Arguments are mocha's.
import { files, isAlone, isTriedAgain, runMocha, showSlowest } from "./run-mocha.mjs";

/** Bundlers, frameworks, versions of TypeScript and fresh projects: they share packages that are installed at their first use. */
const PROJECTS =
  /^(bundlers|compilers|trees|typescript)\/|^(linters|programs|recipes|from-memory-profiler|components)\./;

const LANES = {
  "what compiles": (name) => !isTriedAgain(name) && !PROJECTS.test(name),
  "what programs say": (name) => isTriedAgain(name) && !isAlone(name),
  projects: (name) => PROJECTS.test(name) && !isAlone(name),
  "what measures": isAlone,
};

const more = process.argv.slice(2);
const run = (lane, turn) => runMocha(lane, files.filter(LANES[lane]), { turn, more });
const now = Promise.resolve();
const compiled = run("what compiles", now);
const programs = compiled.then(() => run("what programs say", now));
const results = await Promise.all([compiled, programs, run("projects", programs)]);
results.push(await run("what measures", now));

showSlowest(results);
const sum = (kind) => results.reduce((total, { said }) => total + countOf(said, kind), 0);
console.log(`\n  ${sum("passing")} passing, ${sum("pending")} pending, ${sum("failing")} failing in all`);
if (results.some(({ status }) => status !== 0)) process.exitCode = 1;

function countOf(said, kind) {
  return Number(new RegExp(`^ +(\\d+) ${kind}\\b`, "m").exec(said)?.[1] ?? 0);
}
