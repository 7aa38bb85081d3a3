/** Who is connected to a port of this process, by what Linux says of connections. */
import { readFileSync } from "../builtins.ts";

const ESTABLISHED = "01";

/** @returns undefined where that is not known */
export function countClients(port: number): number | undefined {
  const tables = ["/proc/self/net/tcp", "/proc/self/net/tcp6"].flatMap((path) => {
    try {
      return [readFileSync(path, "utf8")];
    } catch {
      return [];
    }
  });
  if (tables.length === 0) return undefined;
  const end = `:${port.toString(16).toUpperCase().padStart(4, "0")}`;
  const rows = tables.flatMap((table) => table.split("\n").map((row) => row.trim().split(/\s+/)));
  return rows.filter(([, local, , state]) => local?.endsWith(end) && state === ESTABLISHED).length;
}
