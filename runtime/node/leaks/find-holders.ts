/**
 * Who holds what leaks: a heap snapshot, written to a file by V8 and read by a process of its own, so that the program pays
 * for V8's part alone.
 */
import { spawn, spawnSync } from "node:child_process";
import { writeHeapSnapshot } from "node:v8";
import { MprofError } from "../../../contract/errors.ts";
import { ownFile } from "../../../contract/own-file.ts";
import type { Chain } from "../../../heap/find-chains.ts";
import { dirname, fileURLToPath, join, rmSync, tmpdir } from "../builtins.ts";
import { mainProcess } from "../main-context.ts";
import { Places } from "./places.ts";

/** By the keys of rows: nearest first. */
export type HoldersByKey = ReadonlyMap<string, string[]>;

/** At the end of the process. @throws MprofError if it cannot be done */
export function findHoldersNow(keys: readonly string[]): HoldersByKey {
  return withSnapshot((path) => {
    const { stdout, stderr, status } = spawnSync(mainProcess.execPath, readerArguments(path, keys), {
      encoding: "utf8",
      maxBuffer: 1 << 26,
      env: environment(),
    });
    return status === 0 ? shown(stdout) : failed(stderr);
  });
}

/** While the program goes on. @throws MprofError if it cannot be done */
export function findHolders(keys: readonly string[]): Promise<HoldersByKey> {
  return withSnapshot(
    (path) =>
      new Promise((resolve, reject) => {
        const child = spawn(mainProcess.execPath, readerArguments(path, keys), {
          env: environment(),
          stdio: ["ignore", "pipe", "pipe"],
        });
        const said = { out: "", error: "" };
        child.stdout.setEncoding("utf8").on("data", (text: string) => {
          said.out += text;
        });
        child.stderr.setEncoding("utf8").on("data", (text: string) => {
          said.error += text;
        });
        child.on("error", reject);
        child.on("close", (code) => {
          try {
            resolve(code === 0 ? shown(said.out) : failed(said.error));
          } catch (error) {
            reject(error);
          }
        });
      }),
  );
}

function withSnapshot<T>(read: (path: string) => T): T {
  const path = writeHeapSnapshot(join(tmpdir(), `mprof-${mainProcess.pid}-${Date.now()}.heapsnapshot`));
  const remove = () => rmSync(path, { force: true });
  try {
    const result = read(path);
    if (result instanceof Promise) return result.finally(remove) as T;
    remove();
    return result;
  } catch (error) {
    remove();
    throw error;
  }
}

function readerArguments(path: string, keys: readonly string[]): string[] {
  const own = ownFile();
  const folder = dirname(own.startsWith("file:") ? fileURLToPath(own) : own);
  return [join(folder, "..", "heap", "reader-process.js"), path, JSON.stringify(keys)];
}

/** The reader is no part of the program: nothing is profiled in it, and no hook loads. */
function environment(): NodeJS.ProcessEnv {
  const { NODE_OPTIONS: _, ...env } = mainProcess.env;
  return { ...env, MPROF: "0" };
}

function shown(text: string): HoldersByKey {
  const chains: Chain[] = JSON.parse(text);
  const places = new Places();
  return new Map(chains.map(({ key, holders }) => [key, holders.map((each) => places.show(each))]));
}

function failed(stderr: string): never {
  const [said = ""] = stderr.split("\n").filter((line) => /Error|mprof/.test(line));
  const problem = `the heap snapshot could not be read: ${said || "the reader ended without a word"}`;
  throw new MprofError("MPROF_SNAPSHOT", problem, "Ask for leaks without the reason: --leaks, leaks().");
}
