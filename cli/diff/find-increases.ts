import type { FunctionChange, RowChange } from "./compare-profiles.ts";
import { placeOf, signed, size } from "./describe-changes.ts";

/** How much more is too much: both have to be passed. */
export interface Tolerance {
  /** 0.1 for 10 %. */
  share: number;
  /** Bytes. */
  bytes: number;
}

/** One sentence, and the rows that grew most. */
export interface Increase {
  says: string;
  rows: string[];
}

const MOST_ROWS = 5;

/** Of functions, largest first; noise is not counted. */
export function findIncreases(changes: readonly FunctionChange[], { share, bytes }: Tolerance): Increase[] {
  return changes
    .filter(({ change, noise, net }) => {
      const own = change - noise;
      return own > bytes && own > share * Math.max(0, net.before);
    })
    .map((each) => {
      const { net, change, metric } = each;
      const percent = net.before > 0 ? `, ${((100 * change) / net.before).toFixed(0)} %` : "";
      const limit = `${(100 * share).toFixed(share < 0.01 ? 1 : 0)} %${bytes > 0 ? ` and ${size(bytes, metric)}` : ""}`;
      return {
        says: `${placeOf(each)} grew by ${signed(change, metric)}${percent}: more than ${limit}`,
        rows: worst(each.rows).map((row) => `${signed(row.change, metric)}  ${placeOfRow(each, row)}`),
      };
    });
}

function worst(rows: readonly RowChange[]): RowChange[] {
  return rows
    .filter(({ change, noise }) => change > noise)
    .sort((a, b) => b.change - a.change)
    .slice(0, MOST_ROWS);
}

function placeOfRow({ after, before }: FunctionChange, row: RowChange): string {
  const { file } = (after ?? before)!;
  const { line, text } = (row.after ?? row.before)!;
  return `${file}:${line}  ${text.trim()}`;
}
