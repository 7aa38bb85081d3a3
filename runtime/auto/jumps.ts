import type { HotLine } from "./hot-line.ts";

/** A jump that cannot be shown to be one line's. */
export interface Ambiguous {
  bytes: number;
  candidates: readonly HotLine[];
}

/** A line that always takes as much, by this much less or more, has taken what came, and others no more of it than so much. */
const LIKE_IT = [0.5, 2] as const;
const NOT_LIKE_IT = 0.1;

/** What the heap grows by far beyond what lines have shown. Bytes. */
export class Jumps {
  readonly ambiguous: Ambiguous[] = [];

  /**
   * An event: of the one line of a listing that can have been it. Or no event: what the samples of one line have not shown.
   *
   * @param grown what the window has grown by with it
   * @param lines those of all listings
   * @param arriving the one that begins now, and does so counted already
   * @param running the one that began when the jump did
   */
  charge(
    bytes: number,
    grown: number,
    lines: readonly HotLine[],
    arriving: HotLine | undefined,
    running: HotLine | undefined,
  ): void {
    const groups = new Map<object, HotLine[]>();
    const ran = lines.filter(
      (line) => line.isUnbounded && (line === running || line.sinceSeen > (line === arriving ? 1 : 0)),
    );
    // One that only reads or calculates as a rule it was where there is no other.
    const likely = ran.some(({ isAny }) => isAny) ? ran.filter(({ isAny }) => isAny) : ran;
    for (const line of likely) {
      const group = groups.get(line.group);
      if (group) group.push(line);
      else groups.set(line.group, [line]);
    }
    for (const group of groups.values()) {
      // Growths that are followed are read when they come: it was one of the others, if there are any.
      const others = group.filter(({ growth }) => !growth.isFollowed);
      const candidates = others.length > 0 ? others : group;
      const one = candidates.length === 1 ? candidates[0] : alwaysTaking(grown, candidates);
      if (one !== undefined) one.add(bytes);
      else this.keep(bytes, candidates);
    }
  }

  private keep(bytes: number, candidates: readonly HotLine[]): void {
    const same = ({ candidates: known }: Ambiguous) =>
      known.length === candidates.length && known.every((line, i) => line === candidates[i]);
    const known = this.ambiguous.find(same);
    if (known) known.bytes += bytes;
    else this.ambiguous.push({ bytes, candidates });
  }
}

/** The one of `lines` that takes `bytes` whenever it runs as often as it has. */
function alwaysTaking(bytes: number, lines: readonly HotLine[]): HotLine | undefined {
  const [least, most] = LIKE_IT;
  let one: HotLine | undefined;
  for (const line of lines) {
    const usual = line.average * line.sinceSeen;
    if (usual < NOT_LIKE_IT * bytes) continue;
    if (one !== undefined || bytes < least * usual || bytes > most * usual) return undefined;
    one = line;
  }
  return one;
}
