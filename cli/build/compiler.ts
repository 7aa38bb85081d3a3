import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { UsageError } from "../command.ts";

export interface Compiled {
  code: number;
  /** What it printed, both streams. */
  output: string;
}

/** The compiler that a project has installed. */
export interface Compiler {
  /** Checking can be switched off. */
  hasNoCheck: boolean;
  /** It writes `./x.js` for `./x.ts`. */
  rewritesExtensions: boolean;
  run(...args: string[]): Promise<Compiled>;
}

/** @throws UsageError if the project has no TypeScript */
export function findCompiler(folder: string, cwd: string): Compiler {
  const manifest = resolveManifest(folder);
  const { version, bin } = JSON.parse(readFileSync(manifest, "utf8")) as { version: string; bin: { tsc: string } };
  const [major, minor] = version.split(".").map(Number) as [number, number];
  const script = join(dirname(manifest), bin.tsc);
  return {
    hasNoCheck: major > 5 || minor >= 6,
    rewritesExtensions: major > 5 || minor >= 7,
    run: (...args) => runScript(script, args, cwd),
  };
}

function resolveManifest(folder: string): string {
  try {
    return createRequire(join(folder, "tsconfig.json")).resolve("typescript/package.json");
  } catch {
    throw new UsageError(
      `the project has no TypeScript: ${folder}`,
      "Install it there: npm install --save-dev typescript",
    );
  }
}

function runScript(script: string, args: readonly string[], cwd: string): Promise<Compiled> {
  return new Promise((done, failed) => {
    const child = spawn(process.execPath, [script, ...args], { cwd, stdio: ["ignore", "pipe", "pipe"] });
    let output = "";
    child.stdout.on("data", (piece) => (output += piece));
    child.stderr.on("data", (piece) => (output += piece));
    child.on("error", failed);
    child.on("close", (code) => done({ code: code ?? 1, output }));
  });
}
