import type { Command } from "../command.ts";

/** A command is loaded when it is asked for: a script starts without the code of all of them. */
type Load = () => Promise<Command>;

/** What `mprof` does without a subcommand. */
export const profile: Load = async () => (await import("./profile.ts")).profile;

/** The subcommands, in the order of the help. */
export const SUBCOMMANDS: ReadonlyMap<string, Load> = new Map<string, Load>([
  ["run", async () => (await import("./run.ts")).run],
  ["attach", async () => (await import("./attach.ts")).attach],
  ["report", async () => (await import("./report.ts")).report],
  ["live", async () => (await import("./live.ts")).live],
  ["leaks", async () => (await import("./leaks.ts")).leaks],
  ["convert", async () => (await import("./convert.ts")).convert],
  ["push", async () => (await import("./push.ts")).push],
  ["merge", async () => (await import("./merge.ts")).merge],
  ["diff", async () => (await import("./diff.ts")).diff],
  ["check", async () => (await import("./check.ts")).check],
  ["build", async () => (await import("./build.ts")).build],
  ["plan", async () => (await import("./plan.ts")).plan],
  ["marks", async () => (await import("./marks.ts")).marks],
  ["plot", async () => (await import("./plot.ts")).plot],
  ["list", async () => (await import("./list.ts")).list],
  ["peak", async () => (await import("./peak.ts")).peak],
  ["rm", async () => (await import("./rm.ts")).rm],
  ["clean", async () => (await import("./clean.ts")).clean],
  ["repl", async () => (await import("./repl.ts")).repl],
  ["doctor", async () => (await import("./doctor.ts")).doctor],
]);
