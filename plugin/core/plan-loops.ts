import { FOR_NEXT } from "../../contract/module-table.ts";
import { UNBOUNDED } from "./amounts.ts";
import type { Statement } from "./outline.ts";
import type { LineCall, Probe } from "./plan.ts";
import type { Place, StatementPlanner } from "./planner.ts";

/** Rows of the head: initialisation once, test once more than the rounds, update once a round. */
export function planFor<N>(statement: Statement<N, "for">, planner: StatementPlanner<N>, place: Place<N>): void {
  const { init, test, update, updateRange, body, line } = statement;
  planner.start(statement, place);
  if (init && init.line !== line) planner.start(statement, { ...place, before: null }, init.line);
  if (init) planner.parts(init);
  const arrival = init?.line ?? line;
  const top = planner.flow.top();
  planner.round(statement);
  const testIsRow = test !== null && test.line !== arrival;
  if (test) {
    if (testIsRow) planner.probe({ placement: "test", node: test.node, at: test, line: test.line });
    planner.plan(test, test.line);
  }
  const out = test && planner.flow.at();
  const head = update ?? test ?? init;
  planner.loop(place.names, false, () => planner.arm(body, { ...statement, endLine: head?.endLine ?? line }));

  const row = update?.line ?? test?.line ?? line;
  const after: LineCall | null = test && !testIsRow && test.line !== row ? { method: "line", line: test.line } : null;
  if (!testIsRow || update) {
    const before: LineCall = { method: testIsRow && test.line === row ? "back" : "line", line: row };
    const hasUpdate = update !== null;
    planner.write({
      placement: "update",
      node: statement.node,
      at: statement,
      range: updateRange,
      hasUpdate,
      before,
      after,
    });
    planner.flow.arrive({ site: before, ...before });
  }
  if (update) planner.plan(update, update.line);
  if (after) planner.flow.arrive({ site: after, ...after });
  planner.flow.again(top, out);
}

export function planForEach<N>(
  statement: Statement<N, "forEach">,
  planner: StatementPlanner<N>,
  place: Place<N>,
): void {
  const { left, right, body, form, line } = statement;
  planner.operand(right, line);
  if (form === "await") {
    planner.suspend(right, FOR_NEXT);
    planner.flow.wait();
  } else planner.work();
  const top = planner.flow.top();
  const out = planner.flow.at();
  planner.round(statement);
  if (left.kind === "variable") {
    for (const { pattern } of left.declarators) if (pattern) planner.leaveWhole(pattern);
  } else planner.leaveWhole(left);
  const header = { ...statement, endLine: right.endLine };
  // The end of the round brings braces.
  const resumed: LineCall = { method: "back", line };
  if (form === "await") planner.flow.arrive({ site: resumed, line, method: "back" });
  const label = planner.loop(place.names, true, () => planner.arm(body, header, { inList: true }));
  const { node } = body;
  if (form === "await") planner.probe({ placement: "await-round", node, at: body, line, label, resumed });
  else if (label !== null || body.kind !== "block") planner.probe({ placement: "round", node, at: body, line, label });
  else planner.probe({ placement: "round-end", node, at: body, line, inside: body.inside });
  if (form === "await") planner.flow.wait();
  else planner.flow.work(UNBOUNDED);
  planner.flow.again(top, out);
}

export function planWhile<N>(statement: Statement<N, "while">, planner: StatementPlanner<N>, place: Place<N>): void {
  const { test, body, line, node, keyword, head } = statement;
  const isStart = planner.starts(statement, place);
  const top = planner.flow.top();
  const round: Probe<N, "while-round"> = { placement: "while-round", node, at: statement, line, keyword, head };
  if (isStart) planner.probe({ placement: "test", node: test.node, at: test, line });
  else planner.write(round);
  planner.round(statement);
  planner.operand(test, line);
  const out = planner.flow.at();
  planner.loop(place.names, false, () => planner.arm(body, { ...statement, endLine: test.endLine }));
  if (!isStart) planner.flow.arrive({ site: round, line, method: "line" });
  planner.flow.again(top, out);
}

export function planDoWhile<N>(
  statement: Statement<N, "doWhile">,
  planner: StatementPlanner<N>,
  place: Place<N>,
): void {
  const { test, body } = statement;
  const top = planner.flow.top();
  planner.round(statement);
  planner.loop(place.names, false, () => planner.arm(body, null));
  const isOneLine = statement.line === statement.endLine;
  const hasRow = isOneLine && (body.kind === "block" ? body.body : [body]).some(({ kind }) => kind !== "nothing");
  if (!hasRow) planner.probe({ placement: "test", node: test.node, at: test, line: test.line });
  planner.plan(test, test.line);
  planner.flow.again(top, planner.flow.at());
}
