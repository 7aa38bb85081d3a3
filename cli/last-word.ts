import { isQuiet } from "../contract/options.ts";
import { openActivity } from "../plugin/node/activity.ts";
import { lastWord } from "../plugin/node/last-word.ts";
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
  /** Says what was not profiled, unless it is to be quiet; to be called once. */
  tell(): void;
}

/** Watches what is profiled of a program that is about to be started with the environment `env`. */
export function watchProgram(selection: Selection, env: NodeJS.ProcessEnv, io: Io): Watch {
  const { env: own, close } = openActivity();
  return {
    env: own,
    tell() {
      const activity = close();
      if (!isQuiet(env)) io.error(lastWord(activity, selection, env, io.cwd));
    },
  };
}
