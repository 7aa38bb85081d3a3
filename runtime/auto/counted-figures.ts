/** What a listing of mode `auto` writes into its sheet besides what charging does. */
import type { SlotTable } from "../../contract/module-table.ts";
import { type Listing, NOTHING, TALLY_ASIDE } from "../core/state.ts";
import type { Slots } from "./slots.ts";

export class CountedFigures {
  private readonly listing: Listing;
  private readonly slots: Slots;
  private readonly table: SlotTable;
  private readonly rowCount: number;
  /** What was read beside it when the outermost call began. */
  private readonly asideAtEntry = new Float64Array(3);

  constructor(listing: Listing, slots: Slots, table: SlotTable, rowCount: number) {
    this.listing = listing;
    this.slots = slots;
    this.table = table;
    this.rowCount = rowCount;
  }

  /** A line that cannot allocate has the reading at which it began. */
  sawAt(line: number): void {
    const { sheet, start, stride, shift } = this.listing;
    const cell = line * stride + shift;
    for (let m = 0; m < start.length; m++) {
      if (start[m]! > sheet[cell + 2 + 2 * m]!) sheet[cell + 2 + 2 * m] = start[m]!;
    }
  }

  recordEntry(): void {
    const { sheet, start, first, stride, shift } = this.listing;
    const row = first * stride + shift;
    for (let m = 0; m < start.length; m++) {
      if (Number.isNaN(sheet[1 + m])) sheet[1 + m] = start[m]!;
      if (start[m]! > sheet[row + 2 + 2 * m]!) sheet[row + 2 + 2 * m] = start[m]!;
    }
  }

  readAside(isEntry: boolean): void {
    const { aside, tallies } = this.listing;
    if (aside === undefined) return;
    aside.read();
    for (let i = 0; i < 3; i++) {
      const now = aside.now[i]!;
      if (now > tallies[TALLY_ASIDE + 2 * i]!) tallies[TALLY_ASIDE + 2 * i] = now;
      if (isEntry) this.asideAtEntry[i] = now;
      else tallies[TALLY_ASIDE + 1 + 2 * i] = tallies[TALLY_ASIDE + 1 + 2 * i]! + (now - this.asideAtEntry[i]!);
    }
  }

  /** Moves what was counted into the sheet. @param share puts there what hot lines are estimated to have taken */
  harvest(share: () => void): void {
    const { listing, slots, table, rowCount } = this;
    const { sheet, first, stride, shift } = listing;
    const counts = slots.takeCounts();
    if (sheet === undefined) return;
    const calls = counts[table.calls[0]! - first]!;
    sheet[0] = sheet[0]! + calls;
    sheet[first * stride + shift] = sheet[first * stride + shift]! + calls;
    share();
    let seen = first * stride + shift;
    for (let i = 0; i < rowCount; i++) {
      const row = (first + i) * stride + shift;
      sheet[row] = sheet[row]! + counts[i]!;
      if (sheet[row + 2] !== NOTHING) seen = row;
      // What is only counted shows what was last read before it.
      else if (sheet[row] !== 0) for (let m = 2; m < stride; m += 2) sheet[row + m] = sheet[seen + m]!;
    }
    for (const n of table.starts) {
      const row = table.lines[n - first - rowCount]! * stride + shift;
      sheet[row] = sheet[row]! + counts[n - first]!;
    }
  }
}
