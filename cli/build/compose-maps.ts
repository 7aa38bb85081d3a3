import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join, relative, resolve, sep } from "node:path";
import { type EncodedSourceMap, TraceMap } from "@jridgewell/trace-mapping";
import { encodeMap, leadOn } from "../../plugin/node/compose-maps.ts";
import { isInside, type Mirror } from "./mirror.ts";

/** Leads the compiler's source maps on from the mirror to the sources as written. `maps` are those of instrumented files. */
export function composeMaps(outDir: string, mirror: Mirror, maps: ReadonlyMap<string, EncodedSourceMap>): void {
  for (const entry of readdirSync(outDir, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath ?? entry.path, entry.name);
    if (!entry.isFile() || !/\.[cm]?jsx?\.map$/.test(entry.name) || isInside(path, mirror.folder)) continue;
    const map = JSON.parse(readFileSync(path, "utf8")) as EncodedSourceMap;
    const composed = compose(map, dirname(path), mirror, maps);
    if (composed) writeFileSync(path, JSON.stringify(composed));
  }
}

/** `null` if the map is of no file in the mirror. */
function compose(
  map: EncodedSourceMap,
  folder: string,
  mirror: Mirror,
  maps: ReadonlyMap<string, EncodedSourceMap>,
): object | null {
  const { sourceRoot, sources } = map;
  const originals = sources.map((source) => source && mirror.originalOf(resolve(folder, sourceRoot ?? "", source)));
  if (originals.every((original) => !original)) return null;
  const inner = originals.map((original) => {
    const found = original && maps.get(original);
    return found ? new TraceMap(found) : null;
  });
  const mappings = leadOn(map, (source) => inner[source] ?? null);
  const paths = originals.map((original, index) =>
    original ? relative(folder, original).split(sep).join("/") : sources[index]!,
  );
  const written =
    map.sourcesContent &&
    originals.map((original, index) => (original ? readFileSync(original, "utf8") : map.sourcesContent![index]!));
  return encodeMap(mappings, { sources: paths, names: map.names, file: map.file, sourcesContent: written });
}
