import { readFileSync, rmSync } from "node:fs";
import type { Profile } from "../../contract/profile.ts";
import { FIRST_SEGMENT } from "../../runtime/node/kept/format.ts";
import { partsOf } from "../../runtime/node/kept/kept-folder.ts";
import { NO_SURVIVORS, profileOfKept } from "../../runtime/node/kept/profile-of-kept.ts";
import { type Kept, readKept } from "../../runtime/node/kept/read-kept.ts";

/** What is kept of a program: its first process, and the others that took part. */
export interface KeptRun {
  path: string;
  first: Kept;
  others: Kept[];
  profile: Profile;
  /** What is missing, one sentence each. */
  problems: string[];
}

/** @returns a sentence if the file cannot be read; undefined if there is none */
export function readRun(path: string): KeptRun | string | undefined {
  const first = readKeptFile(path);
  if (first === undefined || typeof first === "string") return first;
  const others: Kept[] = [];
  const problems = [...first.problems, ...(first.head.profile.survivors ? [NO_SURVIVORS] : [])];
  for (const part of partsOf(path)) {
    const read = readKeptFile(part);
    if (typeof read === "string") problems.push(`${part}: ${read}`);
    else if (read !== undefined) {
      others.push(read);
      problems.push(...read.problems);
    }
  }
  return { path, first, others, profile: profileOfKept(first, others), problems };
}

/** Nobody needs it any more. */
export function removeRun(path: string): void {
  for (const file of [path, ...partsOf(path)]) rmSync(file, { force: true });
}

/** @param file a path, or an open file of which nothing has been read */
export function readKeptFile(file: string | number): Kept | string | undefined {
  try {
    const bytes = readFileSync(file);
    // The process had not come so far that there was anything to know.
    return bytes.length <= FIRST_SEGMENT ? undefined : readKept(bytes);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    return `it cannot be read: ${(error as Error).message}`;
  }
}
