/** What every reader does alike: marks are found in a first outline, and what is compiled is the source without them. */
import { findMarks, type Marks, type ParseOptions } from "./marks.ts";
import type { Decorator } from "./mask-decorators.ts";
import type { Outline } from "./outline.ts";
import type { Range } from "./source-text.ts";

/** A file without its marks. */
export interface Reading<N> {
  outline: Outline<N>;
  marks: Marks;
}

/** What a back-end's own parser can say of a file. */
export interface FileReader<N> {
  /** Marks above functions: no JavaScript, so that no other form of mark can be found before they are out of the way. */
  decorators: readonly Decorator[];
  /** The outline of the text with these ranges blank. */
  outlineWithout(ranges: readonly Range[]): Outline<N>;
  /** The options between the parentheses of a mark. */
  parseOptions: ParseOptions;
}

export function readMarked<N>(
  { decorators, outlineWithout, parseOptions }: FileReader<N>,
  file: { text: string; path: string },
): Reading<N> {
  const outline = outlineWithout(decorators);
  const marks = findMarks(outline, decorators, file.text, file.path, parseOptions);
  const isDone = marks.masks.length === decorators.length && marks.masks.every((mask, i) => mask === decorators[i]);
  return { outline: isDone ? outline : outlineWithout(marks.masks), marks };
}
