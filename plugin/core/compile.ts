import { buildPlan } from "./build-plan.ts";
import type { Marks } from "./marks.ts";
import type { Options } from "./options.ts";
import type { Outline } from "./outline.ts";
import type { Plan } from "./plan.ts";
import { SourceText } from "./source-text.ts";

/** What the core cannot ask by itself: a back-end gets it from its entry. */
export interface Host {
  /** Working directory. */
  cwd: string;
  /** `type` of the package that a file belongs to. */
  packageTypeOf(filename: string): "module" | "commonjs";
  /** False if MPROF=0, off or false is set while building. */
  enabled: boolean;
}

/** The original source of a text that was itself compiled, by its incoming source map. */
export interface Origin {
  /** Path relative to the root, with `/`. */
  file: string;
  lines: readonly string[];
  /** Lines from 1, columns from 0. */
  rowOf(line: number, column: number): number;
}

/** What a back-end knows about the file at hand. */
export interface SourceFile {
  /** Relative to the root, with `/`. */
  path: string;
  text: string;
  origin: Origin | null;
}

/** The plan of a file whose marks are known. `outline` is of the source without marks. */
export function planFile<N>(outline: Outline<N>, marks: Marks, file: SourceFile, options: Options): Plan<N> {
  const written = new SourceText(file.text);
  const { origin } = file;
  return buildPlan(outline, {
    options,
    marks,
    written,
    lines: origin?.lines ?? written.lines,
    rowOf: (line) => origin?.rowOf(line, 0) ?? line,
    file: origin?.file ?? file.path,
    isScript: options.runtime === "global",
  });
}
