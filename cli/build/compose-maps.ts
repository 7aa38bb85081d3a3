import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join, relative, resolve, sep } from "node:path";
import { decodedMappings, type EncodedSourceMap, encodedMap, TraceMap, traceSegment } from "@jridgewell/trace-mapping";
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
  const mappings = decodedMappings(new TraceMap(map)).map((line) =>
    line.flatMap((segment) => {
      const [column, source, row, originalColumn, name] = segment;
      const traced = source === undefined ? null : inner[source];
      if (!traced) return [segment];
      const place = traceSegment(traced, row!, originalColumn!);
      // What begins inside a segment of ours is text that we wrote: what is before it leads on.
      if (place === null || place.length === 1 || place[0] !== originalColumn) return [];
      const [, , line, start] = place;
      return [name === undefined ? [column, source, line, start] : [column, source, line, start, name]];
    }),
  );
  const paths = originals.map((original, index) =>
    original ? relative(folder, original).split(sep).join("/") : sources[index]!,
  );
  const written =
    map.sourcesContent &&
    originals.map((original, index) => (original ? readFileSync(original, "utf8") : map.sourcesContent![index]!));
  const decoded = { version: 3 as const, names: map.names, sources: paths, mappings } as ConstructorParameters<
    typeof TraceMap
  >[0];
  return { ...encodedMap(new TraceMap(decoded)), file: map.file, ...(written ? { sourcesContent: written } : {}) };
}
