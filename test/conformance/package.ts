import { spawnSync } from "node:child_process";
import {
  cpSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import picomatch from "picomatch";
import { packageTypeOf } from "../../plugin/node/host.ts";
import { BACK_ENDS, type CompileJob, countFunctions } from "./compile.ts";

export interface PackageSettings {
  folder: string;
  /** The package's own test command. */
  command: string;
  backEnd: string;
  /** Globs below the folder: what is instrumented. */
  include: string[];
  exclude: string[];
}

const INCLUDE = ["**/*.{js,cjs,mjs}"];
const EXCLUDE = [
  "**/node_modules/**",
  "**/{test,tests,__tests__,spec,bench,benchmark,examples,docs}/**",
  "**/*.{test,spec,config}.*",
  "**/.*",
];

/**
 * A package's own tests on a plain copy, and on one in which every function of its sources is profiled, with the real
 * runtime under it and a source that always says the same.
 *
 * @returns whether both ended alike, with the same counts
 */
export function comparePackage(settings: PackageSettings): boolean {
  const folder = mkdtempSync(join(tmpdir(), "mprof-package-"));
  try {
    const plain = copyPackage(settings.folder, join(folder, "plain"));
    const instrumented = copyPackage(settings.folder, join(folder, "instrumented"));
    const counted = instrumentFiles(instrumented, writeRuntime(folder), settings);
    const seed = writeSeed(folder);
    console.error(`${counted.files} files, ${counted.chosen} functions, ${counted.leftAlone} left alone`);
    const [before, after] = [plain, instrumented].map((copy) => runTests(copy, settings.command, seed));
    console.log(`plain: exit code ${before!.code}; ${shown(before!.counts)}`);
    console.log(`instrumented: exit code ${after!.code}; ${shown(after!.counts)}`);
    const isSame = before!.code === after!.code && before!.counts.join() === after!.counts.join();
    if (!isSame || before!.code !== 0)
      console.log(`${before!.output.slice(-2000)}\n----\n${after!.output.slice(-8000)}`);
    if (!isSame) console.log("the instrumented package differs");
    return isSame;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function copyPackage(from: string, to: string): string {
  cpSync(from, to, {
    recursive: true,
    verbatimSymlinks: true,
    filter: (path) => !/[\\/](node_modules|\.git)$/.test(path),
  });
  const modules = join(from, "node_modules");
  if (existsSync(modules)) symlinkSync(modules, join(to, "node_modules"));
  return to;
}

/** CommonJS and without `node:`, so that both kinds of files, and test runners with module systems of their own, can load it. */
function writeRuntime(folder: string): string {
  const file = join(folder, "runtime.cjs");
  const isFollowing = Boolean(process.env.MPROF_LEAKS);
  const built = join(process.cwd(), isFollowing ? "dist/cjs/runtime/node/index.js" : "dist/cjs/runtime/index.js");
  writeFileSync(
    file,
    `const mprof = require(${JSON.stringify(built)});\n` +
      `mprof.configure({ backend: { name: "constant", read: () => 0 }, report: "none" });\n${isFollowing ? "mprof.startLeaks();\n" : ""}exports.table = mprof.table;\n`,
  );
  return file;
}

/** Tests that draw random numbers draw the same ones in both copies. */
function writeSeed(folder: string): string {
  const file = join(folder, "seed.cjs");
  writeFileSync(file, "let state = 1;\nMath.random = () => (state = (state * 48271) % 0x7fffffff) / 0x7fffffff;\n");
  return file;
}

function shown(counts: readonly string[]): string {
  return counts.slice(-6).join(", ");
}

function instrumentFiles(folder: string, runtimeModule: string, { backEnd, include, exclude }: PackageSettings) {
  const counted = { files: 0, chosen: 0, leftAlone: 0 };
  const isIncluded = picomatch(include.length > 0 ? include : INCLUDE);
  const isExcluded = picomatch([...EXCLUDE, ...exclude]);
  for (const path of filesIn(folder)) {
    if (!isIncluded(path) || isExcluded(path)) continue;
    const text = readFileSync(join(folder, path), "utf8");
    const isModule =
      path.endsWith(".mjs") ||
      /^\s*(import|export)\b/m.test(text) ||
      (!path.endsWith(".cjs") && packageTypeOf(join(folder, path)) === "module");
    const job: CompileJob = {
      text,
      path,
      isModule,
      options: { functions: "all", runtimeModule, runtime: isModule ? "import" : "require", exclude: [] },
    };
    const { code, warnings } = BACK_ENDS[backEnd]!.compile(job);
    for (const { message } of warnings) console.error(message);
    if (code === text) continue;
    writeFileSync(join(folder, path), code);
    const { chosen, leftAlone } = countFunctions(job);
    counted.files++;
    counted.chosen += chosen;
    counted.leftAlone += leftAlone;
  }
  return counted;
}

function filesIn(folder: string, below = ""): string[] {
  return readdirSync(join(folder, below), { withFileTypes: true }).flatMap((entry) => {
    const path = below === "" ? entry.name : `${below}/${entry.name}`;
    if (entry.isDirectory()) return entry.name === "node_modules" ? [] : filesIn(folder, path);
    return entry.isFile() ? [path] : [];
  });
}

function runTests(
  folder: string,
  command: string,
  seed: string,
): { code: number | null; counts: string[]; output: string } {
  const env = { ...process.env, NODE_OPTIONS: `--require ${JSON.stringify(seed)}` };
  const { status, stdout, stderr } = spawnSync(command, {
    cwd: folder,
    env,
    shell: true,
    encoding: "utf8",
    maxBuffer: 1 << 28,
  });
  const output = stdout + stderr;
  return { code: status, counts: countsIn(output), output };
}

/** `12 passing`, `# pass 12`, `Tests: 12 passed, 12 total`, `12 of 12 tests passed`: the figures of a test runner's summary. */
export function countsIn(output: string): string[] {
  const plain = output.replace(new RegExp(`${String.fromCharCode(27)}\\[[\\d;]*m`, "g"), "");
  const counts = [
    ...plain.matchAll(
      /(\d+) (?:tests? )?(run|passing|passed|passes|pending|failing|failed|failures|skipped|total|tests?|assertions?|of \d+ tests)\b/g,
    ),
    ...plain.matchAll(/^(?:#|ℹ) (?:pass|fail|tests|skipped?|todo) +\d+/gm),
  ].map(([found]) => found);
  // Runners of several files at a time print them in the order in which they end.
  return [...new Set(counts)].sort();
}
