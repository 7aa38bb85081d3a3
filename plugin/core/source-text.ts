export interface Range {
  start: number;
  end: number;
}

export const LINE_END = /\r\n|[\n\r\u2028\u2029]/g;

/** The physical lines of a file and where they begin. Lines and columns start at 1. */
export class SourceText {
  readonly text: string;
  readonly lines: string[] = [];
  private readonly starts: number[] = [0];

  constructor(text: string) {
    this.text = text;
    for (const { index, 0: end } of text.matchAll(LINE_END)) {
      this.lines.push(text.slice(this.starts.at(-1), index));
      this.starts.push(index + end.length);
    }
    this.lines.push(text.slice(this.starts.at(-1)));
  }

  placeOf(offset: number): { line: number; column: number } {
    let [low, high] = [0, this.starts.length - 1];
    while (low < high) {
      const middle = Math.ceil((low + high) / 2);
      if (this.starts[middle]! <= offset) low = middle;
      else high = middle - 1;
    }
    return { line: low + 1, column: offset - this.starts[low]! + 1 };
  }
}

/** The text with each range overwritten by as many blanks; line ends stay. */
export function blankOut(text: string, ranges: readonly Range[]): string {
  let result = "";
  let last = 0;
  for (const { start, end } of [...ranges].sort((a, b) => a.start - b.start)) {
    if (end <= last) continue;
    result += text.slice(last, start) + text.slice(Math.max(start, last), end).replace(/[^\n\r\u2028\u2029]/g, " ");
    last = end;
  }
  return result + text.slice(last);
}

/** Offset of the next token at or after `offset`, past white space and comments. */
export function nextToken(text: string, offset: number): number {
  const blank = /(?:\s|\/\/[^\n\r\u2028\u2029]*|\/\*[\s\S]*?\*\/)*/y;
  blank.lastIndex = offset;
  blank.test(text);
  return blank.lastIndex;
}
