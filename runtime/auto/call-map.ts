import { SLOT_CLOSES, SLOT_COUNTED, SLOT_NONE, type SlotTable } from "../../contract/module-table.ts";

const NO_CALL = -1;
const SILENT: readonly string[] = [SLOT_CLOSES, SLOT_COUNTED, SLOT_NONE];

/** Which function of a listing a counter is of, and which counter begins its calls. Functions by their place in `calls`. */
export class CallMap {
  private readonly first: number;
  private readonly begins: Int32Array;
  private readonly owners: Int32Array;
  /** The lines of each function that can allocate, by their place among the slots. */
  readonly loud: readonly (readonly number[])[];

  constructor({ kinds, calls, owners = [] }: SlotTable, first: number) {
    this.first = first;
    this.begins = new Int32Array(kinds.length).fill(NO_CALL);
    this.owners = Int32Array.from(kinds, (_, i) => owners[i] ?? 0);
    calls.forEach((slot, call) => {
      this.begins[slot - first] = call;
    });
    this.loud = calls.map((_, call) =>
      Array.from(kinds, (kind, i) => (this.owners[i] === call && !SILENT.includes(kind) ? i : NO_CALL)).filter(
        (i) => i >= 0,
      ),
    );
  }

  /** The function whose calls begin with slot `n`, negative for none. */
  begunBy(n: number): number {
    return this.begins[n - this.first]!;
  }

  /** The function that slot `n` is of. */
  of(n: number): number {
    return this.owners[n - this.first]!;
  }

  /** No line of it can allocate, so nothing is ever open in it: what called it goes on meanwhile. */
  isSilent(call: number): boolean {
    return this.loud[call]!.length === 0;
  }
}
