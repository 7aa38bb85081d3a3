import { existsSync, rmSync } from "node:fs";
import { resolve } from "node:path";
import { isQuiet, OPTIONS } from "../contract/options.ts";
import { openActivity } from "../plugin/node/activity.ts";
import { keptFolder, newKeptPath } from "../runtime/node/kept/kept-folder.ts";
import type { Io } from "./command.ts";

/** Which functions the flags select. */
interface Selection {
  functions?: "all" | "marked" | undefined;
  func?: string[] | undefined;
  root?: string | undefined;
}

export interface Watch {
  /** What the environment of the program needs besides. */
  env: Record<string, string>;
  /**
   * Prints the report of a program that could not do it itself, and says what was not profiled, unless it is to be quiet; to
   * be called once.
   *
   * @param how as `ended by SIGKILL`
   */
  tell(how: string): Promise<void>;
}

const { profile, kept, watched } = OPTIONS;

/** Watches what is profiled of a program that is about to be started with the environment `env`. */
export function watchProgram(selection: Selection, env: NodeJS.ProcessEnv, io: Io): Watch {
  const { env: own, close } = openActivity();
  const given = env[profile.variable.name];
  const named = given ? resolve(io.cwd, given) : undefined;
  const folder = keptFolder();
  const path = named ?? (folder && newKeptPath(folder, io.cwd, Date.now()));
  if (named !== undefined) rmSync(named, { force: true });
  const keeping = path && { [kept.variable.name]: path, [watched.variable.name]: String(process.pid) };
  return {
    env: { ...own, ...keeping },
    // What prints is loaded where there is something to print: a program that ended well has removed its file.
    async tell(how) {
      if (path !== undefined && existsSync(path)) {
        const { printEnded } = await import("./report/print-ended.ts");
        printEnded(path, how, named !== undefined, own, io);
      }
      const activity = close();
      if (isQuiet(env)) return;
      const { lastWord } = await import("../plugin/node/last-word.ts");
      io.error(lastWord(activity, selection, env, io.cwd));
    },
  };
}
