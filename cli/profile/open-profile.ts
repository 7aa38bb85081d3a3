/** The profile that a command is asked about: of a JSON file, or of what was kept of a program. */
import { readFileSync } from "node:fs";
import { MprofError } from "../../contract/errors.ts";
import type { Profile } from "../../contract/profile.ts";
import { readProfile } from "../../contract/read-profile.ts";
import { MAGIC } from "../../runtime/node/kept/format.ts";
import { type Io, UsageError } from "../command.ts";
import { namedFile } from "../named-file.ts";
import { readRun } from "../report/read-run.ts";

/** Whether a file is one in which figures were kept while a program ran, an empty one included. */
export function isKept(path: string): boolean {
  const bytes = readFileSync(path);
  return bytes.length === 0 || bytes.subarray(0, MAGIC_BYTES.length).equals(MAGIC_BYTES);
}

const MAGIC_BYTES = Buffer.from(MAGIC);

/** @throws UsageError for a file that is missing, cut off, of something else, or of a newer mprof */
export function openProfile(name: string, io: Io): Profile {
  const path = namedFile(name, io);
  if (isKept(path)) {
    const run = readRun(path);
    if (run !== undefined && typeof run !== "string") return run.profile;
    throw new UsageError(`${name} is no report: ${run ?? "it is empty"}`, "Name another file.");
  }
  try {
    return readProfile(readFileSync(path, "utf8"));
  } catch (error) {
    if (!(error instanceof MprofError)) throw error;
    const [what = "", cure = ""] = error.message.replace("[mprof] ", "").split("\n  ");
    throw new UsageError(`${name}: ${what}`, cure);
  }
}
