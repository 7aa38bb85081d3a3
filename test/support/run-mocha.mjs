// What npm test and npm run test:matrix share: which files there are, how a few of them are run, what they took.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { stripVTControlCharacters } from "node:util";
import { argumentsOf } from "./lane-reporter.cjs";

const FOLDER = join("dist", "esm", "test");

/** Memory, time or a page is measured: one file at a time, and nothing beside it. */
const ALONE = [
  /^(api|heap)\//,
  /^cli\/(attach-express|attach-lines|kills|live|plot|push-running|recording|sampling|stays)\./,
  /^runtime\/(?!(copies|exit|freed|hidden-globals|noise|summary)\.)/,
  /^reports\/(diff|exports|page-parts)\.|^(depth|examples|newcomer)\./,
  /^bundlers\/(dev-server|page|profile-desk|terminal|vite-serve)\./,
];
/** Programs under the command or the hook, and what is read and shown of them: it is the same beside other work. */
const PROGRAMS = /^(cli|reports|runtime)\//;

export const isAlone = (name) => ALONE.some((pattern) => pattern.test(name));
/** What measures is tried again when it fails: the machine does other things, too. */
export const isTriedAgain = (name) => isAlone(name) || PROGRAMS.test(name);

/** Every test's file, built, relative to the folder of the tests. */
export const files = readdirSync(FOLDER, { recursive: true })
  .map((name) => name.replaceAll("\\", "/"))
  .filter((name) => name.endsWith(".test.js"))
  .sort();

/**
 * Says what mocha says as it says it, once `turn` has come; at the end without one. Tests are tried again if all files may be.
 * @param more arguments of mocha
 */
export async function runMocha(
  title,
  names,
  { turn, base = "Spec", more = [], node = process.execPath, env = {} } = {},
) {
  const began = performance.now();
  const mocha = [
    "node_modules/mocha/bin/mocha.js",
    ...argumentsOf(base, names.every(isTriedAgain)),
    ...more,
    ...names.map((name) => join(FOLDER, name)),
  ];
  const colours = process.stdout.isTTY ? { FORCE_COLOR: "1" } : {};
  const child = spawn(node, mocha, { stdio: ["ignore", "pipe", "pipe"], env: { ...colours, ...process.env, ...env } });
  let said = "";
  let isHeard = false;
  const closed = once(child, "close");
  const heard = (turn ?? closed).then(() => {
    isHeard = true;
    process.stdout.write(`\n# ${title}: ${names.length} files\n${said}`);
  });
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (piece) => {
      said += piece;
      if (isHeard) process.stdout.write(piece);
    });
  }
  const [status] = await closed;
  const minutes = (performance.now() - began) / 60_000;
  await heard;
  console.log(`# ${title}: ${minutes.toFixed(1)} min`);
  return { title, status, said: stripVTControlCharacters(said) };
}

/** The slowest files of several runs, longest first. */
export function showSlowest(results) {
  const all = results.flatMap(({ title, said }) =>
    [...said.matchAll(/^ {4}([\d.]+) s (.+)$/gm)].map(([, seconds, name]) => ({
      seconds: Number(seconds),
      name,
      title,
    })),
  );
  console.log("\n  slowest files of all:");
  for (const { seconds, name, title } of all.sort((a, b) => b.seconds - a.seconds).slice(0, 10))
    console.log(`  ${seconds.toFixed(1).padStart(7)} s  ${name} (${title})`);
}
