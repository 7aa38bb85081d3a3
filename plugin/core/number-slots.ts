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
    const begin = counted.find(({ isFirst }) => isFirst);
    const isOwn = begin?.starts && starts.get(begin.line) === 1;
    const { at } = probes[0]!;
    if (isOwn) slots.calls.push([begin.line, at.line, at.endLine]);
    else if (index === 0) addEntry(probes, slots);
    for (const each of counted) place(each, slots, isOwn === true && each === begin);
  });
  return slots.table();
}

function place({ site, line, method, store, starts, amount, closes }: Counted, slots: Slots, isEntry: boolean): void {
  if (!starts) {
    site.counter = { method, slot: slots.addOwn(line, amount) };
    return;
  }
  const isOnlyCounted = amount === NONE && !closes && !isEntry && method === "line";
  slots.mark(line, isOnlyCounted ? SLOT_COUNTED : KINDS[amount]);
  site.counter = { method: isOnlyCounted ? "count" : method, slot: line, ...(store === undefined ? {} : { store }) };
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

  table(): SlotTable {
    const kinds = [...this.rows, ...this.own.map(({ kind }) => kind)].join("");
    return { kinds, lines: this.own.map(({ line }) => line), calls: this.calls };
  }
}
