/** What Linux says of a process: whether it is Node, and on which ports it listens. */
import { closeSync, openSync, readdirSync, readFileSync, readlinkSync, readSync } from "node:fs";

/** SIGUSR1 in the mask of signals that are caught. */
const USR1_BIT = 1n << 9n;
const LISTENING = "0A";
const PIECE = 1 << 22;
/** In every build of Node, whatever its file is called. */
const IN_NODE = Buffer.from("NODE_OPTIONS");

export interface Listener {
  port: number;
  /** It is the process's own. */
  isOwn: boolean;
}

/** @returns undefined where there is no /proc, or it says nothing */
function fileOf(pid: number, name: string): string | undefined {
  try {
    return readFileSync(`/proc/${pid}/${name}`, "utf8");
  } catch {
    return undefined;
  }
}

function linkOf(pid: number | "self", name: string): string | undefined {
  try {
    return readlinkSync(`/proc/${pid}/${name}`);
  } catch {
    return undefined;
  }
}

/** @returns none where it cannot be read */
function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

/** SIGUSR1 would end a process that does not wait for it. */
export function catchesSignal(pid: number): boolean | undefined {
  const mask = /^SigCgt:\s*([0-9a-f]+)$/m.exec(fileOf(pid, "status") ?? "")?.[1];
  return mask === undefined ? undefined : (BigInt(`0x${mask}`) & USR1_BIT) !== 0n;
}

/** @returns undefined where its program cannot be read */
export function isNode(pid: number): boolean | undefined {
  let fd: number;
  try {
    fd = openSync(`/proc/${pid}/exe`, "r");
  } catch {
    return undefined;
  }
  try {
    const piece = Buffer.alloc(PIECE + IN_NODE.length);
    for (let at = 0; ; at += PIECE) {
      const length = readSync(fd, piece, 0, piece.length, at);
      if (piece.subarray(0, length).includes(IN_NODE)) return true;
      if (length < piece.length) return false;
    }
  } finally {
    closeSync(fd);
  }
}

/** The processes of Node that one has started and that run, by their ids; none where that is not known. */
export function nodesStartedBy(pid: number): number[] {
  return namesIn(`/proc/${pid}/task`)
    .flatMap((thread) => (fileOf(pid, `task/${thread}/children`) ?? "").split(" ").filter(Boolean).map(Number))
    .filter((child) => isNode(child) === true);
}

/** It has ports of its own, as in a container. */
export function isElsewhere(pid: number): boolean {
  const [its, ours] = [linkOf(pid, "ns/net"), linkOf("self", "ns/net")];
  return its !== undefined && ours !== undefined && its !== ours;
}

/** All that listens where the process does; undefined where that is not known. */
export function listenersAt(pid: number): Listener[] | undefined {
  const tables = ["net/tcp", "net/tcp6"].map((name) => fileOf(pid, name));
  if (tables.every((table) => table === undefined)) return undefined;
  const own = socketsOf(pid);
  return tables.flatMap((table = "") =>
    table.split("\n").flatMap((row) => {
      const [, local = "", , state, , , , , , inode = ""] = row.trim().split(/\s+/);
      if (state !== LISTENING) return [];
      return [{ port: Number.parseInt(local.slice(local.lastIndexOf(":") + 1), 16), isOwn: own.has(inode) }];
    }),
  );
}

/** By their numbers. */
function socketsOf(pid: number): Set<string> {
  const names = namesIn(`/proc/${pid}/fd`);
  return new Set(names.flatMap((name) => /^socket:\[(\d+)\]$/.exec(linkOf(pid, `fd/${name}`) ?? "")?.[1] ?? []));
}

/** Where its inspector listens once it is open: by its arguments, or Node's own choice. */
export function inspectorPort(pid: number): number {
  const words = `${fileOf(pid, "cmdline") ?? ""}\0${/(?:^|\0)(NODE_OPTIONS=[^\0]*)/.exec(fileOf(pid, "environ") ?? "")?.[1] ?? ""}`;
  const given = /--(?:inspect(?:-brk|-port|-wait)?|debug-port)(?:=|\0)(?:[\w.[\]:-]*:)?(\d+)(?=[\s\0]|$)/.exec(
    words,
  )?.[1];
  return given === undefined ? 9229 : Number(given);
}
