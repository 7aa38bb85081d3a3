/** A process under the register hook notes what it called; the first of a program that no command runs says what was left out. */
import { isMainThread } from "node:worker_threads";
import { isQuiet, OPTIONS } from "../../contract/options.ts";
import { type FunctionPlace, REPORTED_EVENT } from "../../contract/runtime-module.ts";
import { isOff } from "../../contract/values.ts";
import type { Options } from "../core/options.ts";
import { note, openActivity } from "./activity.ts";
import { lastWord } from "./last-word.ts";
import { START_FOLDER } from "./start-folder.ts";

/** To be called before there are other threads or processes: each gets what the environment says when it starts. */
export function tellAtEnd(options: Options): void {
  const { env } = process;
  if (!isMainThread || isOff(env[OPTIONS.enabled.variable.name])) return;
  const cwd = START_FOLDER;
  const own = env[OPTIONS.activity.variable.name] ? undefined : openActivity();
  Object.assign(env, own?.env);
  process.once(REPORTED_EVENT, (called: readonly FunctionPlace[]) => {
    note({ called });
    if (!own) return;
    const activity = own.close();
    if (!isQuiet(env)) process.stderr.write(lastWord(activity, options, env, cwd));
  });
}
