import {
  SLOT_BOUNDED,
  SLOT_CLOSES,
  SLOT_COUNTED,
  SLOT_NONE,
  SLOT_STORES,
  SLOT_UNBOUNDED,
  type SlotTable,
} from "../../contract/module-table.ts";
import { type Amount, NONE } from "./amounts.ts";
import type { Counted } from "./flow.ts";
import type { Probe } from "./plan.ts";
import type { PlannedFunction } from "./plan-function.ts";

/** By amount. */
const KINDS = [SLOT_CLOSES, SLOT_BOUNDED, SLOT_STORES, SLOT_UNBOUNDED] as const;

/** Gives the calls of counters their slots. @param functions of one listing, its own first */
export function numberSlots<N>(functions: readonly PlannedFunction<N>[], first: number, rowCount: number): SlotTable {
  const slots = new Slots(first, rowCount);
  const starts = new Map<number, number>();
  for (const { counted } of functions)
    for (const each of counted) if (each.starts) starts.set(each.line, (starts.get(each.line) ?? 0) + 1);
  functions.forEach(({ counted, probes }, index) => {
    const begin = counted.find(({ isFirst, starts }) => isFirst && starts);
    const { at } = probes[0]!;
    if (begin) {
      // Where the row has other starts, too, the calls have a counter of their own.
      const slot = starts.get(begin.line) === 1 ? begin.line : slots.addStart(begin.line, begin.amount);
      slots.calls.push([slot, at.line, at.endLine]);
      begin.site.counter = { method: begin.method, slot, ...storeOf(begin) };
      if (slot === begin.line) slots.mark(slot, KINDS[begin.amount]);
    } else if (index === 0) addEntry(probes, slots);
    for (const each of counted) if (each !== begin) place(each, slots);
  });
  return slots.table();
}

function storeOf({ store }: Counted): { store?: string } {
  return store === undefined ? {} : { store };
}

function place(counted: Counted, slots: Slots): void {
  const { site, line, method, starts, amount, closes } = counted;
  if (!starts) {
    site.counter = { method, slot: slots.addOwn(line, amount) };
    return;
  }
  const isOnlyCounted = amount === NONE && !closes && method === "line";
  slots.mark(line, isOnlyCounted ? SLOT_COUNTED : KINDS[amount]);
  site.counter = { method: isOnlyCounted ? "count" : method, slot: line, ...storeOf(counted) };
}

/** The first line has other starts, too: a counter of its own for the calls. */
function addEntry<N>(probes: readonly Probe<N>[], slots: Slots): void {
  for (const probe of probes) {
    if (!("counted" in probe) || probe.counted === null) continue;
    probe.counted.entry = slots.addOwn(probe.at.line, NONE);
    slots.calls.push([probe.counted.entry, probe.at.line, probe.at.endLine]);
    return;
  }
}

class Slots {
  readonly calls: SlotTable["calls"] = [];
  private readonly starts: number[] = [];
  private readonly first: number;
  private readonly rows: string[];
  private readonly own: { kind: string; line: number }[] = [];

  constructor(first: number, rowCount: number) {
    this.first = first;
    this.rows = Array(rowCount).fill(SLOT_NONE);
  }

  /** What closes or allocates wins over what is only counted. */
  mark(line: number, kind: string): void {
    const rank = (each: string) => [SLOT_NONE, SLOT_COUNTED, ...KINDS].indexOf(each);
    const row = line - this.first;
    if (rank(kind) > rank(this.rows[row] ?? SLOT_NONE)) this.rows[row] = kind;
  }

  addOwn(line: number, amount: Amount): number {
    return this.first + this.rows.length + this.own.push({ kind: KINDS[amount], line }) - 1;
  }

  /** The same of one that is called where its line starts. */
  addStart(line: number, amount: Amount): number {
    const slot = this.addOwn(line, amount);
    this.starts.push(slot);
    return slot;
  }

  table(): SlotTable {
    const kinds = [...this.rows, ...this.own.map(({ kind }) => kind)].join("");
    return { kinds, lines: this.own.map(({ line }) => line), starts: this.starts, calls: this.calls };
  }
}
