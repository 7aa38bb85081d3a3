import type { CaseOutline, Statement } from "./outline.ts";
import type { StatementPlanner } from "./planner.ts";

/** All case tests belong to the row of the `switch`; a case has one if nothing else starts on it. */
export function planSwitch<N>(statement: Statement<N, "switch">, planner: StatementPlanner<N>): void {
  planner.operand(statement.discriminant, statement.line);
  for (const { test } of statement.cases) if (test) planner.leaveWhole(test);
  const isOneLine = statement.line === statement.endLine;
  const header = isOneLine ? statement : { ...statement, endLine: statement.discriminant.endLine };
  const begin = planner.flow.mark();
  const planCase = (clause: CaseOutline<N>, index: number) => {
    if (index > 0) planner.flow.mayComeFrom(begin);
    const next = statement.cases[index + 1];
    const first = clause.body.find(({ kind }) => kind !== "nothing" && kind !== "function");
    const sharesRow = first ? firstLine(first) === clause.line : next?.line === clause.line;
    if (!sharesRow && clause.line !== statement.line) {
      const { node, inside, line } = clause;
      planner.probe({ placement: "head", node, at: clause, line, inside, isCaught: false });
    }
    planner.list(clause.body, header);
  };
  planner.branches([...statement.cases.map((clause, index) => () => planCase(clause, index)), () => {}]);
  planner.flow.mayComeFrom(begin);
}

export function planTry<N>(statement: Statement<N, "try">, planner: StatementPlanner<N>): void {
  const { line, block, handler, finalizer } = statement;
  const begin = planner.flow.mark();
  planner.list(block.body, { ...statement, endLine: line });
  if (handler) {
    const whole = planner.flow.at();
    planner.flow.mayComeFrom(begin, true);
    const { parameter, parameterRange } = handler;
    const { node, inside } = handler.block;
    const shares = handler.line === line && block.endLine === line;
    if (!shares && parameterRange && parameter?.works) {
      const range = { parameter: parameterRange, inside };
      planner.probe({ placement: "catch", node: handler.node, at: handler, line: handler.line, ...range });
    } else if (!shares)
      planner.probe({ placement: "head", node, at: handler.block, line: handler.line, inside, isCaught: true });
    else if (planner.suspends || planner.isCounted) headBack(handler.block, true);
    if (parameter) planner.leaveWhole(parameter);
    planner.list(handler.block.body, { ...handler, endLine: handler.line });
    planner.flow.joins(whole);
  }
  if (!finalizer) return;
  planner.flow.mayComeFrom(begin);
  const shares = finalizer.line === line && finalizer.endLine === line;
  if (shares && planner.suspends) headBack(finalizer, false);
  planner.list(finalizer.body, shares ? finalizer : null);

  /** A block that a rejection or a `return()` of the generator can enter while suspended, on the row where control is. */
  function headBack(entered: typeof block, isCaught: boolean): void {
    const { node, inside } = entered;
    planner.probe({ placement: "head-back", node, at: entered, line: entered.line, inside, isCaught });
  }
}

/** The line on which a statement's first evaluated part begins. */
function firstLine<N>(statement: Statement<N>): number {
  if (statement.kind === "block" && statement.body[0]) return firstLine(statement.body[0]);
  return statement.kind === "label" ? firstLine(statement.body) : statement.line;
}
