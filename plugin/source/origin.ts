import { type EncodedSourceMap, originalPositionFor, TraceMap } from "@jridgewell/trace-mapping";
import type { Origin } from "../core/compile.ts";
import { SourceText } from "../core/source-text.ts";
import { pathFromRoot, splitQuery } from "../core/worth-reading.ts";

/**
 * The source that a compiled text came from, by its incoming map: rows and line contents are that source's. `null` if the
 * map has no content to show or more than one source.
 */
export function readOrigin(map: unknown, filename: string, root: string): Origin | null {
  // Sources are URLs relative to the map's; a path may have what ends the path of a URL.
  const traced = new TraceMap(map as EncodedSourceMap | string, filename.replace(/[%?#]/g, encodeURIComponent));
  const [content] = traced.sourcesContent ?? [];
  const [source] = traced.resolvedSources;
  if (content == null || source == null || traced.sources.length !== 1) return null;
  return {
    file: pathFromRoot(splitQuery(source.replace(/%(?:25|3F|23)/g, decodeURIComponent))[0], root),
    lines: new SourceText(content).lines,
    rowOf: (line, column) => originalPositionFor(traced, { line, column }).line,
  };
}
