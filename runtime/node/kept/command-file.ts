import { fileURLToPath } from "node:url";
import { ownFile } from "../../../contract/own-file.ts";
import { dirname, existsSync, join } from "../builtins.ts";
import { currentFolder } from "../main-context.ts";

const COMMAND = join("dist", "esm", "cli", "bin.js");

/** The command of this package; where this file is part of a bundle, that of the project; undefined without either. */
export function commandFile(): string | undefined {
  const own = ownFile();
  const path = own.startsWith("file:") ? fileURLToPath(own) : own;
  const command = join(path, "..", "..", "..", "..", COMMAND);
  return existsSync(command) ? command : installedCommand(currentFolder());
}

function installedCommand(folder: string): string | undefined {
  const command = join(folder, "node_modules", "mprof", COMMAND);
  if (existsSync(command)) return command;
  const parent = dirname(folder);
  return parent === folder ? undefined : installedCommand(parent);
}
