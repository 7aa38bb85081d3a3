import { type Finding, MOST_ROWS, signed, size } from "../check/finding.ts";
import type { FunctionChange, RowChange } from "./compare-profiles.ts";
import { placeOf } from "./describe-changes.ts";

/** How much more is too much: both have to be passed. */
export interface Tolerance {
  /** 0.1 for 10 %. */
  share: number;
  /** Bytes. */
  bytes: number;
}

/** Of functions, largest first; noise is not counted. */
export function findIncreases(changes: readonly FunctionChange[], { share, bytes }: Tolerance): Finding[] {
  return changes
    .filter(({ change, noise, net }) => {
      const own = change - noise;
      return own > bytes && own > share * Math.max(0, net.before);
    })
    .map((each) => {
      const { net, change, metric } = each;
      const percent = net.before > 0 ? `, ${((100 * change) / net.before).toFixed(0)} %` : "";
      const limit = `${Number((100 * share).toFixed(2))} %${bytes > 0 ? ` and ${size(bytes, metric)}` : ""}`;
      const { file, first } = (each.after ?? each.before)!;
      return {
        rule: "increase",
        says: `${placeOf(each)} grew by ${signed(change, metric)}${percent}: more than ${limit}`,
        metric,
        rows: worst(each.rows, file),
        file,
        line: first,
      };
    });
}

function worst(rows: readonly RowChange[], file: string): Finding["rows"] {
  return rows
    .filter(({ change, noise, after }) => change > noise && after !== undefined)
    .sort((a, b) => b.change - a.change)
    .slice(0, MOST_ROWS)
    .map(({ after, change }) => ({ bytes: change, file, line: after!.line, text: after!.text }));
}
