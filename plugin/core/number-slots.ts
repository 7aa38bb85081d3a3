import {
  SLOT_BOUNDED,
  SLOT_CLOSES,
  SLOT_COUNTED,
  SLOT_NONE,
  SLOT_QUIET,
  SLOT_STORES,
  SLOT_UNBOUNDED,
  type SlotTable,
} from "../../contract/module-table.ts";
import { type Amount, BOUNDED, NONE } from "./amounts.ts";
import type { FoundFunction } from "./find-functions.ts";
import type { Counted } from "./flow.ts";
import type { CounterCall, Probe } from "./plan.ts";
import type { PlannedFunction } from "./plan-function.ts";

/** By amount. */
const KINDS = [SLOT_CLOSES, SLOT_QUIET, SLOT_BOUNDED, SLOT_STORES, SLOT_UNBOUNDED] as const;

/** Gives the calls of counters their slots. @param functions of one listing, its own first */
export function numberSlots<N>(
  functions: readonly (PlannedFunction<N> & { found: FoundFunction<N> })[],
  first: number,
  rowCount: number,
): SlotTable {
  const slots = new Slots(first, rowCount);
  const starts = new Map<number, number>();
  /** By function, as far as their calls have a counter. */
  const calls = new Map<FoundFunction<N>, number>();
  for (const { counted } of functions)
    for (const each of counted) if (each.starts) starts.set(each.line, (starts.get(each.line) ?? 0) + 1);
  functions.forEach(({ found, counted, probes }, index) => {
    const begin = counted.find(({ isFirst, starts }) => isFirst && starts);
    if (begin) {
      calls.set(found, slots.calls.length);
      slots.owner = slots.calls.length;
      // Where the row has other starts, too, the calls have a counter of their own.
      const slot = starts.get(begin.line) === 1 ? begin.line : slots.addStart(begin.line, begin.amount);
      slots.calls.push(slot);
      begin.site.counter = { method: begin.method, slot, ...detailsOf(begin) };
      if (slot === begin.line) slots.mark(slot, KINDS[begin.amount]);
    } else if (index === 0) addEntry(probes, slots);
    else slots.owner = ownerOf(found, calls);
    for (const each of counted) if (each !== begin) place(each, slots);
    if (slots.owner > 0) for (const probe of probes) probe.inner = slots.owner;
  });
  return slots.table();
}

/** Of a function whose calls have no counter: the innermost round it that has one. */
function ownerOf<N>(found: FoundFunction<N>, calls: ReadonlyMap<FoundFunction<N>, number>): number {
  for (let each = found.parent; each; each = each.parent) {
    const owner = calls.get(each);
    if (owner !== undefined) return owner;
  }
  return 0;
}

function detailsOf({ store, wakes }: Counted): Pick<CounterCall, "store" | "wakes"> {
  return { ...(store === undefined ? {} : { store }), ...(wakes ? { wakes } : {}) };
}

function place(counted: Counted, slots: Slots): void {
  const { site, line, method, starts, amount, closes, isEntry } = counted;
  if (!starts) {
    site.counter = { method, slot: slots.addOwn(line, amount), ...detailsOf(counted) };
    return;
  }
  // What a loop begins with is seldom, its rounds are many: one counter for both would never see the first.
  if (slots.isOthers(line) || (isEntry && amount > BOUNDED)) {
    site.counter = { method, slot: slots.addStart(line, amount), ...detailsOf(counted) };
    return;
  }
  const isOnlyCounted = amount === NONE && !closes && method === "line";
  slots.mark(line, isOnlyCounted ? SLOT_COUNTED : KINDS[amount]);
  site.counter = { method: isOnlyCounted ? "count" : method, slot: line, ...detailsOf(counted) };
}

/** The first line has other starts, too: a counter of its own for the calls. */
function addEntry<N>(probes: readonly Probe<N>[], slots: Slots): void {
  for (const probe of probes) {
    if (!("counted" in probe) || probe.counted === null) continue;
    probe.counted.entry = slots.addOwn(probe.at.line, NONE);
    slots.calls.push(probe.counted.entry);
    return;
  }
}

class Slots {
  readonly calls: SlotTable["calls"] = [];
  /** The function that slots are given to, by its place in `calls`. */
  owner = 0;
  private readonly starts: number[] = [];
  private readonly first: number;
  private readonly rows: string[];
  private readonly owners: number[];
  private readonly own: { kind: string; line: number; owner: number }[] = [];

  constructor(first: number, rowCount: number) {
    this.first = first;
    this.rows = Array(rowCount).fill(SLOT_NONE);
    this.owners = Array(rowCount).fill(0);
  }

  /** The row's counter is of another function that stands on the same line. */
  isOthers(line: number): boolean {
    const row = line - this.first;
    return this.rows[row] !== SLOT_NONE && this.owners[row] !== this.owner;
  }

  /** What closes or allocates wins over what is only counted. */
  mark(line: number, kind: string): void {
    const rank = (each: string) => [SLOT_NONE, SLOT_COUNTED, ...KINDS].indexOf(each);
    const row = line - this.first;
    this.owners[row] = this.owner;
    if (rank(kind) > rank(this.rows[row] ?? SLOT_NONE)) this.rows[row] = kind;
  }

  addOwn(line: number, amount: Amount): number {
    return this.first + this.rows.length + this.own.push({ kind: KINDS[amount], line, owner: this.owner }) - 1;
  }

  /** The same of one that is called where its line starts. */
  addStart(line: number, amount: Amount): number {
    const slot = this.addOwn(line, amount);
    this.starts.push(slot);
    return slot;
  }

  table(): SlotTable {
    const kinds = [...this.rows, ...this.own.map(({ kind }) => kind)].join("");
    const owners = [...this.owners, ...this.own.map(({ owner }) => owner)];
    const table: SlotTable = { kinds, lines: this.own.map(({ line }) => line), starts: this.starts, calls: this.calls };
    return this.calls.length > 1 ? { ...table, owners } : table;
  }
}
