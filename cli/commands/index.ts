import type { Command } from "../command.ts";
import { profile } from "./profile.ts";

/** Every command; the first is what `mprof` does without a subcommand. */
export const COMMANDS: readonly Command[] = [profile];
