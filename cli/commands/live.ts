import type { Command as Program } from "commander";
import type { FlagsOf } from "../../contract/options.ts";
import type { KeptName } from "../../runtime/node/kept/kept-folder.ts";
import { type Command, type Io, UsageError } from "../command.ts";
import { withFlags } from "../flags.ts";
import { namedFile } from "../named-file.ts";

type Flags = FlagsOf<"live">;
/** What is watched; the process where it is known. */
type Watched = Pick<KeptName, "path"> & Partial<Pick<KeptName, "pid">>;

const EXAMPLES = `
Examples:
  mprof live                       the newest program that runs under mprof
  mprof live 4711                  the process of that number
  mprof live server.mprof          of the file that --profile has named
  mprof live --top 5 | cat         once, for a script
`;

/** `mprof live [process]`: the rows that took most of a program that runs, refreshed in place. */
export const live: Command = {
  register(program: Program, io: Io): void {
    withFlags(program.command("live [process]"), "live")
      .description("the rows that took most of a program that runs, refreshed in place; q quits")
      .addHelpText("after", EXAMPLES)
      .action((name: string | undefined, flags: Flags) => run(name, flags, io));
  },
};

async function run(name: string | undefined, flags: Flags, io: Io): Promise<void> {
  const { showLive } = await import("../terminal/live-screen.ts");
  const watched = await find(name, io);
  const view = await viewer(watched, flags);
  const first = view();
  if (first === undefined) throw new UsageError("the program has profiled nothing yet", "Try again a moment later.");
  if (io.screen === undefined || !process.stdin.isTTY) return io.out(first);
  io.out(await showLive(view, flags.interval, process.stdin, io));
}

/** @throws UsageError if there is no such process, or none at all */
async function find(name: string | undefined, io: Io): Promise<Watched> {
  const { findRunning, keptFolder } = await import("../../runtime/node/kept/kept-folder.ts");
  const folder = keptFolder();
  const running = folder === undefined ? [] : findRunning(folder, io.cwd);
  const [newest] = running;
  if (name !== undefined && !/^\d+$/.test(name)) return { path: namedFile(name, io) };
  const { readRun } = await import("../report/read-run.ts");
  // A file has the process in its name that named it, the command mostly; what is asked for may be the program's own.
  const processes = running.map((file) => {
    const kept = readRun(file.path);
    return { ...file, own: typeof kept === "object" ? kept.first.head.pid : file.pid };
  });
  const wanted = Number(name);
  const found = name === undefined ? newest : processes.find(({ pid, own }) => pid === wanted || own === wanted);
  if (found) return found;
  const others = processes.map(({ own }) => own).join(", ");
  throw new UsageError(
    name === undefined ? "no program runs under mprof" : `process ${name} does not run under mprof`,
    others === "" ? "Start one: mprof app.ts." : `These do: ${others}.`,
  );
}

/** @returns what says how things stand: undefined when the program has ended, or has nothing to show */
async function viewer({ path, pid }: Watched, { top, sort, columns }: Flags): Promise<() => string | undefined> {
  const { chosenTable } = await import("../terminal/chosen-table.ts");
  const { harmless } = await import("../profile/harmless.ts");
  const { readRun } = await import("../report/read-run.ts");
  const { isRunning } = await import("../../runtime/node/kept/kept-folder.ts");
  const { withoutCommands } = await import("../../runtime/reporters/without-commands.ts");
  const table = chosenTable({ top, sort, columns });
  return () => {
    if (pid !== undefined && !isRunning(pid)) return undefined;
    const kept = readRun(path);
    if (kept === undefined || typeof kept === "string" || kept.first.hasEnded) return undefined;
    if (kept.profile.listings.length === 0) return undefined;
    const { head, running, written } = kept.first;
    const at = new Date(written).toTimeString().slice(0, 8);
    const where = running ? `, at ${running.name} (${running.file}:${running.line})` : "";
    const title = withoutCommands(`${head.pid}: ${head.args.join(" ")}   ${at}${where}`);
    return `${title}\n\n${table.render(harmless(kept.profile), { color: false })}`;
  };
}
