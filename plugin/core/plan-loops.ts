import type { Statement } from "./outline.ts";
import type { LineCall } from "./plan.ts";
import type { Place, StatementPlanner } from "./planner.ts";

/** Rows of the head: initialisation once, test once more than the rounds, update once a round. */
export function planFor<N>(statement: Statement<N, "for">, planner: StatementPlanner<N>, place: Place<N>): void {
  const { init, test, update, updateRange, body, line } = statement;
  planner.start(statement, place);
  if (init && init.line !== line) planner.start(statement, { ...place, before: null }, init.line);
  if (init) planner.parts(init);
  const arrival = init?.line ?? line;
  const testIsRow = test !== null && test.line !== arrival;
  if (test) {
    if (testIsRow) planner.probe({ placement: "test", node: test.node, at: test, line: test.line });
    planner.plan(test, test.line);
  }
  const head = update ?? test ?? init;
  planner.loop(place.names, false, () => planner.arm(body, { ...statement, endLine: head?.endLine ?? line }));

  const row = update?.line ?? test?.line ?? line;
  const after: LineCall | null = test && !testIsRow && test.line !== row ? { method: "line", line: test.line } : null;
  if (!testIsRow || update) {
    planner.probe({
      placement: "update",
      node: statement.node,
      at: statement,
      range: updateRange,
      hasUpdate: update !== null,
      before: { method: testIsRow && test.line === row ? "back" : "line", line: row },
      after,
    });
  }
  if (update) planner.plan(update, update.line);
}

export function planForEach<N>(
  statement: Statement<N, "forEach">,
  planner: StatementPlanner<N>,
  place: Place<N>,
): void {
  const { left, right, body, form, line } = statement;
  planner.operand(right, line);
  if (form === "await") planner.suspend(right);
  else planner.work();
  if (left.kind === "variable") {
    for (const { pattern } of left.declarators) if (pattern) planner.leaveWhole(pattern);
  } else planner.leaveWhole(left);
  const header = { ...statement, endLine: right.endLine };
  // The end of the round brings braces.
  const label = planner.loop(place.names, true, () => planner.arm(body, header, { inList: true }));
  const { node } = body;
  if (form === "await") planner.probe({ placement: "await-round", node, at: body, line, label });
  else if (label !== null || body.kind !== "block") planner.probe({ placement: "round", node, at: body, line, label });
  else planner.probe({ placement: "round-end", node, at: body, line, inside: body.inside });
}

export function planWhile<N>(statement: Statement<N, "while">, planner: StatementPlanner<N>, place: Place<N>): void {
  const { test, body, line, node, keyword, head } = statement;
  if (planner.starts(statement, place)) planner.probe({ placement: "test", node: test.node, at: test, line });
  else planner.probe({ placement: "while-round", node, at: statement, line, keyword, head });
  planner.operand(test, line);
  planner.loop(place.names, false, () => planner.arm(body, { ...statement, endLine: test.endLine }));
}

export function planDoWhile<N>(
  statement: Statement<N, "doWhile">,
  planner: StatementPlanner<N>,
  place: Place<N>,
): void {
  const { test, body } = statement;
  planner.loop(place.names, false, () => planner.arm(body, null));
  const isOneLine = statement.line === statement.endLine;
  const hasRow = isOneLine && (body.kind === "block" ? body.body : [body]).some(({ kind }) => kind !== "nothing");
  if (!hasRow) planner.probe({ placement: "test", node: test.node, at: test, line: test.line });
  planner.plan(test, test.line);
}
