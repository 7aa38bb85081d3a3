import type { Expression } from "./outline.ts";
import { type OperandPlanner, UNKNOWN } from "./planner.ts";

/** The receiver, the link's own line, the arguments; then control goes back to the call's line. */
export function planCall<N>(call: Expression<N, "call">, line: number, planner: OperandPlanner<N>): number {
  let own = line;
  const { callee } = call;
  if (callee?.kind === "member" && !callee.chained && !callee.ofSuper && !call.chained) {
    own = planner.plan(callee.object, line);
    if (callee.property) own = planner.plan(callee.property, own);
    if (callee.propertyLine !== own) own = link(call, callee, own, planner);
  } else if (callee) own = planner.plan(callee, line);

  for (const argument of call.args) planner.value(argument, false);
  const after = planner.operands(call.args, own);
  const last = call.args.at(-1);
  // After a callee such as `(a ? b() : c())` over rows it is not known which row that is: control stays.
  if (after === own || own === UNKNOWN || !last) return after;
  const target = last.kind === "spread" ? last.argument : last;
  if (planner.keepsShape(target)) return after;
  planner.probe({ placement: "back", node: target.node, at: target, line: own, sequence: target.kind === "sequence" });
  return own;
}

/** `xs⏎.map(f)`: the link starts its line before its first argument; without arguments, on its receiver. */
function link<N>(
  call: Expression<N, "call">,
  callee: Expression<N, "member">,
  own: number,
  planner: OperandPlanner<N>,
): number {
  const line = callee.propertyLine;
  const [first] = call.args;
  const { object } = callee;
  if (first) {
    const target = first.kind === "spread" ? first.argument : first;
    if (planner.keepsShape(target)) return own;
    planner.probe({ placement: "link", node: target.node, at: target, line });
  } else {
    if (planner.keepsShape(object)) return own;
    const inNew = call.form === "new" ? callee : null;
    const sequence = object.kind === "sequence";
    planner.probe({ placement: "at", node: object.node, at: object, line, sequence, callee: inNew });
  }
  return line;
}
