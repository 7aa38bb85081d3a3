/**
 * What is written into a program, once: placement -> pieces of code with holes. The text writer prints a piece over its
 * range; the writers of trees parse it and put nodes into its holes. Why each form is safe: `docs/generated-code.md`,
 * which a test holds against this table.
 *
 * In a piece `$it` is what stands there already, `$it;` a statement or a list of them; other holes have names of their
 * own. Names in capitals are filled in: `MP` is the activation, or the counters of mode `auto`; `CALL` there the call;
 * `LINE` the source line, or the slot of a counter.
 */
import { FOR_CONSUMER, FOR_NEXT, FOR_PROMISE, type SuspendedFor } from "../../contract/module-table.ts";
import { RUNTIME_GLOBAL, TABLE_EXPORT } from "../../contract/runtime-module.ts";
import type { CountedBody, CounterCall, LineCall, Names, Placement, Plan, Probe } from "./plan.ts";
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
  round: (probe) => [
    {
      slot: "statement",
      code: probe.label ? `{ LABEL: { $it; } ${start(probe)}; }` : `{ $it; ${start(probe)}; }`,
      range: probe.at,
    },
  ],
  "round-end": (probe) => [{ slot: "list", code: `$it; ${start(probe)};`, range: probe.inside }],
  "await-round": (probe) => {
    const round = probe.label ? `LABEL: { $it; } ${start(probe)};` : `$it; ${start(probe)};`;
    const resume = probe.resumed.counter ? "MP.backOf(CALL, RESUMED)" : "MP.resume()";
    const suspend = suspendWith("void 0", FOR_NEXT, probe.waits);
    const code = `{ ${resume}; try { ${round} } finally { ${suspend}; } }`;
    return [{ slot: "statement", code, range: probe.at }];
  },
  before: (probe) => [
    { slot: "statement", code: probe.braces ? `{ ${start(probe)}; $it; }` : `${start(probe)}; $it;`, range: probe.at },
  ],
  leave: ({ at, waits }) => [
    { slot: "statement", code: `$it; using LEAVE = MP.onLeave(${waits ? "CALL" : ""});`, range: at },
  ],
  continue: ({ at }) => [{ slot: "statement", code: "break LABEL;", range: at, ...NO_HOLES }],
  head: (probe) => [{ slot: "list", code: `${start(probe)}; $it;`, range: probe.inside }],
  "head-back": (probe) => [{ slot: "list", code: `${start(probe, "back")}; $it;`, range: probe.inside }],
  catch: (probe) => [
    {
      slot: "parameter",
      code: "ERROR",
      range: { start: probe.parameter.start, end: probe.parameter.start },
      ...NO_HOLES,
    },
    {
      slot: "list",
      code: `${start(probe)}; let $parameter = ERROR; { $it; }`,
      range: probe.inside,
      brought: { $parameter: probe.parameter },
    },
  ],
  "while-round": (probe) => [
    { slot: "keyword", code: "for", range: probe.keyword, ...NO_HOLES },
    { slot: "head", code: `; $it; ${start(probe)}`, range: probe.head },
  ],
  update: ({ range, hasUpdate, before, after }) => [
    { slot: "update", code: updateCode(hasUpdate, before, after), range },
  ],
  test: (probe) => [{ slot: "expression", code: `${start(probe)}, $it`, range: probe.at }],
  exit: (probe) => [{ slot: "expression", code: exit(probe, argument(probe.sequence)), range: probe.at }],
  "exit-nothing": (probe) => [{ slot: "statement", code: `{ ${exit(probe)}; $it; }`, range: probe.at }],
  options: ({ runtimeOptions: { call, object, fn }, name }) => [
    {
      slot: "expression",
      code: name === null ? "MODULE().options(K, $options, $it)" : "MODULE().options(K, $options, $it, NAME)",
      range: call,
      holes: { $options: object, $it: fn },
    },
  ],
  suspend: ({ at, sequence, why, waits }) => [
    { slot: "expression", code: suspendWith(argument(sequence), why, waits), range: at },
  ],
  at: ({ at, sequence, callee, counter }) => [
    ...(callee ? [{ slot: "text" as const, code: "($it)", range: callee }] : []),
    { slot: "expression", code: tell(counter, "at", argument(sequence)), range: at },
  ],
  link: (probe) => [{ slot: "expression", code: `(${start(probe)}, $it)`, range: probe.at }],
  back: ({ at, sequence, counter }) => [
    { slot: "expression", code: tell(counter, "back", argument(sequence)), range: at },
  ],
  operand: (probe) => [{ slot: "expression", code: `(${start(probe)}, $it)`, range: probe.at }],
  initialiser: (probe) => [
    {
      slot: "expression",
      code: probe.counter
        ? exit(probe, `(${start(probe)}, $it)`)
        : `(() => { ${ACTIVATION.open} ${start(probe)}; return ($it); ${ACTIVATION.close} })()`,
      range: probe.at,
    },
  ],
  resume: ({ at, sequence, counter }) => [
    {
      slot: "expression",
      code: counter ? tell(counter, "back", argument(sequence)) : `MP.resume(${argument(sequence)})`,
      range: at,
    },
  ],
  keep: ({ at, sequence, isGiven }) => [
    { slot: "expression", code: `KEEP(OF, LINE, ${argument(sequence)}${isGiven ? ", 1" : ""})`, range: at },
  ],
  "suspend-nothing": ({ at, waits }) => [
    {
      slot: "argument",
      code: suspendWith("void 0", FOR_CONSUMER, waits, false),
      range: { start: at.end, end: at.end },
      ...NO_HOLES,
    },
  ],
  enter: (probe) => {
    const { inside, moved, optOut } = probe;
    const [open, close] = bracketsOf(probe);
    const names = moved.map((_, i) => `var NAME${i} = $moved${i}; `).join("");
    const code = `${optOut ? OPT_OUT : ""}${open}${names}$it;${close}`;
    const brought = Object.fromEntries(moved.map(({ at }, i) => [`$moved${i}`, at]));
    return [
      ...(code === "$it;" ? [] : [{ slot: "list" as const, code, range: inside, brought }]),
      ...moved.map(({ nameRange }) => ({ slot: "text" as const, code: " ", range: nameRange, ...NO_HOLES })),
    ];
  },
  "enter-concise": (probe) => {
    const [open, close] = bracketsOf(probe);
    const isOpen = probe.counted?.ends === "open";
    const value = isOpen ? `return ${exit(probe, "$it")};` : `return ($it);${close}`;
    const code = `{ ${probe.optOut ? OPT_OUT : ""}${open}${start(probe)}; ${value} }`;
    return [{ slot: "concise", code, range: probe.inside }];
  },
};

/** What begins and ends a body. */
function bracketsOf(probe: { counted: CountedBody | null; inner?: number }): [open: string, close: string] {
  const { counted } = probe;
  if (counted === null) return [`${ACTIVATION.open} `, ` ${ACTIVATION.close}`];
  const { isEarly, entry, ends, isGenerator } = counted;
  const made = isEarly ? "MP || (MP = MODULE().counters(LISTING)); " : "";
  const open = entry === null ? made : `${made}MP.line(ENTRY); `;
  switch (ends) {
    case "closed":
      return [open, ""];
    case "open":
      return [open, ` ${exit(probe)};`];
    case "finally":
      return [`${open}try { `, ` } finally { ${exit(probe)}; }`];
    case "waits":
      return [
        `${made}const CALL = MP.begin(${isGenerator ? 1 : ""}); ${entry === null ? "" : "MP.line(ENTRY); "}try { `,
        " } finally { MP.exitOf(CALL); }",
      ];
  }
}

/** In mode `auto` a call ends. */
function exit({ inner }: { inner?: number }, value?: string): string {
  return inner === undefined ? `MP.exit(${value ?? ""})` : `MP.exit(${value ?? "void 0"}, INNER)`;
}

/** The call that starts a line, or goes back to one. */
function start({ counter }: { counter?: CounterCall }, exact: "line" | "back" = "line"): string {
  return tell(counter, counter?.method ?? exact, counter?.method === "grow" ? "STORE" : undefined);
}

/** By which methods the counters are told where the call of a function may have been waiting. */
const OF_CALL: Record<Exclude<CounterCall["method"], "caught">, string> = {
  line: "lineOf",
  count: "countOf",
  grow: "lineOf",
  at: "backOf",
  back: "backOf",
};

/** @param value what follows the line, if anything does */
function tell(counter: CounterCall | undefined, method: CounterCall["method"], value?: string, at = "LINE"): string {
  const rest = value === undefined ? at : `${at}, ${value}`;
  if (!counter?.wakes) return `MP.${method}(${rest})`;
  return method === "caught" ? `MP.caught(${rest}, CALL)` : `MP.${OF_CALL[method]}(CALL, ${rest})`;
}

function suspendWith(value: string, why: SuspendedFor, waits = false, hasRow = true): string {
  if (waits) return `MP.suspendOf(CALL, ${value}, ${why}${hasRow ? ", ROW" : ""})`;
  return `MP.suspend(${value}${why === FOR_PROMISE ? "" : `, ${why}`})`;
}

function argument(sequence: boolean): string {
  return sequence ? "($it)" : "$it";
}

function updateCode(hasUpdate: boolean, before: LineCall, after: LineCall | null): string {
  const calls = [
    tell(before.counter, before.counter?.method ?? before.method),
    hasUpdate && "$it",
    after && tell(after.counter, after.counter?.method ?? after.method, undefined, "AFTER"),
  ];
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
        return { name: probe.listing === undefined ? names.activation : countersOf(names, probe.listing) };
      case "CALL":
        return { name: names.activation };
      case "ROW":
        if ("row" in probe) return probe.row;
        return "line" in probe ? probe.line : undefined;
      case "MODULE":
        return { name: names.module };
      case "KEEP":
        return { name: names.keep };
      case "OF":
        return "of" in probe ? probe.of : undefined;
      case "LEAVE":
        return { name: names.leave };
      case "ERROR":
        return { name: names.error };
      case "LINE":
        return lineOf(probe);
      case "AFTER":
        return probe.placement === "update" && probe.after ? placeOf(probe.after) : undefined;
      case "RESUMED":
        return probe.placement === "await-round" ? probe.resumed.counter?.slot : undefined;
      case "STORE":
        return probe.counter?.store === undefined ? undefined : { name: probe.counter.store };
      case "INNER":
        return probe.inner;
      case "ENTRY":
        return "counted" in probe ? (probe.counted?.entry ?? undefined) : undefined;
      case "LISTING":
        return probe.listing;
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

function lineOf(probe: Probe<unknown>): number | undefined {
  if (probe.placement === "update") return placeOf(probe.before);
  return probe.counter?.slot ?? ("line" in probe ? probe.line : undefined);
}

function placeOf({ counter, line }: LineCall): number {
  return counter?.slot ?? line;
}

function countersOf({ counters }: Names, listing: number): string {
  return `${counters}${listing}`;
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

/**
 * Hosts without a place for it have no `keep`. What gives the value back is so short that V8 always inlines it: so it still
 * sees which function goes to `array.filter(…)`, and inlines that, however much is inlined already.
 */
const KEEPING =
  " function KEEP(of, n, value, given) { FOLLOW(of, n, value, given); return value; }" +
  " function FOLLOW(of, n, value, given) { var m = MODULE(); if (m.keep) m.keep(of, n, value, given); }";

export interface Prologue {
  /** The statement that loads the runtime, or nothing. */
  load: string;
  declarations: string;
  values: Values;
}

/** @param module the specifier of the runtime */
export function prologueFor(
  { names, table: moduleTable, probes }: Plan<unknown>,
  form: RuntimeForm,
  module: string,
): Prologue {
  const { statement, table } = REACH[form];
  const values: Record<string, Value> = {
    HANDLE: { name: names.handle },
    MODULE: { name: names.module },
    TABLE: { name: names.table },
    MODULE_NAME: module,
    KEEP: { name: names.keep },
    FOLLOW: { name: names.follow },
  };
  const isKeeping = probes.some(({ placement }) => placement === "keep");
  const early = new Set(
    probes.flatMap((probe) => ("counted" in probe && probe.counted?.isEarly ? [probe.listing] : [])),
  );
  const counters = (moduleTable?.listings ?? [])
    .map(({ slots }, index) => {
      if (!slots) return "";
      // A script can be loaded twice, and functions of a module may be called before its body runs.
      const word = form === "global" || early.has(index) ? "var" : "const";
      return ` ${word} ${countersOf(names, index)} = MODULE().counters(${index});`;
    })
    .join("");
  return {
    load: statement,
    declarations: `var HANDLE; function MODULE() { return HANDLE || (HANDLE = ${table}(DATA)); }${isKeeping ? KEEPING : ""}${counters}`,
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
