import { resolve } from "node:path";
import type { Command as Program } from "commander";
import type { FlagsOf } from "../../contract/options.ts";
import { type Command, type Io, UsageError } from "../command.ts";
import { withFlags } from "../flags.ts";

const EXAMPLES = `
Examples:
  mprof convert --to speedscope -o memory.speedscope.json profile.json
  mprof convert --to heapprofile -o memory.heapprofile profile.json     for DevTools and VS Code
  mprof convert --to pprof -o memory.pb.gz profile.json                 go tool pprof -top memory.pb.gz
  mprof convert --to csv profile.json | head
`;

/** `mprof convert <profile> --to <format>`: a profile in the format of another program. */
export const convert: Command = {
  register(program: Program, io: Io): void {
    withFlags(program.command("convert <profile>"), "convert")
      .description("write a profile in the format of another program")
      .addHelpText("after", EXAMPLES)
      .action((name: string, flags: FlagsOf<"convert">) => run(name, flags, io));
  },
};

async function run(name: string, { to, output, root }: FlagsOf<"convert">, io: Io): Promise<void> {
  const { FORMAT_OF } = await import("../formats/index.ts");
  const { openProfile } = await import("../profile/open-profile.ts");
  const { writeProfile } = await import("../profile/write-profile.ts");
  const format = FORMAT_OF[to];
  if (output === undefined && format.extension.endsWith(".gz"))
    throw new UsageError(`${to} is no text`, `Name a file: -o memory.${format.extension}.`);
  const profile = openProfile(name, io);
  writeProfile(profile, format, output, io, { root: resolve(io.cwd, root ?? ".") });
  const omitted = format.omits?.(profile);
  if (omitted !== undefined) io.error(`[mprof] ${omitted}\n`);
}
