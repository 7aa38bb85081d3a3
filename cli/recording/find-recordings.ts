import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { basename, resolve } from "node:path";
import type { Recording } from "../../contract/recording.ts";
import { type Io, UsageError } from "../command.ts";
import { readDat } from "./dat.ts";

const NAME = /^mprofile_\d{14}\.dat$/;

/** `mprofile_20261122120143.dat`: local time, to the second, which is all that the names of Python's mprof say. */
export function nameFor(date: Date): string {
  const two = (value: number) => String(value).padStart(2, "0");
  const day = `${date.getFullYear()}${two(date.getMonth() + 1)}${two(date.getDate())}`;
  return `mprofile_${day}${two(date.getHours())}${two(date.getMinutes())}${two(date.getSeconds())}.dat`;
}

/** The recordings of a folder, oldest first: what indices count. */
export function listRecordings(folder: string): string[] {
  return readdirSync(folder)
    .filter((name) => NAME.test(name))
    .sort();
}

/** `HH:MM:SS DD/MM/YYYY` from a recording's name. */
export function dateOf(name: string): string {
  const [, year, month, day, hour, minute, second] = /(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)\.dat$/.exec(name)!;
  return `${hour}:${minute}:${second} ${day}/${month}/${year}`;
}

/**
 * A file by its path, or by its index in the folder: 0 the oldest, -1 the newest.
 *
 * @returns the path as a person would write it
 * @throws UsageError if there is no such file or index
 */
export function findRecording(wanted: string, folder: string): string {
  if (/^-?\d+$/.test(wanted) && !existsSync(resolve(folder, wanted))) {
    const names = listRecordings(folder);
    const index = Number(wanted);
    const name = names[index < 0 ? names.length + index : index];
    if (name !== undefined) return name;
    const range =
      names.length === 0 ? "There are none in this folder." : `There are ${names.length}: mprof list shows them.`;
    throw new UsageError(`there is no recording with the index ${wanted}`, range);
  }
  const path = resolve(folder, wanted);
  if (!existsSync(path)) throw new UsageError(`there is no such recording: ${wanted}`, `Looked for ${path}.`);
  if (!statSync(path).isFile())
    throw new UsageError(`this is no recording but a folder: ${wanted}`, "Name a .dat file.");
  return wanted;
}

/** The newest recording of a folder. @throws UsageError if there is none */
export function newestRecording(folder: string): string {
  const name = listRecordings(folder).at(-1);
  if (name === undefined)
    throw new UsageError("there is no recording in this folder", "mprof run <program> makes one.");
  return name;
}

/**
 * Says what the file holds besides records.
 *
 * @throws UsageError if it cannot be read, or holds no memory values
 */
export function readRecording(path: string, { cwd, error: say }: Pick<Io, "cwd" | "error">): Recording {
  let bytes: Buffer;
  try {
    bytes = readFileSync(resolve(cwd, path));
  } catch (error) {
    throw new UsageError(`${path} cannot be read: ${(error as Error).message}`, "Check its rights.");
  }
  const recording = readDat(bytes);
  if (recording.samples.length === 0) {
    throw new UsageError(
      `no memory values in ${basename(path)}`,
      "The program may have ended before the first sample; try a shorter interval, -T 0.01.",
    );
  }
  const { skipped } = recording;
  if (skipped > 0) {
    const what = `left out of ${basename(path)}: ${skipped} line${skipped === 1 ? " that is no record" : "s that are no records"}`;
    say(`[mprof] ${what}\n  A newer mprof may have written them; everything else was read.\n`);
  }
  return recording;
}
