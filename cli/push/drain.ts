/** Empties a queue into a server, the oldest parcel first. */
import type { PushQueue } from "./push-queue.ts";
import { type Patience, type Server, send } from "./server.ts";

export interface Drained {
  sent: number;
  /** Of those that the server will never take: what it said. */
  refused: string[];
  /** Why the rest waits. */
  unreached?: string;
}

/** @param tell progress and attempts that failed, a line each */
export async function drain(
  queue: PushQueue,
  server: Server,
  patience: Patience,
  tell: (text: string) => void,
  signal?: AbortSignal,
): Promise<Drained> {
  const drained: Drained = { sent: 0, refused: [] };
  const passed = new Set<string>();
  const all = queue.length;
  for (;;) {
    const claimed = queue.claim(passed);
    if (claimed === undefined) return drained;
    const answer = await send(server, claimed.parcel, patience, tell, signal);
    if (answer.kind === "unreached") {
      claimed.release();
      return { ...drained, unreached: answer.why };
    }
    claimed.remove();
    if (answer.kind === "refused") drained.refused.push(answer.why);
    else drained.sent++;
    if (all > 1) tell(`${passed.size} of ${all} sent`);
  }
}
