import type { Command as Program } from "commander";
import type { FlagsOf } from "../../contract/options.ts";
import type { Command, Io } from "../command.ts";
import { withFlags } from "../flags.ts";

const EXAMPLES = `
Examples:
  mprof merge -o all.json shard-1.json shard-2.json
`;

/** `mprof merge <profile> <profiles…>`: runs, processes or shards of a test as one profile. */
export const merge: Command = {
  register(program: Program, io: Io): void {
    withFlags(program.command("merge <profile> <profiles...>"), "merge")
      .description("add up profiles of several runs, processes or shards of a test, by file and function")
      .addHelpText("after", EXAMPLES)
      .action((first: string, others: string[], flags: FlagsOf<"merge">) => run(first, others, flags, io));
  },
};

async function run(first: string, others: string[], { output }: FlagsOf<"merge">, io: Io): Promise<void> {
  const { openProfile } = await import("../profile/open-profile.ts");
  const { mergeProfiles } = await import("../profile/merge-profiles.ts");
  const { writeProfile } = await import("../profile/write-profile.ts");
  const { JSON_REPORTER } = await import("../../runtime/reporters/json.ts");
  const merged = mergeProfiles([openProfile(first, io), ...others.map((each) => openProfile(each, io))]);
  writeProfile(merged, JSON_REPORTER, output, io);
  const isOdd = (note: string) => note.startsWith("The merged profiles");
  for (const note of merged.notes.filter(isOdd)) io.error(`[mprof] ${note}\n`);
}
