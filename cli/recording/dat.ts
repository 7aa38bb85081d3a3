import { type Recording, readRecords } from "../../contract/recording.ts";

const DECODER = new TextDecoder();

/** A `.dat` file, ours or the reference's. */
export function readDat(file: Uint8Array): Recording {
  return readRecords(file, (bytes) => DECODER.decode(bytes));
}
