/** Which values are followed to see whether they survive: those that an expression makes, or gets from a call. */
import { amountOfCall, NONE } from "./amounts.ts";
import type { Expression } from "./outline.ts";

export interface Followed<N> {
  expression: Expression<N>;
  /** It comes from a call, which may have made it or not; else it is made here. */
  isGiven: boolean;
}

/**
 * The parts of an expression whose value is its value, as far as that can be an object that is not known by a name already.
 *
 * @param isNamed a function or class without a name gets one from where this stands: wrapped it would have none
 */
export function followedIn<N>(expression: Expression<N>, isNamed: boolean, text: string): Followed<N>[] {
  const made = [{ expression, isGiven: false }];
  const given = [{ expression, isGiven: true }];
  switch (expression.kind) {
    case "array":
    case "object":
      return made;
    case "function":
      return isNamed && expression.fn.name === null ? [] : made;
    case "class":
      return isNamed && expression.cls.name === null ? [] : made;
    case "call":
      if (expression.form === "new") return made;
      return expression.form === "import" || expression.directEval || amountOfCall(expression, { text }) === NONE
        ? []
        : given;
    case "await":
      return given;
    case "conditional":
      return [expression.consequent, expression.alternate].flatMap((arm) => followedIn(arm, false, text));
    case "binary":
      return expression.rest.flatMap(({ operand, logical }) => (logical ? followedIn(operand, false, text) : []));
    case "sequence":
      return expression.items.slice(-1).flatMap((item) => followedIn(item, false, text));
    case "pass": {
      // Behind it stands a type; before it an operator, whose value is no object.
      if (expression.start !== expression.argument.start) return [];
      const [inner] = followedIn(expression.argument, isNamed, text);
      return inner && inner.expression === expression.argument ? [{ expression, isGiven: inner.isGiven }] : [];
    }
    default:
      return [];
  }
}
