import { piecesOf } from "./forms.ts";
import type { Probe } from "./plan.ts";

/**
 * How deep what we write may nest. V8's parser gives up where its stack ends: on Node's default of 984 KB at 1,380 calls
 * in each other, at 485 if each has two wrappers. A program as deep as this by itself is rarer than one that fails to start.
 */
const DEEPEST = 250;

interface Wrapper<N> {
  probe: Probe<N>;
  /** Of the function that it belongs to. */
  index: number;
}

/**
 * Brackets in the text say nothing of it: links and arms of `?:` nest without any.
 *
 * @param functions the probes of each function
 * @returns the indices of those in which more than DEEPEST wrappers stand round one place
 */
export function tooDeep<N>(functions: readonly (readonly Probe<N>[])[]): Set<number> {
  const probes = functions.flatMap((each, index) => each.map((probe) => ({ probe, index })));
  probes.sort(({ probe: { at: a } }, { probe: { at: b } }) => a.start - b.start || b.end - a.end);
  // Most files do not even have as many probes round one place, whatever those write.
  const deep = beyondDeepest(probes);
  if (deep.size === 0) return deep;
  return beyondDeepest(probes.filter(({ probe }) => piecesOf(probe).some(({ code }) => nests(code))));
}

function beyondDeepest<N>(wrappers: readonly Wrapper<N>[]): Set<number> {
  const deep = new Set<number>();
  const open: number[] = [];
  for (const { probe, index } of wrappers) {
    const { start, end } = probe.at;
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
