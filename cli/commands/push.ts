import { closeSync, existsSync, openSync, readFileSync } from "node:fs";
import { constants, devNull, setPriority } from "node:os";
import { basename, dirname, join, resolve } from "node:path";
import type { Command as Program } from "commander";
import { type FlagsOf, OPTIONS } from "../../contract/options.ts";
import type { Text } from "../../contract/values.ts";
import { type Command, type Io, UsageError } from "../command.ts";
import { withFlags } from "../flags.ts";
import { namedFile } from "../named-file.ts";
import type { Address } from "../push/parcel.ts";
import type { PushQueue } from "../push/push-queue.ts";
import type { Patience, Server } from "../push/server.ts";

type Flags = FlagsOf<"push">;

const EXAMPLES = `
Examples:
  mprof push --pyroscope http://localhost:4040 profile.json
  mprof push --pyroscope http://localhost:4040 --label region=eu --application shop shard-*.json
  mprof push --pyroscope http://localhost:4040          only what waits since the server was away
  MPROF_PUSH_AUTH="Bearer $TOKEN" mprof push --pyroscope https://profiles.example.com profile.json
`;

/** Somebody waits for it. */
const PATIENCE: Patience = { attempts: 5, first: 500 };
/** Between two profiles of a program that runs. */
const EVERY_S = 15;
const STDERR = 2;

/** `mprof push --pyroscope <url> [profile…]`: to a server that collects the profiles of many machines. */
export const push: Command = {
  register(program: Program, io: Io): void {
    withFlags(program.command("push [profiles...]"), "push")
      .description("send profiles to a Pyroscope server; what it does not take now waits for the next time")
      .addHelpText("after", EXAMPLES)
      .action((profiles: string[], flags: Flags) => run(profiles, flags, io));
  },
};

async function run(names: string[], flags: Flags, io: Io): Promise<void> {
  if (flags.follow) yieldToProgram();
  const { serverOf } = await import("../push/server.ts");
  const url = flags.pyroscope ?? saidBy(OPTIONS.pyroscope.variable, io);
  if (url === undefined) throw new UsageError("no server is named", "Add --pyroscope <url>, or set MPROF_PUSH_URL.");
  const server = serverOf(url, io.env);
  const queue = await openQueue(server);
  const address = addressOf(flags, io);
  const [first] = names;
  if (flags.follow && first !== undefined) return followProgram(first, address, queue, server, io);
  const { openProfile } = await import("../profile/open-profile.ts");
  const { packProfile } = await import("../push/parcel.ts");
  for (const profile of names.map((name) => openProfile(name, io))) {
    const dropped = queue.add(packProfile(profile, address));
    if (dropped > 0) io.error("[mprof] the queue is full: the oldest profiles are dropped\n");
  }
  if (queue.length === 0) throw new UsageError("there is nothing to send", "Name a profile.");
  await sendAll(queue, server, io);
}

async function sendAll(queue: PushQueue, server: Server, io: Io): Promise<void> {
  const { drain } = await import("../push/drain.ts");
  const tell = (text: string) => io.error(`[mprof] ${text}\n`);
  const { sent, refused, unreached } = await drain(queue, server, PATIENCE, tell);
  if (sent > 0) io.out(`${profiles(sent)} sent to ${server.url}\n`);
  if (refused.length > 0)
    throw new UsageError(
      `${server.url} refuses ${profiles(refused.length)}: ${[...new Set(refused)].join("; ")}`,
      "They are not sent again. Check the address, MPROF_PUSH_AUTH, and how old a profile may be there.",
    );
  if (unreached !== undefined)
    throw new UsageError(
      `${server.url} does not answer: ${unreached}`,
      `${profiles(queue.length)} wait${queue.length === 1 ? "s" : ""}; mprof push --pyroscope ${flagUrl(server)} sends what waits.`,
    );
}

/** For the process that a running program has started (runtime/node/push-while-running.ts). */
async function followProgram(path: string, address: Address, queue: PushQueue, server: Server, io: Io): Promise<void> {
  const { follow } = await import("../push/follow.ts");
  const { keptFolder } = await import("../../runtime/node/kept/kept-folder.ts");
  const kept = namedFile(path, io);
  const gone = new AbortController();
  // The pipe breaks with the program.
  process.stdin
    .on("end", () => {
      gone.abort();
      leaveStandardError();
    })
    .resume();
  const followed = {
    path: kept,
    address,
    everyMs: (saidBy(OPTIONS.every.variable, io) ?? EVERY_S) * 1000,
    isNamed: dirname(kept) !== keptFolder(),
  };
  await follow(followed, queue, server, gone.signal, (text) => {
    if (!gone.signal.aborted) io.error(`[mprof] ${text}\n`);
  });
}

/** Where it shares the CPU with the program, that comes first. */
function yieldToProgram(): void {
  try {
    setPriority(constants.priority.PRIORITY_LOW);
  } catch {}
}

/** Who reads what the program says may wait for its end, and that is now, however long sending takes. */
function leaveStandardError(): void {
  closeSync(STDERR);
  // Else the next file that is opened is standard error.
  while (openSync(devNull, "r+") < STDERR);
}

async function openQueue({ url }: Server): Promise<PushQueue> {
  const { PushQueue } = await import("../push/push-queue.ts");
  try {
    return new PushQueue(url);
  } catch (error) {
    throw new UsageError(
      `profiles cannot wait to be sent: ${(error as Error).message}`,
      "Set TMPDIR to another folder.",
    );
  }
}

/** What no flag says a variable may. */
function addressOf({ application, label }: Flags, io: Io): Address {
  return {
    application: application ?? saidBy(OPTIONS.application.variable, io) ?? nameOf(io.cwd),
    labels: label ?? saidBy(OPTIONS.label.variable, io) ?? [],
  };
}

/** @throws UsageError for what stands for no value */
function saidBy<T>({ name, takes }: { name: string; takes: Text<T> }, { env }: Io): T | undefined {
  const written = env[name];
  if (!written) return undefined;
  const value = takes.read(written);
  if (value === undefined)
    throw new UsageError(`${name} must be ${takes.expected}: ${JSON.stringify(written)}`, "Set another.");
  return value;
}

/** Of the nearest package.json that has one; with what a server takes in the place of what it does not. */
function nameOf(cwd: string): string {
  for (let folder = resolve(cwd); ; folder = dirname(folder)) {
    const file = join(folder, "package.json");
    const name = existsSync(file) ? packageName(file) : undefined;
    if (name !== undefined) return takenName(name);
    if (dirname(folder) === folder) return takenName(basename(cwd));
  }
}

/** `@org/shop` is `org/shop`. */
function takenName(name: string): string {
  return name.replace(/^@/, "").replace(/[^\w./-]/g, "_") || "mprof";
}

function packageName(file: string): string | undefined {
  try {
    const { name }: { name?: unknown } = JSON.parse(readFileSync(file, "utf8"));
    return typeof name === "string" && name !== "" ? name : undefined;
  } catch {
    return undefined;
  }
}

function flagUrl({ url }: Server): string {
  return url.replace(/\/ingest$/, "");
}

function profiles(count: number): string {
  return count === 1 ? "1 profile" : `${count} profiles`;
}
