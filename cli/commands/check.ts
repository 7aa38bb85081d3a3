import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import type { Command as Program } from "commander";
import type { FlagsOf } from "../../contract/options.ts";
import type { Profile } from "../../contract/profile.ts";
import { startChild, waitForChild } from "../child.ts";
import { type Command, EXIT_TOO_MUCH, type Io, UsageError } from "../command.ts";
import { withFlags } from "../flags.ts";

type Flags = FlagsOf<"check">;

/** What Node can run; anything else is a profile. */
const PROGRAM = /\.[cm]?[jt]sx?$/;

const EXAMPLES = `
Examples:
  mprof check --max-rss 200MiB app.ts --port 8080
  mprof check --max-net load=5MiB --max-net Cache.get=100KiB profile.json
  mprof check app.ts                       the budgets of marks: // @profile max=5MiB
  mprof check --sarif mprof.sarif profile.json
`;

/** `mprof check <profile or program>`: exit code 3 if more memory was taken than a budget allows. */
export const check: Command = {
  register(program: Program, io: Io): void {
    withFlags(program.command("check <profile> [args...]"), "check")
      .description(
        "exit with 3 if a profile, or a program that is run for it, takes more memory than its budgets allow",
      )
      .addHelpText("after", EXAMPLES)
      .passThroughOptions()
      .action((name: string, args: string[], flags: Flags) => run(name, args, flags, io));
  },
};

async function run(name: string, args: string[], flags: Flags, io: Io): Promise<void> {
  const { findExcesses } = await import("../check/find-excesses.ts");
  const { announce } = await import("../check/finding.ts");
  const { sarifOf } = await import("../check/sarif.ts");
  const { MARKDOWN } = await import("../formats/markdown.ts");
  const { writeProfile } = await import("../profile/write-profile.ts");
  const { code, profile } = await profileOf(name, args, io);
  if (code !== 0) io.exit(code);
  if (profile === undefined) {
    io.error("[mprof] no budget was checked: no profiled function was called\n");
    return;
  }
  const { maxRss, maxNet, sarif } = flags;
  const { findings, budgets } = findExcesses(profile, { maxRss, maxNet });
  if (sarif !== undefined)
    writeProfile(profile, { name: "sarif", extension: "sarif", render: () => sarifOf(findings) }, sarif, io);
  if (budgets === 0)
    throw new UsageError(
      "there is no budget to check",
      "Add --max-rss or --max-net, or max to a mark: // @profile max=5MiB.",
    );
  announce(findings, MARKDOWN.render(profile), io);
  if (findings.length === 0) io.error(`mprof: ${budgets === 1 ? "1 budget is" : `${budgets} budgets are`} kept\n`);
  else if (code === 0) io.exit(EXIT_TOO_MUCH);
}

/** A program is run under the profiler, without a report of its own. @returns its exit code, 0 of a profile */
async function profileOf(
  name: string,
  args: string[],
  io: Io,
): Promise<{ code: number; profile: Profile | undefined }> {
  const { openProfile } = await import("../profile/open-profile.ts");
  if (!PROGRAM.test(name)) {
    if (args.length > 0)
      throw new UsageError(`a profile takes no arguments: ${args.join(" ")}`, "Flags come before it.");
    return { code: 0, profile: openProfile(name, io) };
  }
  if (!existsSync(resolve(io.cwd, name)))
    throw new UsageError(`there is no such script: ${name}`, `Looked for ${resolve(io.cwd, name)}.`);
  const folder = mkdtempSync(join(tmpdir(), "mprof-check-"));
  try {
    const [json, report] = [join(folder, "profile.json"), join(folder, "report.txt")];
    const bin = fileURLToPath(new URL("../bin.js", import.meta.url));
    const own = ["--json", json, "--output", report, name, ...args];
    const child = await startChild(process.execPath, [bin, ...own], io.env);
    const code = await waitForChild(child, io);
    return { code, profile: existsSync(json) ? openProfile(json, io) : undefined };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
