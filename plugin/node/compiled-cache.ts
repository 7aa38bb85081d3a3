/**
 * Compiled files on disk, by what they were made of: the file's name and text, the options, this Node, this mprof, and every
 * configuration that had a say. Any number of processes may read and write it at a time.
 */
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir, userInfo } from "node:os";
import { dirname, join } from "node:path";
import { crc32 } from "node:zlib";
import { COUNTED_TABLE_VERSION } from "../../contract/module-table.ts";
import { OPTIONS } from "../../contract/options.ts";
import { isOff } from "../../contract/values.ts";
import type { CompiledFile, CompileSettings } from "./compile-file.ts";
import { readManifest } from "./manifest.ts";
import type { ModuleFormat } from "./needs-compiling.ts";
import { START_FOLDER } from "./start-folder.ts";

const DAY_MS = 24 * 60 * 60 * 1000;
/** What nobody asked for in this time is removed. */
const KEPT_DAYS = 14;

export interface Wanted {
  filename: string;
  text: string;
  as: ModuleFormat;
}

interface Entry {
  compiled: CompiledFile | null;
  /** Configurations elsewhere, as they were. */
  besides: [path: string, state: string][];
  /** What it was made of, all of it: the name of its file only says where to look. */
  of: readonly string[];
}

export class CompiledCache {
  /** `null` without a cache. */
  private readonly folder: string | null;
  private readonly made: string;
  /** What configurations look like around a folder. */
  private readonly surroundings = new Map<string, string>();

  constructor(settings: CompileSettings, env: NodeJS.ProcessEnv = process.env) {
    const { root = START_FOLDER } = settings.options;
    this.folder = isOff(env[OPTIONS.cache.variable.name]) ? null : cacheFolder(root);
    const enabled = !isOff(env[OPTIONS.enabled.variable.name]);
    const tsc = env[OPTIONS.tsc.variable.name];
    const time = env[OPTIONS.time.variable.name];
    const leaks = env[OPTIONS.leaks.variable.name];
    // npm gives the files of all versions the same date.
    const version = readManifest(join(__dirname, "..", "..", "..", ".."))?.version;
    const ours = [version, COUNTED_TABLE_VERSION, stateOf(join(__dirname, "compile-file.js"))];
    this.made = JSON.stringify([ours, __dirname, process.version, settings, START_FOLDER, enabled, tsc, time, leaks]);
  }

  /** @returns `null` if the file is Node's own business; `undefined` if it was not compiled yet */
  find(wanted: Wanted): CompiledFile | null | undefined {
    const wantedOf = this.allOf(wanted);
    const path = this.pathOf(wantedOf);
    if (path === null) return undefined;
    try {
      const { of, compiled, besides }: Entry = JSON.parse(readFileSync(path, "utf8"));
      if (wantedOf.some((part, i) => part !== of[i])) return undefined;
      if (besides.some(([file, state]) => stateOf(file) !== state)) return undefined;
      if (Date.now() - statSync(path).mtimeMs > DAY_MS) utimesSync(path, new Date(), new Date());
      return compiled;
    } catch {
      // Not there, or half of it: then it is compiled.
      return undefined;
    }
  }

  /** Where nothing can be written there is no cache, and nothing else is different. */
  keep(wanted: Wanted, compiled: CompiledFile | null): void {
    const of = this.allOf(wanted);
    const path = this.pathOf(of);
    if (path === null || compiled?.error) return;
    const besides = (compiled?.readBesides ?? []).map((file): [string, string] => [file, stateOf(file)]);
    const entry: Entry = { compiled, besides, of };
    const unfinished = `${path}.${process.pid}`;
    try {
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(unfinished, JSON.stringify(entry));
      renameSync(unfinished, path);
    } catch {
      removeIfAllowed(unfinished);
    }
  }

  /** Removes what is old, once a day. */
  prune(): void {
    const { folder } = this;
    if (folder === null) return;
    const stamp = join(folder, "pruned");
    try {
      if (existsSync(stamp) && Date.now() - statSync(stamp).mtimeMs < DAY_MS) return;
      mkdirSync(folder, { recursive: true });
      writeFileSync(stamp, "");
      for (const name of readdirSync(folder)) {
        const path = join(folder, name);
        if (Date.now() - statSync(path).mtimeMs > KEPT_DAYS * DAY_MS) rmSync(path, { force: true });
      }
    } catch {
      // Another process prunes, or nobody may.
    }
  }

  private allOf({ filename, text, as }: Wanted): string[] {
    return this.folder === null ? [] : [text, filename, as, this.made, this.around(dirname(filename))];
  }

  /** By two sums, not by a digest: `node:crypto` takes 0.4 MiB and some milliseconds of each start. */
  private pathOf([text = "", ...rest]: readonly string[]): string | null {
    if (this.folder === null) return null;
    return join(this.folder, `${nameOf(rest.join("\0"))}-${nameOf(text)}.json`);
  }

  private around(folder: string): string {
    const known = this.surroundings.get(folder);
    if (known !== undefined) return known;
    const parent = dirname(folder);
    const own = ["package.json", "tsconfig.json"].map((name) => stateOf(join(folder, name))).join();
    const state = parent === folder ? own : `${own};${this.around(parent)}`;
    this.surroundings.set(folder, state);
    return state;
  }
}

function removeIfAllowed(path: string): void {
  try {
    rmSync(path, { force: true });
  } catch {
    // What may not be written may not be removed.
  }
}

function nameOf(text: string): string {
  return crc32(text).toString(16).padStart(8, "0");
}

function stateOf(path: string): string {
  const stats = statSync(path, { throwIfNoEntry: false });
  return stats ? `${stats.mtimeMs}/${stats.size}` : "";
}

/** As other tools do: `node_modules/.cache`; for files that belong to no package, the folder for temporary files, if there is one. */
export function cacheFolder(root: string): string | null {
  for (let folder = root, parent = dirname(root); ; folder = parent, parent = dirname(parent)) {
    const modules = join(folder, "node_modules");
    if (existsSync(modules)) return join(modules, ".cache", "mprof");
    if (parent !== folder) continue;
    return existsSync(tmpdir()) ? join(tmpdir(), `mprof-cache-${userInfo().username}`) : null;
  }
}
