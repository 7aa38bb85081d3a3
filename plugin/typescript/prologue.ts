import type TS from "typescript";
import { RUNTIME_GLOBAL, TABLE_EXPORT } from "../../contract/runtime-module.ts";
import type { Names } from "../core/plan.ts";
import type { RuntimeForm } from "./choose-runtime.ts";
import type { Ts } from "./read-outline.ts";

export interface Prologue {
  runtime: RuntimeForm;
  runtimeModule: string;
  table: object;
  names: Names;
}

/** The tree of what core's `printPrologue` prints: declarations only, the import first. */
export function createPrologue({ runtime, runtimeModule, table, names }: Prologue, ts: Ts): TS.Statement[] {
  const { factory } = ts;
  const name = (text: string) => factory.createIdentifier(text);
  const load = factory.createCallExpression(tableFunction(), undefined, [valueToNode(table, ts)]);
  const lazily = factory.createLogicalOr(
    name(names.handle),
    factory.createParenthesizedExpression(factory.createAssignment(name(names.handle), load)),
  );
  const variable = factory.createVariableDeclarationList([factory.createVariableDeclaration(names.handle)]);
  const body = factory.createBlock([factory.createReturnStatement(lazily)]);
  return [
    ...imports(),
    factory.createVariableStatement(undefined, variable),
    factory.createFunctionDeclaration(undefined, undefined, names.module, undefined, [], undefined, body),
  ];

  function imports(): TS.Statement[] {
    const from = factory.createStringLiteral(runtimeModule);
    if (runtime === "import") {
      const specifier = factory.createImportSpecifier(false, name(TABLE_EXPORT), name(names.table));
      // Without a phase modifier; its type was a boolean before TypeScript 5.9.
      const clause = factory.createImportClause(undefined as never, undefined, factory.createNamedImports([specifier]));
      return [factory.createImportDeclaration(undefined, clause, from)];
    }
    if (runtime !== "import-equals") return [];
    const reference = factory.createExternalModuleReference(from);
    return [factory.createImportEqualsDeclaration(undefined, false, names.table, reference)];
  }

  function tableFunction(): TS.Expression {
    if (runtime === "import") return name(names.table);
    return factory.createPropertyAccessExpression(runtimeObject(), TABLE_EXPORT);
  }

  function runtimeObject(): TS.Expression {
    if (runtime === "import-equals") return name(names.table);
    if (runtime === "global") return factory.createPropertyAccessExpression(name("globalThis"), RUNTIME_GLOBAL);
    return factory.createCallExpression(name("require"), undefined, [factory.createStringLiteral(runtimeModule)]);
  }
}

/** A JSON value as a literal. */
function valueToNode(value: unknown, ts: Ts): TS.Expression {
  const { factory } = ts;
  if (typeof value === "string") {
    return ts.setEmitFlags(factory.createStringLiteral(value), ts.EmitFlags.NoAsciiEscaping);
  }
  if (typeof value === "number") return factory.createNumericLiteral(value);
  if (typeof value === "boolean") return value ? factory.createTrue() : factory.createFalse();
  if (Array.isArray(value)) return factory.createArrayLiteralExpression(value.map((each) => valueToNode(each, ts)));
  const properties = Object.entries(value as object).map(([key, each]) =>
    factory.createPropertyAssignment(key, valueToNode(each, ts)),
  );
  return factory.createObjectLiteralExpression(properties);
}
