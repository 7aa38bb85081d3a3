/**
 * Reads a snapshot beside the program that wrote it, so that the program pays for none of this: `reader-process.js FILE
 * [keys]`, the keys as JSON; what it finds goes to standard output, as JSON.
 */
import { findChains } from "./find-chains.ts";
import { readSnapshot } from "./read-snapshot.ts";

const [file, keys] = process.argv.slice(2);
const wanted: string[] | undefined = keys === undefined ? undefined : JSON.parse(keys);
const snapshot = readSnapshot(file!);
process.stdout.write(JSON.stringify(findChains(snapshot, wanted && ((key) => wanted.includes(key)))));
