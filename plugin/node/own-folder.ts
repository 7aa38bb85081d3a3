import { dirname } from "node:path";
import { fileURLToPath } from "node:url";

/**
 * The folder of this file, in either kind of module: neither has the other's name for it, and a file that is compiled to both
 * can say neither. V8's own account of where a call stands has it.
 */
export const OWN_FOLDER = dirname(ownFile());

function ownFile(): string {
  const { prepareStackTrace } = Error;
  try {
    Error.prepareStackTrace = (_, sites) => sites[0]?.getFileName();
    const file = String(new Error().stack);
    return file.startsWith("file:") ? fileURLToPath(file) : file;
  } finally {
    Error.prepareStackTrace = prepareStackTrace;
  }
}
