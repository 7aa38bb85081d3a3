import { join } from "node:path";
import type { Manifest } from "../../plugin/node/manifest.ts";
import { EXTENSIONS, formatOf, needsTranspiling } from "../../plugin/node/needs-compiling.ts";
import type { Finding } from "./gather-facts.ts";

/** The way of each kind of file under `mprof <script>` and `mprof/register`. */
export function tellPaths(folder: string, manifest: Manifest | null): Finding[] {
  const by = manifest?.type === undefined ? "no type in package.json" : `"type": "${manifest.type}"`;
  const ways = new Map<string, string[]>();
  for (const extension of EXTENSIONS) {
    const file = join(folder, `file${extension}`);
    const format = formatOf(file) === "module" ? "an ES module" : "CommonJS";
    const reason = /\.[cm]/.test(extension) ? "by its extension" : by;
    const way = needsTranspiling(file)
      ? `probes in the text, then esbuild; becomes ${format} (${reason})`
      : `Node's own; with a mark, probes in the text; ${format} (${reason})`;
    ways.set(way, [...(ways.get(way) ?? []), extension]);
  }
  return [
    ...[...ways].map(([value, extensions]) => ({ name: extensions.join(" "), value })),
    { name: "node_modules", value: "left alone; links into a workspace are not in there" },
  ];
}
