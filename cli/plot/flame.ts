import type { FunctionCall } from "../../contract/recording.ts";
import type { Curves } from "./curves.ts";

/** More rectangles than this cannot be told apart. */
const MOST_DRAWN = 3000;
/** A share of the width: what is thinner cannot be seen. */
const HAIR = 1 / 2000;

export interface Flame {
  /** In the order of their starts. */
  drawn: LaidCall[];
  /** Seconds. */
  hair: number;
  /** How many calls are too short, or too many, to be seen. */
  left: number;
}

export interface LaidCall extends FunctionCall {
  /** From 0, the lowest. */
  row: number;
}

/** The calls that can be seen, the longest if they are too many, each in a row of its own while it lasts. */
export function flameOf({ calls, main }: Pick<Curves, "calls" | "main">): Flame {
  const length = ({ enter, exit }: FunctionCall) => exit.time - enter.time;
  const hair = ((main.at(-1)?.time ?? 0) - (main[0]?.time ?? 0)) * HAIR;
  const wide = calls.filter((call) => length(call) >= hair);
  const shortest = wide.length <= MOST_DRAWN ? 0 : wide.map(length).sort((a, b) => b - a)[MOST_DRAWN - 1]!;
  const drawn = layOut(wide.filter((call) => length(call) >= shortest).slice(0, MOST_DRAWN));
  return { drawn, hair, left: calls.length - drawn.length };
}

/** Async calls run side by side at one level, and what they call later has a lower one: it goes up to the first free row. */
function layOut(calls: readonly FunctionCall[]): LaidCall[] {
  const ends: number[] = [];
  return calls.map((call) => {
    let row = call.level;
    while ((ends[row] ?? Number.NEGATIVE_INFINITY) > call.enter.time) row++;
    ends[row] = call.exit.time;
    return { ...call, row };
  });
}
