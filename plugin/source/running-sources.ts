/** The sources of a script that runs: those that its map names, or itself; and which places of the script are theirs. */
import type * as B from "@babel/types";
import { type EncodedSourceMap, originalPositionFor, TraceMap } from "@jridgewell/trace-mapping";
import type { Origin } from "../core/compile.ts";
import type { Reading } from "../core/read-file.ts";
import { SourceText } from "../core/source-text.ts";
import { pathFromRoot } from "../core/worth-reading.ts";

/** A script as the engine has it. */
export interface RunningText {
  text: string;
  /** Absolute path of the file that it was loaded from. */
  filename: string;
  isModule: boolean;
  /** The map by which it was compiled, and where that was: sources are relative to it. */
  map: { content: EncodedSourceMap; path: string } | null;
}

/** A function that the options choose. */
export interface RunningFunction {
  name: string;
  /** Offsets in the text. */
  start: number;
  end: number;
  /** Of its source: path relative to the root, line from 1. */
  file: string;
  line: number;
}

/** A source of the script: one that its map names, or itself. */
export interface Source {
  /** In the map; `null` is the script itself. */
  url: string | null;
  path: string;
  lines: readonly string[] | undefined;
  functions: RunningFunction[];
  reading: Reading<B.Node> | undefined;
}

export class RunningSources {
  /** Of the script, relative to the root. */
  readonly path: string;
  private readonly text: string;
  private readonly root: string;
  private readonly traced: TraceMap | null;
  private readonly known = new Map<string | null, Source>();

  constructor({ text, filename, map }: RunningText, root: string) {
    this.text = text;
    this.root = root;
    this.path = pathFromRoot(filename, root);
    this.traced = map && new TraceMap(map.content, map.path.replace(/[%?#]/g, encodeURIComponent));
  }

  /** Those that a place was looked for in. */
  get all(): readonly Source[] {
    return [...this.known.values()];
  }

  /** Which source a place of the script is of, and its line there. Counts from 1. */
  at({ line, column }: { line: number; column: number }): { source: Source; line: number } {
    const place = this.traced && originalPositionFor(this.traced, { line, column: column - 1 });
    return { source: this.byUrl(place?.source ?? null), line: place?.line ?? line };
  }

  private byUrl(url: string | null): Source {
    const known = this.known.get(url);
    if (known) return known;
    const path = url === null ? this.path : this.pathOf(url);
    const index = url === null ? -1 : this.traced!.resolvedSources.indexOf(url);
    const content = url === null ? this.text : this.traced!.sourcesContent?.[index];
    const lines = content == null ? undefined : new SourceText(content).lines;
    const source: Source = { url, path, lines, functions: [], reading: undefined };
    this.known.set(url, source);
    return source;
  }

  /** A bundler may name sources by a scheme of its own. */
  private pathOf(url: string): string {
    const decoded = url.replace(/%(?:25|3F|23)/g, decodeURIComponent);
    const own = /^webpack:\/\/[^/]*\/(?:\.\/)?(.*)$/.exec(decoded)?.[1];
    return own ?? pathFromRoot(decoded, this.root);
  }

  /** The text of a source, by its path. */
  addContent(path: string, content: string): void {
    for (const source of this.all) if (source.path === path) source.lines = new SourceText(content).lines;
  }

  /** @returns `null` for the script itself */
  originOf({ url, path, lines = [] }: Source): Origin | null {
    const { traced } = this;
    if (traced === null || url === null) return null;
    return {
      file: path,
      lines,
      rowOf: (line, column) => {
        const place = originalPositionFor(traced, { line, column });
        return place.source === url ? place.line : null;
      },
    };
  }
}
