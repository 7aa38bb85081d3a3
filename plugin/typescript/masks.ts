import type TS from "typescript";
import { blankOut, type Range } from "../core/source-text.ts";
import type { Ts } from "./ts.ts";

/**
 * What is read as if it were blank: the marks. TypeScript's tree is of the text as written, because its checker and its
 * emit need that tree; so the reader and the writer look through the marks where other back-ends parse the text without.
 */
export class Masks {
  readonly ranges: readonly Range[];
  /** The text with each mark overwritten by blanks. */
  readonly text: string;
  private readonly endByStart = new Map<number, number>();

  constructor(text: string, ranges: readonly Range[]) {
    this.ranges = ranges;
    this.text = blankOut(text, ranges);
    for (const { start, end } of ranges) this.endByStart.set(start, Math.max(end, this.endByStart.get(start) ?? 0));
  }

  /** Whether all of a node is blank. */
  covers(start: number, end: number): boolean {
    const maskEnd = this.endByStart.get(start);
    return maskEnd !== undefined && maskEnd >= end;
  }

  /** The function of a call that is a mark, `profile(fn)` or `profile({ … })(fn)`; `bare` if its parentheses are blank too. */
  markedArgument(call: TS.CallExpression, start: number, ts: Ts): { argument: TS.Expression; bare: boolean } | null {
    const end = this.endByStart.get(start);
    let [argument] = call.arguments;
    if (end === undefined || !argument || end < call.expression.end || end > argument.end) return null;
    // Parentheses round it that begin in the mark are blank, too.
    while (ts.isParenthesizedExpression(argument) && argument.expression.pos <= end) argument = argument.expression;
    return { argument, bare: end >= call.arguments.pos };
  }
}
