import { piecesOf } from "./forms.ts";
import type { Probe } from "./plan.ts";

/**
 * How deep what we write may nest. V8's parser gives up where its stack ends: on Node's default of 984 KB at 1,380 calls
 * in each other, at 485 if each has two wrappers. A program as deep as this by itself is rarer than one that fails to start.
 */
const DEEPEST = 250;

/**
 * @param text where a file without many brackets in each other needs no closer look
 * @param functions the probes of each function
 * @returns the indices of those in which more than DEEPEST wrappers stand round one place
 */
export function tooDeep<N>(text: string, functions: readonly (readonly Probe<N>[])[]): Set<number> {
  if (bracketsIn(text) < DEEPEST / 4) return new Set();
  const wrappers = functions.flatMap((probes, index) =>
    probes
      .filter((probe) => piecesOf(probe).some(({ code }) => nests(code)))
      .map(({ at: { start, end } }) => ({ start, end, index })),
  );
  wrappers.sort((a, b) => a.start - b.start || b.end - a.end);
  const deep = new Set<number>();
  const open: number[] = [];
  for (const { start, end, index } of wrappers) {
    while (open.length > 0 && open.at(-1)! <= start) open.pop();
    open.push(end);
    if (open.length > DEEPEST) deep.add(index);
  }
  return deep;
}

const known = new Map<string, boolean>();

/** Whether a piece stands round what is there, in brackets of its own. */
function nests(code: string): boolean {
  const answer = known.get(code) ?? /[({][^$]*\$it/.test(code.replace(/\([^($]*\)/g, ""));
  known.set(code, answer);
  return answer;
}

/** How many brackets are open at once, at most; those in texts count, too. */
function bracketsIn(text: string): number {
  let [open, most] = [0, 0];
  for (const [bracket] of text.matchAll(/[([{}\])]/g)) {
    open = "([{".includes(bracket) ? open + 1 : Math.max(0, open - 1);
    if (open > most) most = open;
  }
  return most;
}
