import { resolve } from "node:path";
import { OPTIONS } from "../../contract/options.ts";
import type { FunctionPlace } from "../../contract/runtime-module.ts";
import { note } from "../../plugin/node/activity.ts";
import { type Destination, deliver } from "../../runtime/node/deliver.ts";
import { JSON_REPORTER } from "../../runtime/reporters/json.ts";
import type { Io } from "../command.ts";
import { describeEnd, keptReporter } from "./describe-run.ts";
import { type KeptRun, readRun, removeRun } from "./read-run.ts";

/**
 * A program has ended: prints what was kept of it, where its report was to go, unless it has said all itself.
 *
 * @param how as `the program was ended by SIGKILL`
 * @param isNamed a person has named the file: it stays
 * @param env names the file in which the program's processes note what they profiled
 * @returns where the program ran, if there is something to say of it
 */
export function printEnded(
  path: string,
  how: string,
  isNamed: boolean,
  env: NodeJS.ProcessEnv,
  io: Pick<Io, "error">,
): string | undefined {
  const ended = Date.now();
  const run = readRun(path);
  if (run === undefined) return undefined;
  if (typeof run === "string") {
    io.error(`[mprof] ${how}, and what was kept of it is lost: ${run}\n`);
    return undefined;
  }
  const { cwd } = run.first.head;
  if (run.first.hasEnded) return undefined;
  if (run.profile.listings.length > 0) {
    io.error(describeEnd(run, how, ended));
    if (!write(run, io)) return cwd;
  }
  const called = run.profile.listings.map(({ file, name, first }): FunctionPlace => [file, name, first]);
  note({ called }, env[OPTIONS.activity.variable.name]);
  if (!isNamed) removeRun(path);
  return cwd;
}

/** Where the program's own report would have gone. @returns whether it is somewhere */
function write(run: KeptRun, io: Pick<Io, "error">): boolean {
  const { cwd, output, json } = run.first.head;
  const to: Destination = output === undefined ? { kind: "stdout" } : { kind: "append", path: resolve(cwd, output) };
  const isWritten = deliver(run.profile, keptReporter(run), to, { warn: io.error });
  if (json === undefined) return isWritten;
  const path = resolve(cwd, json);
  return deliver(run.profile, JSON_REPORTER, { kind: "write", path }, { warn: io.error }) && isWritten;
}
