/** The profile that a command is asked about: of a JSON file, or of what was kept of a program. */
import { readFileSync } from "node:fs";
import { MprofError } from "../../contract/errors.ts";
import type { Profile } from "../../contract/profile.ts";
import { readProfile } from "../../contract/read-profile.ts";
import { MAGIC } from "../../runtime/node/kept/format.ts";
import { type Io, UsageError } from "../command.ts";
import { namedFile } from "../named-file.ts";
import { readRun } from "../report/read-run.ts";

const MAGIC_BYTES = Buffer.from(MAGIC);

/** @throws UsageError for a file that is missing, cut off, of something else, or of a newer mprof */
export function openProfile(name: string, io: Io): Profile {
  const path = namedFile(name, io);
  const bytes = readFileSync(path);
  if (bytes.subarray(0, MAGIC_BYTES.length).equals(MAGIC_BYTES)) {
    const run = readRun(path);
    if (run !== undefined && typeof run !== "string") return run.profile;
    throw new UsageError(`${name} is no report: ${run ?? "it is empty"}`, "Name another file.");
  }
  try {
    return readProfile(bytes.toString("utf8"));
  } catch (error) {
    if (!(error instanceof MprofError)) throw error;
    const [what = "", cure = ""] = error.message.replace("[mprof] ", "").split("\n  ");
    throw new UsageError(`${name}: ${what}`, cure);
  }
}
