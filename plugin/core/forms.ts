/**
 * What is written into a program, once: placement -> pieces of code with holes. The text writer prints a piece over its
 * range; the writers of trees parse it and put nodes into its holes. Why each form is safe: `docs/generated-code.md`,
 * which a test holds against this table.
 *
 * In a piece `$it` is what stands there already, `$it;` a statement or a list of them; other holes have names of their
 * own. Names in capitals are filled in: `MP` is the activation, `LINE` the source line.
 */
import { RUNTIME_GLOBAL, TABLE_EXPORT } from "../../contract/runtime-module.ts";
import type { LineCall, Names, Placement, Probe } from "./plan.ts";
import type { Range } from "./source-text.ts";

/** Where a piece goes, as trees know it. */
export type Slot =
  /** In the place of an expression, or of a statement. */
  | "expression"
  | "statement"
  /** The statements of a block, a case, a function's body. */
  | "list"
  /** The concise body of an arrow function, with braces round it. */
  | "concise"
  /** The parameter of a catch clause. */
  | "parameter"
  /** The word and the head of a loop that becomes a `for`. */
  | "keyword"
  | "head"
  /** The third part of a `for` head. */
  | "update"
  /** The value of a `yield` that has none. */
  | "argument"
  /** Nowhere: only the text needs it. */
  | "text";

export interface Piece {
  slot: Slot;
  code: string;
  /** What it is written over, in the text; `$it` is all of it unless `holes` says otherwise. */
  range: Range;
  /** Where the holes are that stand in the range, in order; `$it`, all of it, if nothing is said. */
  holes?: Record<string, Range>;
  /** Where those are that are brought from elsewhere. */
  brought?: Record<string, Range>;
}

const ACTIVATION = { open: "const MP = MODULE().enter(K); try {", close: "} finally { MP.exit(); }" };

/** React's compiler takes no `try` without a `catch`: told to leave the function, it leaves it and the build goes on. */
const OPT_OUT = '"use no memo"; ';

/** All of the range is written over. */
const NO_HOLES: Pick<Piece, "holes"> = { holes: {} };

type Form<P extends Placement> = (probe: Probe<unknown, P>) => readonly Piece[];

/** Outermost first, where several stand on one node. */
export const FORMS: { [P in Placement]: Form<P> } = {
  round: ({ at, label }) => [
    { slot: "statement", code: label ? "{ LABEL: { $it; } MP.line(LINE); }" : "{ $it; MP.line(LINE); }", range: at },
  ],
  "round-end": ({ inside }) => [{ slot: "list", code: "$it; MP.line(LINE);", range: inside }],
  "await-round": ({ at, label }) => [
    {
      slot: "statement",
      code: label
        ? "{ MP.resume(); try { LABEL: { $it; } MP.line(LINE); } finally { MP.suspend(); } }"
        : "{ MP.resume(); try { $it; MP.line(LINE); } finally { MP.suspend(); } }",
      range: at,
    },
  ],
  before: ({ at, braces }) => [
    { slot: "statement", code: braces ? "{ MP.line(LINE); $it; }" : "MP.line(LINE); $it;", range: at },
  ],
  leave: ({ at }) => [{ slot: "statement", code: "$it; using LEAVE = MP.onLeave();", range: at }],
  continue: ({ at }) => [{ slot: "statement", code: "break LABEL;", range: at, ...NO_HOLES }],
  head: ({ inside }) => [{ slot: "list", code: "MP.line(LINE); $it;", range: inside }],
  "head-back": ({ inside }) => [{ slot: "list", code: "MP.back(LINE); $it;", range: inside }],
  catch: ({ parameter, inside }) => [
    { slot: "parameter", code: "ERROR", range: { start: parameter.start, end: parameter.start }, ...NO_HOLES },
    {
      slot: "list",
      code: "MP.line(LINE); let $parameter = ERROR; { $it; }",
      range: inside,
      brought: { $parameter: parameter },
    },
  ],
  "while-round": ({ keyword, head }) => [
    { slot: "keyword", code: "for", range: keyword, ...NO_HOLES },
    { slot: "head", code: "; $it; MP.line(LINE)", range: head },
  ],
  update: ({ range, hasUpdate, before, after }) => [
    { slot: "update", code: updateCode(hasUpdate, before, after), range },
  ],
  test: ({ at }) => [{ slot: "expression", code: "MP.line(LINE), $it", range: at }],
  options: ({ runtimeOptions: { call, object, fn }, name }) => [
    {
      slot: "expression",
      code: name === null ? "MODULE().options(K, $options, $it)" : "MODULE().options(K, $options, $it, NAME)",
      range: call,
      holes: { $options: object, $it: fn },
    },
  ],
  suspend: ({ at, sequence }) => [{ slot: "expression", code: `MP.suspend(${argument(sequence)})`, range: at }],
  at: ({ at, sequence, callee }) => [
    ...(callee ? [{ slot: "text" as const, code: "($it)", range: callee }] : []),
    { slot: "expression", code: `MP.at(LINE, ${argument(sequence)})`, range: at },
  ],
  link: ({ at }) => [{ slot: "expression", code: "(MP.line(LINE), $it)", range: at }],
  back: ({ at, sequence }) => [{ slot: "expression", code: `MP.back(LINE, ${argument(sequence)})`, range: at }],
  operand: ({ at }) => [{ slot: "expression", code: "(MP.line(LINE), $it)", range: at }],
  initialiser: ({ at }) => [
    {
      slot: "expression",
      code: `(() => { ${ACTIVATION.open} MP.line(LINE); return ($it); ${ACTIVATION.close} })()`,
      range: at,
    },
  ],
  resume: ({ at, sequence }) => [{ slot: "expression", code: `MP.resume(${argument(sequence)})`, range: at }],
  "suspend-nothing": ({ at }) => [
    { slot: "argument", code: "MP.suspend()", range: { start: at.end, end: at.end }, ...NO_HOLES },
  ],
  enter: ({ inside, moved, optOut }) => [
    {
      slot: "list",
      code: `${optOut ? OPT_OUT : ""}${ACTIVATION.open} ${moved.map((_, i) => `var NAME${i} = $moved${i}; `).join("")}$it; ${ACTIVATION.close}`,
      range: inside,
      brought: Object.fromEntries(moved.map(({ at }, i) => [`$moved${i}`, at])),
    },
    ...moved.map(({ nameRange }) => ({ slot: "text" as const, code: " ", range: nameRange, ...NO_HOLES })),
  ],
  "enter-concise": ({ inside, optOut }) => [
    {
      slot: "concise",
      code: `{ ${optOut ? OPT_OUT : ""}${ACTIVATION.open} MP.line(LINE); return ($it); ${ACTIVATION.close} }`,
      range: inside,
    },
  ],
};

function argument(sequence: boolean): string {
  return sequence ? "($it)" : "$it";
}

function updateCode(hasUpdate: boolean, before: LineCall, after: LineCall | null): string {
  const calls = [`MP.${before.method}(LINE)`, hasUpdate && "$it", after && `MP.${after.method}(AFTER)`];
  return calls.filter(Boolean).join(", ");
}

/** The pieces of a probe. */
export function piecesOf<N, P extends Placement>(probe: Probe<N, P>): readonly Piece[] {
  return FORMS[probe.placement](probe);
}

/** What stands for a name in capitals: an identifier, a number, or the text of a string. */
export type Value = { name: string } | number | string;
export type Values = (name: string) => Value | undefined;

/** The values of a probe's pieces. A placement without one of them never asks for it. */
export function valuesOf(probe: Probe<unknown>, names: Names): Values {
  return (name) => {
    switch (name) {
      case "MP":
        return { name: names.activation };
      case "MODULE":
        return { name: names.module };
      case "LEAVE":
        return { name: names.leave };
      case "ERROR":
        return { name: names.error };
      case "LINE":
        return probe.placement === "update" ? probe.before.line : "line" in probe ? probe.line : undefined;
      case "AFTER":
        return probe.placement === "update" ? probe.after?.line : undefined;
      case "K":
        return "k" in probe ? probe.k : undefined;
      case "LABEL":
        return "label" in probe && probe.label !== null ? { name: probe.label } : undefined;
      case "NAME":
        return "name" in probe && probe.name !== null ? probe.name : undefined;
      default:
        return movedName(probe, name);
    }
  };
}

/** `NAME0`, `NAME1`, …: of the declarations that move. */
function movedName(probe: Probe<unknown>, name: string): Value | undefined {
  if (probe.placement !== "enter" || !name.startsWith("NAME")) return undefined;
  const moved = probe.moved[Number(name.slice("NAME".length))];
  return moved && { name: moved.name };
}

/** Source order; of two that begin together the longer first; on one span by the order of the table. */
export function sortProbes<N>(probes: Probe<N>[]): Probe<N>[] {
  const ranks = new Map(Object.keys(FORMS).map((placement, rank) => [placement, rank]));
  const rank = ({ placement }: Probe<N>) => ranks.get(placement)!;
  return probes.sort((a, b) => a.at.start - b.at.start || b.at.end - a.at.end || rank(a) - rank(b));
}

// ---- the module's prologue ----

/** How compiled code reaches the runtime; `import-equals` is TypeScript's `import x = require()`. */
export type RuntimeForm = "import" | "require" | "global" | "import-equals";

/**
 * Declarations only, so that a script's completion value stays what it was. `var` without initialiser and a hoisted
 * function, because import cycles call functions before the module's body has run. DATA is the module table.
 */
const REACH: Record<RuntimeForm, { statement: string; table: string }> = {
  // The default export, because there are plug-ins of projects that know no other.
  import: { statement: 'import TABLE from "MODULE_NAME";', table: `TABLE.${TABLE_EXPORT}` },
  require: { statement: "", table: `require("MODULE_NAME").${TABLE_EXPORT}` },
  global: { statement: "", table: `globalThis.${RUNTIME_GLOBAL}.${TABLE_EXPORT}` },
  "import-equals": { statement: 'import TABLE = require("MODULE_NAME");', table: `TABLE.${TABLE_EXPORT}` },
};

export interface Prologue {
  /** The statement that loads the runtime, or nothing. */
  load: string;
  declarations: string;
  values: Values;
}

/** @param module the specifier of the runtime */
export function prologueFor(names: Names, form: RuntimeForm, module: string): Prologue {
  const { statement, table } = REACH[form];
  const values: Record<string, Value> = {
    HANDLE: { name: names.handle },
    MODULE: { name: names.module },
    TABLE: { name: names.table },
    MODULE_NAME: module,
  };
  return {
    load: statement,
    declarations: `var HANDLE; function MODULE() { return HANDLE || (HANDLE = ${table}(DATA)); }`,
    values: (name) => values[name],
  };
}

/** Pieces by what is to be filled in: text, name, text, … */
const split = new Map<string, string[]>();

/** The code with its names filled in, as text. `data` is the module table. */
export function fillIn(code: string, values: Values, data?: unknown): string {
  const parts = split.get(code) ?? code.split(/("[A-Z_]+"|\b[A-Z][A-Z_]*\d*\b)/);
  split.set(code, parts);
  return parts.reduce((text, part, index) => text + (index % 2 === 0 ? part : filled(part, values, data)), "");
}

function filled(written: string, values: Values, data: unknown): string {
  const name = written.replaceAll('"', "");
  if (name === "DATA") return JSON.stringify(data);
  const value = values(name);
  if (value === undefined) return written;
  if (typeof value === "object") return value.name;
  return typeof value === "number" ? String(value) : JSON.stringify(value);
}
