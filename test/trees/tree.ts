/** A project as its own template makes it today, with this package installed as users install it: no flags. */
import { execFileSync, spawn, spawnSync } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { ROOT } from "../support/load-fixture.ts";
import { type Finished, runProcess } from "../support/run-cli.ts";
import { scratchFolder } from "../support/scratch.ts";

/** Those of the day this was written; `MPROF_TREES=latest` makes the trees of today. */
const TEMPLATES = { "create-vite": "9.3.0", "create-next-app": "16.4.3", "@nestjs/cli": "12.0.8" };
export type Template = keyof typeof TEMPLATES;

/** npm's own cache: what a template needs is fetched once. */
const CACHE = join(ROOT, ".cache/npm");
/** A bundler that ran in this process may have left NODE_ENV=production, with which npm installs no tools. */
const ENV = {
  CI: "1",
  NODE_ENV: "",
  npm_config_cache: CACHE,
  npm_config_prefer_offline: "true",
  NEXT_TELEMETRY_DISABLED: "1",
};

export interface Tree {
  folder: string;
  run(command: string, ...args: string[]): Promise<Finished>;
  read(file: string): string;
  write(file: string, text: string): void;
  /** Puts something else in the place of a text, which has to be there. */
  edit(file: string, from: string | RegExp, to: string): void;
}

/** @returns whether trees can be made here; if not, a line says why, and how they can */
export function canPlant(): boolean {
  const reason = reasonAgainst();
  if (reason !== null) console.log(`  not tested: fresh trees; ${reason}`);
  return reason === null;
}

function reasonAgainst(): string | null {
  if (process.env.MPROF_TEST_ALL !== "1") return "MPROF_TEST_ALL=1 npm test makes them";
  for (const template of Object.keys(TEMPLATES) as Template[]) {
    const { status } = spawnSync("npm", ["view", nameOf(template), "version"], { stdio: "ignore" });
    if (status !== 0) return `the npm registry has no ${nameOf(template)}`;
  }
  return null;
}

function nameOf(template: Template): string {
  return `${template}@${process.env.MPROF_TREES ?? TEMPLATES[template]}`;
}

/** What the template writes as `tree`, with its packages installed, and then this one. */
export async function plant(template: Template, ...args: string[]): Promise<Tree> {
  const parent = scratchFolder();
  const made = await runProcess("npx", ["--yes", nameOf(template), ...args], { cwd: parent, env: ENV });
  if (made.code !== 0) throw new Error(`${nameOf(template)} failed\n${made.stdout}\n${made.stderr}`);
  return openTree(join(parent, "tree"));
}

/** A folder with these files, as `plant` has it. */
export function plantFiles(files: Record<string, string>): Promise<Tree> {
  const folder = scratchFolder();
  const tree = treeAt(folder);
  for (const [name, text] of Object.entries(files)) tree.write(name, text);
  return openTree(folder);
}

async function openTree(folder: string): Promise<Tree> {
  const tree = treeAt(folder);
  for (const args of [["install"], ["install", "-D", tarball()]]) {
    const { code, stdout, stderr } = await tree.run("npm", ...args, "--no-audit", "--no-fund");
    if (code !== 0) throw new Error(`npm ${args.join(" ")} failed\n${stdout}\n${stderr}`);
  }
  return tree;
}

function treeAt(folder: string): Tree {
  const read = (file: string) => readFileSync(join(folder, file), "utf8");
  const write = (file: string, text: string) => {
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    writeFileSync(join(folder, file), text);
  };
  return {
    folder,
    run: (command, ...args) => runProcess(command, args, { cwd: folder, env: ENV }),
    read,
    write,
    edit(file, from, to) {
      const text = read(file);
      const edited = text.replace(from, to);
      if (edited === text) throw new Error(`${file} has no ${from}:\n${text}`);
      write(file, edited);
    },
  };
}

let packed: string | undefined;

function tarball(): string {
  if (packed !== undefined) return packed;
  const folder = scratchFolder();
  const args = ["pack", ROOT, "--json", "--ignore-scripts", "--pack-destination", folder];
  const [{ filename }] = JSON.parse(
    execFileSync("npm", args, { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] }),
  );
  packed = join(folder, filename);
  return packed;
}

/** Runs a server until it has answered, and hands back what it printed after it was told to end. */
export async function askServer(tree: Tree, args: string[], env: Record<string, string>, url: string): Promise<string> {
  const child = spawn(process.execPath, args, { cwd: tree.folder, env: { ...process.env, ...ENV, ...env } });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.on("data", (piece) => {
      output += piece;
    });
  }
  const ended = new Promise((resolve) => child.on("close", resolve));
  try {
    await answered(url, 60_000);
    // What is kept of a program that a signal ends may be as old.
    await new Promise((resolve) => setTimeout(resolve, 1000));
  } finally {
    child.kill("SIGINT");
    await Promise.race([ended, new Promise((resolve) => setTimeout(resolve, 10_000))]);
    child.kill("SIGKILL");
  }
  return output;
}

async function answered(url: string, most: number): Promise<void> {
  const until = Date.now() + most;
  for (;;) {
    try {
      if ((await fetch(url)).ok) return;
    } catch {
      if (Date.now() > until) throw new Error(`${url} did not answer`);
    }
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}
