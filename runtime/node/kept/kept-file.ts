import { Buffer, closeSync, crc32, fstatSync, openSync, rmSync, writevSync } from "../builtins.ts";
import {
  DESCRIPTION,
  type Description,
  FIRST_SEGMENT,
  KEPT_VERSION,
  MAGIC,
  PLACE_AT,
  PLACE_CHECK,
  PLACE_LENGTH,
  type Rest,
  SEGMENT_HEADER,
  SLOT_CHECK,
  SLOT_FIGURES,
  SLOT_LENGTH,
  SLOT_REST,
  SLOT_SEQUENCE,
  SLOTS,
} from "./format.ts";

const SMALLEST_SLOT = 32 * 1024;
const NO_BYTES = Buffer.alloc(0);

/** Writes a kept file. What cannot be written throws, and the file is as it was before. */
export class KeptFile {
  readonly path: string;
  private readonly fd: number;
  private readonly identity: string;
  /** Where the next segment goes. */
  private end = FIRST_SEGMENT;
  /** Where the slots are, and the bytes of each. */
  private slots = 0;
  private capacity = 0;
  private sequence = 0;
  /** SLOT_*, to be filled before `write`. */
  readonly slot = new Float64Array(SLOT_LENGTH);
  private readonly slotBytes = Buffer.from(this.slot.buffer);
  /** PLACE_*, to be filled before `writePlace`. */
  readonly place = new Float64Array(PLACE_LENGTH);
  private readonly placeBytes = Buffer.from(this.place.buffer);
  private readonly checkedPlace = this.placeBytes.subarray(0, PLACE_CHECK * Float64Array.BYTES_PER_ELEMENT);

  /** @param isNew the file must not be there yet @throws Error if it cannot be made */
  constructor(path: string, isNew: boolean) {
    this.path = path;
    // Nobody else's business, and no other's file.
    this.fd = openSync(path, isNew ? "wx+" : "w+", 0o600);
    const version = new Float64Array([KEPT_VERSION]);
    this.identity = this.identify();
    this.writeAt(0, [Buffer.from(MAGIC, "latin1"), Buffer.from(version.buffer)]);
    this.writePlace();
  }

  describe(description: Description): void {
    this.append(DESCRIPTION, [Buffer.from(JSON.stringify(description))]);
  }

  /** Writes what is known into the slot that is not the newest. `slot` has the rest. */
  write(figures: readonly Uint8Array[], rest: Rest | undefined): void {
    const { slot, slotBytes } = this;
    const tail = rest === undefined ? NO_BYTES : Buffer.from(JSON.stringify(rest));
    let length = 0;
    for (const part of figures) length += part.length;
    const needed = slotBytes.length + length + tail.length;
    if (needed > this.capacity) this.appendSlots(needed);
    const sequence = this.sequence + 1;
    slot[SLOT_SEQUENCE] = sequence;
    slot[SLOT_FIGURES] = length / Float64Array.BYTES_PER_ELEMENT;
    slot[SLOT_REST] = tail.length;
    slot[SLOT_CHECK] = 0;
    slot[SLOT_CHECK] = checkOf([slotBytes, ...figures, tail]);
    this.writeAt(this.slots + (sequence % 2) * this.capacity, [slotBytes, ...figures, tail]);
    this.sequence = sequence;
  }

  private identify(): string {
    const { dev, ino } = fstatSync(this.fd);
    return `${dev}:${ino}`;
  }

  /** Where control is, by itself: 48 bytes. */
  writePlace(): void {
    this.place[PLACE_CHECK] = crc32(this.checkedPlace);
    this.writeAt(PLACE_AT, [this.placeBytes]);
  }

  /** Nothing is written any more. */
  close(): void {
    closeSync(this.fd);
  }

  remove(): void {
    this.close();
    rmSync(this.path, { force: true });
  }

  /** Room for twice what there is, so that it is seldom moved. */
  private appendSlots(needed: number): void {
    const capacity = Math.max(SMALLEST_SLOT, Math.ceil((2 * needed) / 4096) * 4096);
    const at = this.end + SEGMENT_HEADER;
    this.append(SLOTS, [], 2 * capacity);
    this.slots = at;
    this.capacity = capacity;
  }

  /** @param room bytes besides what is written now */
  private append(kind: number, payload: readonly Buffer[], room = 0): void {
    const length = payload.reduce((sum, each) => sum + each.length, room);
    const header = Buffer.alloc(SEGMENT_HEADER);
    header.writeUInt32LE(kind, 0);
    header.writeUInt32LE(checkOf(payload), 4);
    header.writeDoubleLE(length, 16);
    header.writeUInt32LE(headerCheck(header), 8);
    this.writeAt(this.end, [header, ...payload]);
    this.end += SEGMENT_HEADER + Math.ceil(length / 8) * 8;
  }

  private writeAt(position: number, parts: readonly Uint8Array[]): void {
    let total = 0;
    for (const part of parts) total += part.length;
    // A program may close what it does not know, and open its own in the place of it.
    if (this.identify() !== this.identity) throw new Error("the program has closed the file");
    const written = writevSync(this.fd, parts, position);
    if (written !== total) throw new Error(`only ${written} of ${total} bytes could be written`);
  }
}

/** The check of a segment's header: of its kind, its payload's check and its length. */
export function headerCheck(header: Buffer): number {
  return checkOf([header.subarray(16, 24), header.subarray(0, 8)]);
}

/** Of all parts, one behind the other. */
export function checkOf(parts: readonly Uint8Array[]): number {
  let check = 0;
  // Of nothing at all it may be 0, whatever came before.
  for (const part of parts) if (part.length > 0) check = crc32(part, check);
  return check;
}
