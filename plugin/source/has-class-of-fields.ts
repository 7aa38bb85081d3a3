/** Classes that V8 11.3 breaks when the source of a script is changed: those of fields without a constructor, made by functions that run then. */
import type * as B from "@babel/types";

const FIELDS: ReadonlySet<string> = new Set(["ClassProperty", "ClassPrivateProperty", "ClassAccessorProperty"]);

/** @param isInside a function is round the node */
export function hasClassOfFields(node: B.Node, isInside: boolean): boolean {
  if (isInside && node.type === "ClassBody" && isOfFields(node)) return true;
  const inside = isInside || /Function|Method/.test(node.type);
  return Object.values(node).some((value: unknown) =>
    Array.isArray(value)
      ? value.some((each) => isNode(each) && hasClassOfFields(each, inside))
      : isNode(value) && hasClassOfFields(value, inside),
  );
}

function isOfFields({ body }: B.ClassBody): boolean {
  const hasConstructor = body.some((member) => member.type === "ClassMethod" && member.kind === "constructor");
  return !hasConstructor && body.some(({ type }) => FIELDS.has(type));
}

/** Comments and tokens have nothing inside. */
function isNode(value: unknown): value is B.Node {
  return typeof value === "object" && value !== null && "type" in value;
}
