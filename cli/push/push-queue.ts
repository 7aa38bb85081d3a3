/**
 * What is to be sent waits in files, so that a server that is away for a while misses nothing. There are so many and no more:
 * the oldest go first. A file is of one server; who it is sent as is not in it.
 */
import { createHash } from "node:crypto";
import { lstatSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { isRunning } from "../../runtime/node/kept/kept-folder.ts";
import type { Parcel } from "./parcel.ts";

const MOST_FILES = 100;
const MOST_BYTES = 32 * 2 ** 20;
const EXTENSION = ".push";
const SEARCH_END = "\n".charCodeAt(0);

/** A parcel that nobody else sends now. */
export interface Claimed {
  parcel: Parcel;
  /** It has arrived, or never will. */
  remove(): void;
  /** It may be sent later. */
  release(): void;
}

export class PushQueue {
  private readonly folder: string;
  private readonly start: string;
  private count = 0;

  /** @param url of the server @throws Error if there can be no folder that is the user's alone */
  constructor(url: string, folder = queueFolder()) {
    this.folder = folder;
    this.start = createHash("sha256").update(url).digest("hex").slice(0, 16);
  }

  /** @returns how many had to go for it, because the queue was full @throws Error if it cannot be written */
  add({ search, body }: Parcel): number {
    const name = `${this.start}-${String(Date.now()).padStart(15, "0")}-${process.pid}-${this.count++}${EXTENSION}`;
    const path = join(this.folder, name);
    writeFileSync(`${path}.tmp`, Buffer.concat([Buffer.from(`${search}\n`), body]), { mode: 0o600 });
    renameSync(`${path}.tmp`, path);
    return this.trim(name);
  }

  get length(): number {
    return this.names().length;
  }

  /** The oldest that waits and is not in `passed`, whose names it adds to that. */
  claim(passed: Set<string>): Claimed | undefined {
    for (const name of this.names()) {
      if (passed.has(name)) continue;
      passed.add(name);
      const path = join(this.folder, name);
      const own = `${path}.${process.pid}`;
      try {
        renameSync(path, own);
      } catch {
        continue;
      }
      const parcel = readParcel(readFileSync(own));
      return {
        parcel,
        remove: () => rmSync(own, { force: true }),
        release: () => renameSync(own, path),
      };
    }
    return undefined;
  }

  private trim(newest: string): number {
    const names = this.names();
    let bytes = 0;
    let dropped = 0;
    names.reverse().forEach((name, index) => {
      const path = join(this.folder, name);
      bytes += statSync(path, { throwIfNoEntry: false })?.size ?? 0;
      if (name === newest || (index < MOST_FILES && bytes <= MOST_BYTES)) return;
      rmSync(path, { force: true });
      dropped++;
    });
    return dropped;
  }

  /** The oldest first. What a process has claimed that is gone waits again. */
  private names(): string[] {
    const found: string[] = [];
    for (const name of readdirSync(this.folder)) {
      const [, own, pid] = /^(.*\.push)(?:\.(\d+))?$/.exec(name) ?? [];
      if (own === undefined || !own.startsWith(this.start)) continue;
      if (pid !== undefined) {
        if (isRunning(Number(pid))) continue;
        renameSync(join(this.folder, name), join(this.folder, own));
      }
      found.push(own);
    }
    return found.sort();
  }
}

function readParcel(bytes: Buffer): Parcel {
  const end = bytes.indexOf(SEARCH_END);
  return { search: bytes.toString("utf8", 0, end), body: bytes.subarray(end + 1) };
}

/** @throws Error if there is none that is ours alone */
function queueFolder(): string {
  const user = process.getuid?.() ?? "user";
  const folder = join(tmpdir(), `mprof-push-${user}`);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const { uid, mode } = lstatSync(folder);
  // The folder for temporary files is everybody's.
  if (user !== "user" && (uid !== user || (mode & 0o22) !== 0)) throw new Error(`${folder} is not yours alone`);
  return folder;
}
