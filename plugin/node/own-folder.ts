import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { ownFile } from "../../contract/own-file.ts";

/** The folder of this file, in either kind of module. */
export const OWN_FOLDER = join(folderOfContract(), "..", "plugin", "node");

function folderOfContract(): string {
  const file = ownFile();
  return dirname(file.startsWith("file:") ? fileURLToPath(file) : file);
}
