import { resolve } from "node:path";
import type { Profile } from "../../contract/profile.ts";
import { deliver } from "../../runtime/node/deliver.ts";
import type { RenderOptions, Reporter } from "../../runtime/reporters/reporter.ts";
import { type Io, UsageError } from "../command.ts";

/**
 * Brings what a command was asked for to a file, or prints it, if it is text.
 *
 * @throws UsageError for a file that cannot be written
 */
export function writeProfile(
  profile: Profile,
  reporter: Reporter<string | Uint8Array>,
  output: string | undefined,
  io: Io,
  options: RenderOptions = {},
): void {
  if (output === undefined) {
    deliver(profile, reporter, { kind: "stream", stream: { write: io.out } }, options);
    return;
  }
  try {
    deliver(profile, reporter, { kind: "write", path: resolve(io.cwd, output) }, options);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    throw new UsageError(`${output} cannot be written (${code ?? message})`, "Name another file by -o.");
  }
}
