/** The way to the inspector of a process: it is opened where it is not open. */
import { setTimeout as after } from "node:timers/promises";
import { UsageError } from "../command.ts";
import { findProcess } from "../recording/find-process.ts";
import { clientUrl } from "./client-url.ts";
import { watchInspector } from "./close-behind.ts";
import { catchesSignal, inspectorPort, isElsewhere, isNode, listenersAt } from "./proc.ts";

export interface OpenInspector {
  /** As messages name it. */
  name: string;
  /** Of a process of this machine. */
  pid: number | undefined;
  /** For the client. */
  url: string;
  /** It is open for us alone, and to be closed. */
  isOurs: boolean;
  /** There is somebody else who closes it: whatever becomes of this command. */
  isKnown(): void;
}

const ADDRESS = /^(\[[\da-f:.]+\]|[\w.-]+):(\d{1,5})$/i;
const OPENS_IN_MS = 5000;
const LOOK_MS = 20;

/**
 * @param wanted a process by its id or a part of its command line, or `host:port`
 * @throws UsageError
 */
export async function openInspector(wanted: string): Promise<OpenInspector> {
  const address = ADDRESS.exec(wanted);
  if (address) {
    const url = await clientUrl(address[1]!, Number(address[2]));
    if (url === undefined)
      throw new UsageError(
        `no inspector of Node answers at ${wanted}`,
        "Start the program with --inspect, or send it SIGUSR1.",
      );
    return { name: wanted, pid: undefined, url, isOurs: false, isKnown };
  }
  const pid = findProcess(wanted);
  const name = `process ${pid}`;
  const port = inspectorPort(pid);
  refuse(pid, port);
  const before = listenersAt(pid);
  // Which one is the inspector's is not known where the system chose it: then each is asked.
  for (const each of before ?? []) {
    if (!each.isOwn || (port !== 0 && each.port !== port)) continue;
    const open = await clientUrl("127.0.0.1", each.port);
    if (open !== undefined) return { name, pid, url: open, isOurs: false, isKnown };
  }
  const dismiss = watchInspector(pid, before?.filter(({ isOwn }) => isOwn).map((each) => each.port) ?? []);
  signal(pid);
  const url = await opened(pid, port, before);
  if (url === undefined)
    throw new UsageError(
      `the inspector of ${name} does not open`,
      "It may be switched off (--disable-sigusr1); start it with --inspect, and name its address: mprof attach 127.0.0.1:9229.",
    );
  return { name, pid, url, isOurs: true, isKnown: dismiss };
}

function isKnown(): void {}

/** @throws UsageError before anything is touched */
function refuse(pid: number, port: number): void {
  if (pid === process.pid) throw new UsageError(`process ${pid} is this command`, "Name another process.");
  if (isNode(pid) === false)
    throw new UsageError(`process ${pid} is not Node`, "Name the process of node itself; ps shows what runs.");
  try {
    process.kill(pid, 0);
  } catch {
    throw new UsageError(`process ${pid} is not yours to signal`, "Run the command as the user that runs it.");
  }
  if (isElsewhere(pid))
    throw new UsageError(
      `process ${pid} has ports of its own, as in a container`,
      "Run the command in there, or forward its port 9229 and name the address: mprof attach 127.0.0.1:9229.",
    );
  if (catchesSignal(pid) === false)
    throw new UsageError(
      `process ${pid} does not open its inspector when it is asked to`,
      "Start it without --disable-sigusr1, or with --inspect.",
    );
  if (listenersAt(pid)?.some((each) => each.port === port && !each.isOwn))
    throw new UsageError(
      `port ${port}, on which process ${pid} would open its inspector, is taken`,
      "End what listens there, or start the program with another --inspect-port.",
    );
}

function signal(pid: number): void {
  try {
    process.kill(pid, "SIGUSR1");
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new UsageError(`process ${pid} cannot be signalled (${code})`, "Run the command as the user that runs it.");
  }
}

/** The port that it did not listen on before; where nothing tells, the one that it should be. */
async function opened(
  pid: number,
  expected: number,
  before: ReturnType<typeof listenersAt>,
): Promise<string | undefined> {
  const known = new Set(before?.filter(({ isOwn }) => isOwn).map(({ port }) => port));
  for (let waited = 0; waited < OPENS_IN_MS; waited += LOOK_MS) {
    await after(LOOK_MS);
    const now = listenersAt(pid);
    const port = now ? now.find((each) => each.isOwn && !known.has(each.port))?.port : expected;
    const url = port === undefined ? undefined : await clientUrl("127.0.0.1", port);
    if (url !== undefined) return url;
  }
  return undefined;
}
