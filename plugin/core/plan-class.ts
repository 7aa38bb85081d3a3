import type { ClassOutline } from "./outline.ts";
import { type OperandPlanner, UNKNOWN } from "./planner.ts";

/** Heritage, computed keys, then static initialisers and blocks in order. Instance initialisers are functions of their own. */
export function planClass<N>(cls: ClassOutline<N>, line: number, planner: OperandPlanner<N>): number {
  let current = line;
  for (const decorator of cls.decorators) planner.leaveWhole(decorator);
  if (cls.superClass) current = planner.operand(cls.superClass, current);
  for (const { decorators, key } of cls.members) {
    for (const decorator of decorators) planner.leaveWhole(decorator);
    if (key) current = planner.plan(key, current);
  }
  for (const member of cls.members) {
    if (member.fn?.form === "staticBlock") {
      planner.staticBlock(member.fn);
      current = UNKNOWN;
    } else if (member.initialiser && member.static) current = planner.operand(member.initialiser, current);
    else if (member.initialiser) planner.initialiser(member.initialiser);
  }
  return current;
}
