import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { ROOT } from "./load-fixture.ts";
import { runProcess } from "./run-cli.ts";

export interface Project {
  folder: string;
  /** Runs ts-patch's compiler. */
  tspc(...args: string[]): ReturnType<typeof runProcess>;
  node(...args: string[]): ReturnType<typeof runProcess>;
  read(name: string): string;
  write(name: string, text: string): void;
  remove(): void;
}

/** Packages that a project finds: links to those of the repository. */
const PACKAGES = ["typescript", "ts-patch", "@types/node", "rollup", "@rollup/plugin-typescript", "tslib"];

export interface ProjectSettings {
  /** Packages that the test changes. */
  copied?: readonly string[];
  /** Folders of packages that take the place of the repository's. */
  packages?: Readonly<Record<string, string>>;
  /** The Node that runs the project's processes. */
  nodePath?: string;
}

/** A project in a temporary folder, with this package, TypeScript and ts-patch installed. */
export function createProject(
  files: Record<string, string>,
  { copied = [], packages = {}, nodePath = process.execPath }: ProjectSettings = {},
): Project {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), "mprof-tsc-")));
  const write = (name: string, text: string) => {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  };
  for (const [name, text] of Object.entries(files)) write(name, text);
  for (const name of [...PACKAGES, "mprof"]) {
    const from = packages[name] ?? (name === "mprof" ? ROOT : join(ROOT, "node_modules", name));
    const to = join(folder, "node_modules", name);
    mkdirSync(dirname(to), { recursive: true });
    if (copied.includes(name)) cpSync(from, to, { recursive: true });
    else symlinkSync(from, to);
  }
  const node = (...args: string[]) => runProcess(nodePath, args, { cwd: folder });
  return {
    folder,
    tspc: (...args) => node("node_modules/ts-patch/bin/tspc.js", ...args),
    node,
    read: (name) => readFileSync(join(folder, name), "utf8"),
    write,
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

/** A copy of a folder under `fixtures/projects`. */
export function copyProject(name: string, settings?: ProjectSettings): Project {
  const project = createProject({}, settings);
  cpSync(join(ROOT, "fixtures/projects", name), project.folder, { recursive: true });
  return project;
}
