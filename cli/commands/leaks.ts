import type { Command as Program } from "commander";
import { type Command, type Io, UsageError } from "../command.ts";

const EXAMPLES = `
Examples:
  mprof leaks profile.json                         the rows that leak
  mprof --leaks --json profile.json server.ts      follow what survives, and keep the profile
`;

/** `mprof leaks <profile>`: the rows of a profile whose objects survive, more and more of them. */
export const leaks: Command = {
  register(program: Program, io: Io): void {
    program
      .command("leaks <profile>")
      .description("the rows whose objects survive and grow in number, of a profile that --leaks has written")
      .addHelpText("after", EXAMPLES)
      .action((name: string) => run(name, io));
  },
};

async function run(name: string, io: Io): Promise<void> {
  const { openProfile } = await import("../profile/open-profile.ts");
  const { harmless } = await import("../profile/harmless.ts");
  const { renderLeaks } = await import("../../runtime/reporters/show-leaks.ts");
  const text = renderLeaks(harmless(openProfile(name, io)));
  if (text !== "") return io.out(text.trimEnd().concat("\n"));
  throw new UsageError(`${name} says nothing of leaks`, "Run the program with mprof --leaks --json <file>.");
}
