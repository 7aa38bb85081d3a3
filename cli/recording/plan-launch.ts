import { existsSync } from "node:fs";
import { basename, extname, resolve } from "node:path";
import type { FlagsOf } from "../../contract/options.ts";
import { UsageError } from "../command.ts";
import { nodeArguments } from "../node-arguments.ts";

export type LaunchFlags = Pick<FlagsOf<"run">, "node">;

/** What is started for `mprof run <program> [args…]`. */
export interface Launch {
  command: string;
  args: readonly string[];
  /** It is Node with the profiler in it. */
  isProfiled: boolean;
}

const SCRIPTS = [".js", ".cjs", ".mjs", ".jsx", ".ts", ".cts", ".mts", ".tsx"];

/**
 * A script runs with our Node, `node …` as it is, both under the profiler; all else is started as it stands. So is an
 * interpreter, which is what follows `--python`: that flag, the reference's, changes nothing.
 */
export function planLaunch(name: string, args: readonly string[], { node }: LaunchFlags, cwd: string): Launch {
  const asItStands: Launch = { command: name, args, isProfiled: false };
  if (node === false) return asItStands;
  if (/^node(\.exe)?$/.test(basename(name))) return { command: name, args: nodeArguments([], args), isProfiled: true };
  const path = resolve(cwd, name);
  const isThere = existsSync(path);
  if (node && !isThere) throw new UsageError(`there is no such script: ${name}`, `Looked for ${path}.`);
  if (isThere && extname(name) === ".py") return { command: "python3", args: [name, ...args], isProfiled: false };
  const isScript = isThere && (node || SCRIPTS.includes(extname(name)));
  if (!isScript) return asItStands;
  return { command: process.execPath, args: nodeArguments([], [path, ...args]), isProfiled: true };
}
