/** Sends what a program does while it runs, and the rest when it has ended: from the file in which its figures are kept. */
import { openSync } from "node:fs";
import { setTimeout as wait } from "node:timers/promises";
import type { Profile } from "../../contract/profile.ts";
import { profileOfKept } from "../../runtime/node/kept/profile-of-kept.ts";
import { isEmpty, profileSince } from "../profile/profile-since.ts";
import { readKeptFile, readRun, removeRun } from "../report/read-run.ts";
import { type Drained, drain } from "./drain.ts";
import { type Address, packProfile } from "./parcel.ts";
import type { PushQueue } from "./push-queue.ts";
import type { Patience, Server } from "./server.ts";

export interface Followed {
  /** The kept file. */
  path: string;
  address: Address;
  everyMs: number;
  /** A person has named the file: it stays. */
  isNamed: boolean;
}

/** Nobody waits for this: between two profiles there is time enough. */
const WHILE_RUNNING: Patience = { attempts: 3, first: 1000 };
/** The program has ended: what is not taken now waits in the queue. */
const AT_END: Patience = { attempts: 2, first: 500 };

/**
 * @param gone ends with the program
 * @param tell a trouble, in one line; each is told once
 */
export async function follow(
  { path, address, everyMs, isNamed }: Followed,
  queue: PushQueue,
  server: Server,
  gone: AbortSignal,
  tell: (text: string) => void,
): Promise<void> {
  const told = new Set<string>();
  const tellOnce = (text: string) => {
    if (!told.has(text)) tell(text);
    told.add(text);
  };
  // Whoever reports for a program that was killed removes the file: this one can still be read.
  const open = openSync(path, "r");
  let before: Profile | undefined;
  for (let hasEnded = false; !hasEnded; ) {
    await wait(everyMs, undefined, { signal: gone }).catch(() => {});
    const { profile, isLast } = look(path, open);
    hasEnded = isLast || gone.aborted;
    if (profile !== undefined) {
      const since = profileSince(before, profile);
      if (!isEmpty(since)) add(queue, since, address, tellOnce);
      before = profile;
    }
    if (isLast && !isNamed) removeRun(path);
    const [patience, signal] = hasEnded ? [AT_END] : [WHILE_RUNNING, gone];
    sayTrouble(await drain(queue, server, patience, () => {}, signal), tellOnce);
  }
}

/** `isLast`: nothing will follow, and nobody else needs the file. */
function look(path: string, open: number): { profile?: Profile; isLast: boolean } {
  const run = readRun(path);
  if (typeof run === "object") return { profile: run.profile, isLast: run.first.hasEnded };
  if (run !== undefined) return { isLast: false };
  const kept = readKeptFile(open);
  return { ...(typeof kept === "object" && { profile: profileOfKept(kept, []) }), isLast: true };
}

function add(queue: PushQueue, profile: Profile, address: Address, tell: (text: string) => void): void {
  const dropped = queue.add(packProfile(profile, address));
  if (dropped > 0) tell("the queue is full: the oldest profiles are dropped");
}

function sayTrouble({ refused, unreached }: Drained, tell: (text: string) => void): void {
  for (const why of refused) tell(`the server refuses profiles: ${why}`);
  if (unreached !== undefined) tell(`the server does not answer, profiles wait in the queue: ${unreached}`);
}
