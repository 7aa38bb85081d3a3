import type { SlotTable } from "../../contract/module-table.ts";

/** Which function of a listing a line is of, and which counter begins its calls. */
export class CallMap {
  private readonly calls: SlotTable["calls"];
  /** By line, as far as it was asked. */
  private readonly known: (number | undefined)[] = [];

  constructor(calls: SlotTable["calls"]) {
    this.calls = calls;
  }

  /** The index of the function whose calls begin with slot `n`, -1 for none. */
  begunBy(n: number): number {
    const { calls } = this;
    for (let i = 0; i < calls.length; i++) if (calls[i]![0] === n) return i;
    return -1;
  }

  /** The innermost function round a line. */
  of(line: number): number {
    const at = line - this.calls[0]![1];
    const found = this.known[at] ?? this.find(line);
    this.known[at] = found;
    return found;
  }

  private find(line: number): number {
    const { calls } = this;
    let found = 0;
    for (let i = 1; i < calls.length; i++) {
      const { 1: first, 2: last } = calls[i]!;
      const { 1: outerFirst, 2: outerLast } = calls[found]!;
      if (line >= first && line <= last && (found === 0 || (first >= outerFirst && last <= outerLast))) found = i;
    }
    return found;
  }
}
