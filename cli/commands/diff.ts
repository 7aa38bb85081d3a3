import { resolve } from "node:path";
import type { Command as Program } from "commander";
import type { FlagsOf } from "../../contract/options.ts";
import type { Profile } from "../../contract/profile.ts";
import { type Command, EXIT_TOO_MUCH, type Io, UsageError } from "../command.ts";
import type { FunctionChange } from "../diff/compare-profiles.ts";
import { withFlags } from "../flags.ts";

type Flags = FlagsOf<"diff">;

const EXAMPLES = `
Examples:
  mprof diff base.json new.json
  mprof diff --fail-on-increase 10% --and 1MiB base.json new.json     exit code 3 if a function grew more
  mprof diff --runs base2.json --runs base3.json base.json new.json   what these differ by is noise
  mprof diff --markdown -o diff.md base.json new.json
  mprof diff --html diff.html base.json new.json                      a page besides the table
`;

/** `mprof diff <base> <new>`: what each function and row took before and after. */
export const diff: Command = {
  register(program: Program, io: Io): void {
    withFlags(program.command("diff <base> <new>"), "diff")
      .description("compare two profiles, rows by what they say and not by where they stand")
      .addHelpText("after", EXAMPLES)
      .action((base: string, changed: string, flags: Flags) => run(base, changed, flags, io));
  },
};

async function run(base: string, changed: string, flags: Flags, io: Io): Promise<void> {
  const { failOnIncrease, and, runs = [], markdown, html, output } = flags;
  if (and !== undefined && failOnIncrease === undefined)
    throw new UsageError("--and without --fail-on-increase", "Add --fail-on-increase <percent>.");
  const { announce } = await import("../check/finding.ts");
  const { openProfile } = await import("../profile/open-profile.ts");
  const { compareProfiles } = await import("../diff/compare-profiles.ts");
  const { changesAsMarkdown, changesAsTable } = await import("../diff/describe-changes.ts");
  const { findIncreases } = await import("../diff/find-increases.ts");
  const { writeProfile } = await import("../profile/write-profile.ts");
  const [before, after, ...others] = [base, changed, ...runs].map((each) => openProfile(each, io));
  for (const [name, profile] of [[changed, after!], ...runs.map((run, i) => [run, others[i]!] as const)] as const)
    checkComparable(base, before!, name, profile);
  const changes = compareProfiles(before!, after!, others);
  if (html !== undefined) await writePage(html, output, changes, [base, changed], after!, io);
  const render = () => (markdown ? changesAsMarkdown(changes) : changesAsTable(changes));
  writeProfile(after!, { name: "diff", extension: markdown ? "md" : "txt", render }, output, io);
  if (failOnIncrease === undefined) return;
  const increases = findIncreases(changes, { share: failOnIncrease, bytes: and ?? 0 });
  announce(increases, changesAsMarkdown(changes), io);
  if (increases.length > 0) io.exit(EXIT_TOO_MUCH);
}

async function writePage(
  html: string,
  output: string | undefined,
  changes: readonly FunctionChange[],
  names: readonly [string, string],
  after: Profile,
  io: Io,
): Promise<void> {
  const { changesAsPage } = await import("../diff/changes-as-page.ts");
  const { checkApart, writeHtml } = await import("../report/write-page.ts");
  const others = output === undefined ? [] : [{ by: "--output", path: resolve(io.cwd, output) }];
  checkApart(html, undefined, others, io.cwd);
  const page = { name: "diff", extension: "html", render: () => changesAsPage(changes, names) };
  writeHtml(after, page, html, {}, io);
}

function checkComparable(base: string, before: Profile, name: string, after: Profile): void {
  if (before.metrics[0] === after.metrics[0]) return;
  throw new UsageError(
    `${base} measures ${before.metrics[0]}, ${name} ${after.metrics[0]}`,
    "Run both with the same --backend.",
  );
}
