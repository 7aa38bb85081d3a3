/** A maximum of memory that is looked at with every reading. Costs nothing where there is none: readers are then as they are. */
import { MIB } from "../../contract/units.ts";
import { type ExactReader, type Listing, NO_LINE } from "../core/state.ts";
import { formatFixed } from "../reporters/format-fixed.ts";
import { wrapReader } from "./wrap-reader.ts";

/** Where memory was first found above the maximum. */
export interface Excess {
  /** `Current memory 206.52 MiB exceeded the maximum of 100.00 MiB`, as the reference says it. */
  message: string;
  /** `app.ts:8, in load`: the line that has just run. */
  place: string;
}

export class MemoryLimit {
  /** MiB. */
  private readonly maximum: number;
  private readonly onExcess: (excess: Excess) => void;
  private isOver = false;

  /** @param onExcess called once, directly after the first line after which memory is above `maximum`; what it throws, the program gets */
  constructor(maximum: number, onExcess: (excess: Excess) => void) {
    this.maximum = maximum;
    this.onExcess = onExcess;
  }

  /** A reader for one listing that does what `reader` does, and looks at the result. */
  watch(reader: ExactReader, listing: Listing, { file, name }: { file: string; name: string }): ExactReader {
    const look = (bytes: number) => {
      if (this.isOver || listing.open === NO_LINE || bytes <= this.maximum * MIB) return;
      this.isOver = true;
      const [current, most] = [bytes / MIB, this.maximum].map((value) => formatFixed(value, 2));
      const message = `Current memory ${current} MiB exceeded the maximum of ${most} MiB`;
      this.onExcess({ message, place: `${file}:${listing.open}, in ${name}` });
    };
    return wrapReader(reader, () => {
      reader.read();
      look(reader.now[0]!);
    });
  }
}
