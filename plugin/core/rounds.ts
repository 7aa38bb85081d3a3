import { type Amount, BOUNDED, NONE } from "./amounts.ts";
import type { Statement } from "./outline.ts";
import { visitAll } from "./walk.ts";

/** A loop whose rounds have variables of their own that a closure may keep makes a place for them each round. */
export function amountOfRound<N>(loop: Statement<N>): Amount {
  let declares = false;
  let closes = false;
  visitAll([loop], {
    statement: (statement) => {
      if (statement.kind === "class" || (statement.kind === "variable" && statement.form !== "var")) declares = true;
      if (statement.kind === "class") closes = true;
    },
    function: () => {
      closes = true;
    },
    expression: ({ kind }) => {
      if (kind === "class") closes = true;
    },
  });
  return declares && closes ? BOUNDED : NONE;
}
