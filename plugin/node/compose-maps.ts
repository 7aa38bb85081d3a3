import { decodedMappings, type EncodedSourceMap, encodedMap, TraceMap, traceSegment } from "@jridgewell/trace-mapping";

type Segments = ReturnType<typeof decodedMappings>;
type SourceMapSegment = Segments[number][number];
type DecodedMap = ConstructorParameters<typeof TraceMap>[0] & { mappings: Segments };

/** Encodes mappings. @param sources the files that they lead to */
export function encodeMap(
  mappings: Segments,
  { sources, names, file, sourcesContent }: Pick<EncodedSourceMap, "sources" | "names" | "file" | "sourcesContent">,
): EncodedSourceMap {
  const decoded: DecodedMap = { version: 3, names, sources, mappings };
  return { ...encodedMap(new TraceMap(decoded)), file, ...(sourcesContent ? { sourcesContent } : {}) };
}

/**
 * The mappings of `map` led on by the maps of its sources: from what the second of two compilers wrote to what the first one
 * read.
 *
 * @param mapOf the map of a source, by its index; `null` for one that nobody compiled before
 */
export function leadOn(map: EncodedSourceMap, mapOf: (source: number) => TraceMap | null): Segments {
  return decodedMappings(new TraceMap(map)).map((line) =>
    line.flatMap((segment): SourceMapSegment[] => {
      if (segment.length === 1) return [segment];
      const [column, source, row, originalColumn, name] = segment;
      const traced = mapOf(source);
      if (!traced) return [segment];
      const place = traceSegment(traced, row, originalColumn);
      // What begins inside a segment of ours is text that we wrote: what is before it leads on.
      if (place === null || place.length === 1 || place[0] !== originalColumn) return [];
      const [, , line, start] = place;
      return [name === undefined ? [column, source, line, start] : [column, source, line, start, name]];
    }),
  );
}
