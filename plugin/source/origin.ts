import { type EncodedSourceMap, originalPositionFor, TraceMap } from "@jridgewell/trace-mapping";
import type { Origin } from "../core/compile.ts";
import { SourceText } from "../core/source-text.ts";
import { pathFromRoot } from "../core/worth-reading.ts";

/**
 * The source that a compiled text came from, by its incoming map: rows and line contents are that source's. `null` if the
 * map has no content to show or more than one source.
 */
export function readOrigin(map: unknown, filename: string, root: string): Origin | null {
  const traced = new TraceMap(map as EncodedSourceMap | string, filename);
  const [content] = traced.sourcesContent ?? [];
  const [source] = traced.resolvedSources;
  if (content == null || source == null || traced.sources.length !== 1) return null;
  return {
    file: pathFromRoot(source, root),
    lines: new SourceText(content).lines,
    rowOf: (line, column) => originalPositionFor(traced, { line, column }).line,
  };
}
