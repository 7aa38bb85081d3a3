import type { OPTIONS } from "../../contract/options.ts";
import type { Io } from "../command.ts";

export type ColorWhen = NonNullable<ReturnType<(typeof OPTIONS)["color"]["flags"]["report"]["takes"]["read"]>>;

/** `auto`: on a terminal, unless NO_COLOR is set to anything. */
export function wantsColor(when: ColorWhen, { screen, env }: Pick<Io, "screen" | "env">): boolean {
  if (when !== "auto") return when === "always";
  return screen !== undefined && !env.NO_COLOR && env.TERM !== "dumb";
}
