/** What V8's samples say of a part of the program: a difference of two runs would not show one per cent. */

/** A `.cpuprofile`. */
export interface Sampled {
  nodes: { id: number; callFrame: CallFrame; children?: number[] }[];
  samples: number[];
  timeDeltas: number[];
}

export interface CallFrame {
  functionName: string;
  url: string;
}

/**
 * The share of the time in which the program worked that lies below functions that are `own`.
 *
 * @param begins the first sample of such a function is where the time begins
 */
export function shareBelow(
  { nodes, samples, timeDeltas }: Sampled,
  own: (frame: CallFrame) => boolean,
  begins: (frame: CallFrame) => boolean,
): number {
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const below = new Set<number>();
  const look = (id: number, isBelow: boolean) => {
    const { callFrame, children = [] } = byId.get(id)!;
    const isOwn = isBelow || own(callFrame);
    if (isOwn) below.add(id);
    for (const child of children) look(child, isOwn);
  };
  look(nodes[0]!.id, false);
  const time = { all: 0, own: 0 };
  const begin = samples.findIndex((id) => begins(byId.get(id)!.callFrame));
  samples.forEach((id, i) => {
    if (i < begin || byId.get(id)!.callFrame.functionName === "(idle)") return;
    time.all += timeDeltas[i]!;
    if (below.has(id)) time.own += timeDeltas[i]!;
  });
  return time.own / time.all;
}
