/** What is to be done to a process, in words. */
import type { OutlinedFunction } from "../../plugin/node/running-script.ts";
import { withoutCommands } from "../../runtime/reporters/without-commands.ts";
import { nameOf } from "./choose-functions.ts";
import type { PlannedScript, ProbePlan } from "./put-probes.ts";
import { describeUnseen, unseenRows } from "./unseen-rows.ts";

/** Why functions get log points. */
export function becauseOf({ reason }: Pick<ProbePlan, "reason">): string {
  return reason === undefined ? "because their calls can be put aside" : `because ${reason}`;
}

/** For `--dry-run`. @param share of the time that readings may take */
export function describePlan(plan: ProbePlan, share: number): string {
  const { scripts, standstill, alone } = plan;
  const lines = scripts.flatMap((script) => [script.filename, ...functionsOf(script)]);
  const changed = scripts.filter(({ edited }) => edited.length > 0).length;
  if (changed > 0) lines.push(`The source is changed: twice about ${Math.round(standstill)} ms of standstill a file.`);
  const logged = scripts.flatMap((script) => script.logged);
  if (logged.length > 0) lines.push(`Log points are set ${becauseOf(plan)}.`);
  const unseen = describeUnseen(logged.map(({ outlined }) => unseenRows(outlined, rowsOf(outlined))));
  if (unseen !== undefined) lines.push(`${unseen}.`);
  lines.push(`Readings may take ${Number((100 * share).toPrecision(2))} % of the time.`, ...alone);
  return withoutCommands(`${lines.join("\n")}\n`);
}

/** Of its statements. */
function rowsOf({ statements }: OutlinedFunction): number[] {
  return [...new Set(statements.map(({ row }) => row))];
}

function functionsOf({ edited, logged }: PlannedScript): string[] {
  const line = (way: string, { fn, outlined }: PlannedScript["edited"][number], rows: number) =>
    `  ${nameOf({ ...fn, file: outlined.file })}: ${rows} ${rows === 1 ? "row" : "rows"}, ${way}`;
  return [
    ...edited.map((each) => line("source changed", each, each.outlined.rows.length)),
    ...logged.map((each) => line("log points", each, rowsOf(each.outlined).length)),
  ];
}
