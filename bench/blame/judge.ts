/** What blame says of each row that was compared. */

import { normalise } from "../../cli/diff/align.ts";
import { countsOf } from "../../cli/diff/common-lines.ts";
import type { FunctionChange, RowChange } from "../../cli/diff/compare-profiles.ts";
import type { Place, Versions } from "./history.ts";

/**
 * - `agreed`: blame says the same.
 * - `repeated`: it names another line of the same text. Ours is as good where one of git's ways to compare (four
 *   algorithms, with blanks and without) takes both for one line, or has both in one hunk; where ours is of the file of that
 *   name, and blame's of another; where the file has one function of that name, before and after, and that has one such line.
 * - `unsaid`: it knows neither of both elsewhere, as of edited lines. With -M it looks for lines in one file only.
 * - `wrong`: it knows one of both elsewhere.
 * - `missed`: it knows where a row was, as one of a function, that we call new.
 */
export const VERDICTS = ["agreed", "repeated", "unsaid", "wrong", "missed"] as const;

export interface Judged extends RowChange {
  verdict: (typeof VERDICTS)[number] | undefined;
  says: string;
}

export function judge(changes: readonly FunctionChange[], versions: Versions): Judged[] {
  const wereRows = new Set(
    changes.flatMap(({ before, rows }) =>
      rows.flatMap((row) => (row.before ? [keyOf(placeOf(before, row.before))] : [])),
    ),
  );
  const isOnlyOne = onlyOnesIn(changes);
  return changes.flatMap((change) =>
    change.rows.map((row) => {
      const before = row.before && placeOf(change.before, row.before);
      const after = row.after && placeOf(change.after, row.after);
      const origin = after && versions.originOf(after);
      const missed = before === undefined && origin !== undefined && wereRows.has(keyOf(origin)) ? "missed" : undefined;
      const verdict = before && after ? verdictOf(change, row, versions, isOnlyOne) : missed;
      return { ...row, verdict, says: describe(row, before, after, origin) };
    }),
  );
}

function verdictOf(
  change: FunctionChange,
  row: RowChange,
  versions: Versions,
  isOnlyOne: IsOnlyOne,
): Judged["verdict"] {
  const [before, after] = [placeOf(change.before, row.before!), placeOf(change.after, row.after!)];
  const origin = versions.originOf(after);
  if (origin && keyOf(origin) === keyOf(before)) return "agreed";
  // With -M alone it looks for origins in one file.
  if (origin === undefined && (before.file !== after.file || versions.whereNow(before).length === 0)) return "unsaid";
  if (row.how !== "edited") {
    // Blame takes another file for one that was renamed, and the base had a file of that name, with that line.
    if (origin && origin.file !== after.file && before.file === after.file) return "repeated";
    if (row.how === "same" && isOnlyOne(change, row)) return "repeated";
  }
  const isRepeated = [row.before!, row.after!].some(({ text }, i) =>
    versions.isRepeated(text, [before, after][i]!.file),
  );
  return isRepeated && versions.mayBeOne(before, after) ? "repeated" : "wrong";
}

type IsOnlyOne = (change: FunctionChange, row: RowChange) => boolean;

/** Whether each version has one function of that file and name, and in it one such line. */
function onlyOnesIn(changes: readonly FunctionChange[]): IsOnlyOne {
  const sides = (["before", "after"] as const).map((side) => ({
    side,
    names: countsOf(changes.flatMap((each) => (each[side] ? [nameOf(each[side])] : []))),
  }));
  return (change, row) =>
    nameOf(change.before!) === nameOf(change.after!) &&
    sides.every(({ side, names }) => {
      const of = change[side]!;
      const lines = countsOf(of.listing.rows.map(({ text }) => normalise(text)));
      return names.get(nameOf(of)) === 1 && lines.get(normalise(row[side]!.text)) === 1;
    });
}

function nameOf({ file, name }: NonNullable<FunctionChange["before"]>): string {
  return `${file} ${name}`;
}

function placeOf(of: FunctionChange["before"], { line }: { line: number }): Place {
  return { file: of!.file, line };
}

function keyOf({ file, line }: Place): string {
  return `${file}:${line}`;
}

function describe(
  row: RowChange,
  before: Place | undefined,
  after: Place | undefined,
  origin: Place | undefined,
): string {
  const side = (place: Place | undefined, text = "") => `${place ? keyOf(place) : "nothing"}  ${normalise(text)}`;
  const blamed = origin ? keyOf(origin) : "new";
  return `${row.how}, blame says ${blamed}\n    ${side(before, row.before?.text)}\n    ${side(after, row.after?.text)}`;
}
