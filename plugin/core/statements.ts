/**
 * Every kind of statement, once: what is in it, how it is planned, what an early error in it would be. A kind without its
 * row does not compile.
 */
import { UNBOUNDED } from "./amounts.ts";
import type { Expression, Span, Statement, StatementKind, StatementShapes } from "./outline.ts";
import { planSwitch, planTry } from "./plan-blocks.ts";
import { planClass } from "./plan-class.ts";
import { planDoWhile, planFor, planForEach, planWhile } from "./plan-loops.ts";
import type { Place, StatementPlanner } from "./planner.ts";

interface StatementRow<K extends StatementKind> {
  /** The expressions that belong to the statement itself, in order of evaluation. */
  expressions<N>(statement: StatementShapes<N>[K]): Expression<N>[];
  /** The statements directly inside it, in order. */
  statements<N>(statement: StatementShapes<N>[K]): Statement<N>[];
  /** A mark above it applies to the functions in it; above any other kind it is a mistake. */
  takesMarks: boolean;
  /** Bodies in which no declaration may stand without a block round it; of functions some may, by Annex B. */
  bodies?<N>(statement: StatementShapes<N>[K]): { body: Statement<N>; allowsFunctions: boolean }[];
  /** `before`: a probe before it starts its line; `own`: its plan knows better; `no`: nothing of it runs here. */
  start: "before" | "own" | "no";
  /** Probes in it. */
  plan<N>(statement: Statement<N, K>, planner: StatementPlanner<N>, place: Place<N>): void;
  /** What was evaluated last, if that isn't the statement. */
  last?<N>(statement: Statement<N, K>, planner: StatementPlanner<N>, place: Place<N>): Span | null;
}

const none = () => [];
const nothing = () => {};

export const STATEMENTS: { [K in StatementKind]: StatementRow<K> } = {
  expression: {
    expressions: ({ expression }) => [expression],
    statements: none,
    takesMarks: true,
    start: "before",
    plan: ({ expression, line }, planner) => void planner.plan(expression, line),
  },
  variable: {
    expressions: ({ declarators }) => declarators.flatMap(({ init, pattern }) => present(init, pattern)),
    statements: none,
    takesMarks: true,
    start: "before",
    plan(statement, planner) {
      let { line } = statement;
      for (const { init, pattern } of statement.declarators) {
        if (init) line = planner.operand(init, line);
        if (pattern) planner.leaveWhole(pattern);
        else if (init) planner.value(init, true);
      }
      if (statement.form === "await using") planner.emit({ placement: "leave", node: statement.node, at: statement });
    },
  },
  function: {
    expressions: none,
    statements: none,
    takesMarks: true,
    start: "no",
    plan: nothing,
    last: (_, __, { before }) => before,
  },
  class: {
    expressions: none,
    statements: none,
    takesMarks: true,
    start: "before",
    plan: ({ cls, line }, planner) => void planClass(cls, line, planner),
  },
  return: {
    expressions: ({ argument }) => present(argument),
    statements: none,
    takesMarks: true,
    start: "before",
    plan(statement, planner) {
      const { argument, line } = statement;
      if (argument) {
        planner.operand(argument, line);
        planner.value(argument, false);
        if (planner.isAsyncGenerator) planner.suspend(argument);
      }
      planner.leave(statement);
    },
  },
  throw: {
    expressions: ({ argument }) => [argument],
    statements: none,
    takesMarks: false,
    start: "before",
    plan({ argument, line }, planner) {
      planner.operand(argument, line);
      planner.flow.jump();
    },
  },
  break: {
    expressions: none,
    statements: none,
    takesMarks: false,
    start: "before",
    plan(_, planner) {
      // An iterator that is left is closed.
      if (planner.isIterating) planner.flow.work(UNBOUNDED);
      planner.flow.jump();
    },
  },
  continue: {
    expressions: none,
    statements: none,
    takesMarks: false,
    start: "before",
    plan(statement, planner) {
      const label = planner.continued(statement.label);
      if (label) planner.emit({ placement: "continue", node: statement.node, at: statement, label });
      if (statement.label !== null && planner.isIterating) planner.flow.work(UNBOUNDED);
      planner.flow.jump();
    },
  },
  debugger: { expressions: none, statements: none, takesMarks: false, start: "before", plan: nothing },
  nothing: {
    expressions: none,
    statements: none,
    takesMarks: false,
    start: "no",
    plan: nothing,
    last: (_, __, { before }) => before,
  },
  block: {
    expressions: none,
    statements: ({ body }) => body,
    takesMarks: false,
    start: "no",
    plan: nothing,
    last: (statement, planner, { before }) => planner.list(statement.body, before) && statement,
  },
  if: {
    expressions: ({ test }) => [test],
    statements: ({ consequent, alternate }) => (alternate ? [consequent, alternate] : [consequent]),
    takesMarks: false,
    bodies: ({ consequent, alternate }) =>
      [consequent, ...(alternate ? [alternate] : [])].map((body) => ({ body, allowsFunctions: true })),
    start: "own",
    plan(statement, planner, place) {
      const { test, consequent, alternate, line } = statement;
      // As the arm of an `else` it needs no braces: a long chain stays as flat as it was written.
      const isArm = place.isElse && place.labelled === null;
      if (!isArm) planner.start(statement, place);
      else if (planner.starts(statement, place)) {
        planner.probe({ placement: "test", node: test.node, at: test, line });
      }
      planner.operand(test, line);
      const header = { ...statement, endLine: test.endLine };
      planner.branches([
        () => planner.arm(consequent, header),
        () => alternate && planner.arm(alternate, header, { isElse: true }),
      ]);
    },
  },
  for: {
    expressions: ({ test, update }) => present(test, update),
    statements: ({ init, body }) => (init ? [init, body] : [body]),
    takesMarks: false,
    bodies: loopBody,
    start: "own",
    plan: planFor,
  },
  forEach: {
    expressions: ({ left, right }) => (left.kind === "variable" ? [right] : [right, left]),
    statements: ({ left, body }) => (left.kind === "variable" ? [left, body] : [body]),
    takesMarks: false,
    bodies: loopBody,
    start: "before",
    plan: planForEach,
  },
  while: {
    expressions: ({ test }) => [test],
    statements: ({ body }) => [body],
    takesMarks: false,
    bodies: loopBody,
    start: "own",
    plan: planWhile,
  },
  doWhile: {
    expressions: ({ test }) => [test],
    statements: ({ body }) => [body],
    takesMarks: false,
    bodies: loopBody,
    start: "no",
    plan: planDoWhile,
  },
  switch: {
    expressions: ({ discriminant, cases }) => [discriminant, ...cases.flatMap(({ test }) => present(test))],
    statements: ({ cases }) => cases.flatMap(({ body }) => body),
    takesMarks: false,
    start: "before",
    plan: planSwitch,
  },
  try: {
    expressions: ({ handler }) => present(handler?.parameter ?? null),
    statements: ({ block, handler, finalizer }) =>
      [block, handler?.block, finalizer].flatMap((each) => each?.body ?? []),
    takesMarks: false,
    start: "before",
    plan: planTry,
  },
  label: {
    expressions: none,
    statements: ({ body }) => [body],
    takesMarks: false,
    bodies: ({ body }) => [{ body, allowsFunctions: true }],
    start: "no",
    plan: nothing,
    last(statement, planner, place) {
      const { labelled, names } = place;
      const begin = planner.flow.mark();
      const last = planner.statement(statement.body, {
        ...place,
        labelled: labelled ?? statement,
        names: [...names, statement.name],
      });
      planner.flow.mayComeFrom(begin);
      return last;
    },
  },
  with: {
    expressions: ({ object }) => [object],
    statements: ({ body }) => [body],
    takesMarks: false,
    bodies: loopBody,
    start: "before",
    plan({ object, line }, planner) {
      planner.operand(object, line);
      planner.flow.work(UNBOUNDED);
    },
  },
  export: {
    expressions: ({ expression }) => present(expression),
    statements: ({ declaration }) => (declaration ? [declaration] : []),
    takesMarks: true,
    start: "before",
    plan: nothing,
  },
  namespace: {
    expressions: none,
    statements: ({ body }) => body,
    takesMarks: false,
    start: "before",
    plan: nothing,
  },
  enum: {
    expressions: ({ parts }) => parts,
    statements: none,
    takesMarks: false,
    start: "before",
    plan({ parts }, planner) {
      for (const part of parts) planner.leaveWhole(part);
    },
  },
  unknown: { expressions: none, statements: none, takesMarks: false, start: "before", plan: nothing },
};

function present<N>(...found: (Expression<N> | null)[]): Expression<N>[] {
  return found.filter((expression) => expression !== null);
}

function loopBody<N>({ body }: { body: Statement<N> }) {
  return [{ body, allowsFunctions: false }];
}

export function expressionsOf<N, K extends StatementKind>(statement: Statement<N, K>): Expression<N>[] {
  return STATEMENTS[statement.kind].expressions(statement);
}

export function statementsOf<N, K extends StatementKind>(statement: Statement<N, K>): Statement<N>[] {
  return STATEMENTS[statement.kind].statements(statement);
}

export function takesMarks<N>({ kind }: Statement<N>): boolean {
  return STATEMENTS[kind].takesMarks;
}

export function bodiesOf<N, K extends StatementKind>(statement: Statement<N, K>) {
  return STATEMENTS[statement.kind].bodies?.(statement) ?? [];
}

/** @returns what was evaluated last */
export function planStatement<N, K extends StatementKind>(
  statement: Statement<N, K>,
  planner: StatementPlanner<N>,
  place: Place<N>,
): Span | null {
  const { plan, last }: StatementRow<K> = STATEMENTS[statement.kind];
  plan(statement, planner, place);
  return last ? last(statement, planner, place) : statement;
}

/** A probe before the statement starts its line. */
export function startsBefore<N>({ kind }: Statement<N>): boolean {
  return STATEMENTS[kind].start === "before";
}
