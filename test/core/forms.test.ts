import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { parse } from "@babel/parser";
import { FOR_CONSUMER, FOR_NEXT, FOR_PROMISE } from "../../contract/module-table.ts";
import {
  FORMS,
  fillIn,
  type Piece,
  piecesOf,
  prologueFor,
  type RuntimeForm,
  type Slot,
  sortProbes,
  type Value,
  type Values,
  valuesOf,
} from "../../plugin/core/forms.ts";
import type { CountedBody, CounterCall, LineCall, Names, Placement, Plan, Probe } from "../../plugin/core/plan.ts";
import { source } from "../support/back-ends.ts";

const NAMES: Names = {
  activation: "__mp",
  module: "__mp_m",
  handle: "__mp_t",
  table: "__mp_table",
  label: "__mp_c",
  leave: "__mp_s",
  error: "__mp_e",
  counters: "__mp",
  keep: "__mp_k",
  follow: "__mp_f",
};
const RANGE = { start: 0, end: 0 };
const common = { node: null, at: { ...RANGE, line: 1, endLine: 1 }, line: 1, k: 0, inside: RANGE, range: RANGE };
const moved = [{ node: null, at: RANGE, name: "g", nameRange: RANGE }];
const [line, back] = [{ method: "line", line: 1 } as const, { method: "back", line: 1 } as const];
const resumed: LineCall = { method: "back", line: 1 };
const object = { call: RANGE, object: RANGE, fn: RANGE };

/** Every placement, with all that makes a difference to its form. */
const PROBES: { [P in Placement]: Probe<null, P>[] } = {
  round: [null, "__mp_c1"].map((label) => ({ placement: "round", ...common, label })),
  "round-end": [{ placement: "round-end", ...common }],
  "await-round": [null, "__mp_c1"].map((label) => ({ placement: "await-round", ...common, label, resumed })),
  before: [false, true].map((braces) => ({ placement: "before", ...common, braces })),
  leave: [{ placement: "leave", ...common }],
  continue: [{ placement: "continue", ...common, label: "__mp_c2" }],
  head: [{ placement: "head", ...common, isCaught: true }],
  "head-back": [{ placement: "head-back", ...common, isCaught: false }],
  catch: [{ placement: "catch", ...common, parameter: RANGE }],
  "while-round": [{ placement: "while-round", ...common, keyword: RANGE, head: RANGE }],
  update: [
    { placement: "update", ...common, hasUpdate: true, before: line, after: null },
    { placement: "update", ...common, hasUpdate: true, before: back, after: null },
    { placement: "update", ...common, hasUpdate: true, before: line, after: line },
    { placement: "update", ...common, hasUpdate: false, before: line, after: null },
  ],
  test: [{ placement: "test", ...common }],
  options: ["name", null].map((name) => ({
    placement: "options",
    ...common,
    name,
    runtimeOptions: object as Probe<null, "options">["runtimeOptions"],
  })),
  suspend: [
    { placement: "suspend", ...common, sequence: false, why: FOR_PROMISE, row: 6 },
    { placement: "suspend", ...common, sequence: true, why: FOR_PROMISE, row: 6 },
    { placement: "suspend", ...common, sequence: false, why: FOR_CONSUMER, row: 6 },
    { placement: "suspend", ...common, sequence: false, why: FOR_NEXT, row: 6 },
  ],
  at: [
    { placement: "at", ...common, sequence: false, callee: null },
    { placement: "at", ...common, sequence: true, callee: RANGE },
  ],
  link: [{ placement: "link", ...common }],
  back: [false, true].map((sequence) => ({ placement: "back", ...common, sequence })),
  operand: [{ placement: "operand", ...common }],
  initialiser: [{ placement: "initialiser", ...common }],
  keep: [
    { placement: "keep", ...common, of: 0, isGiven: false, sequence: false },
    { placement: "keep", ...common, of: 0, isGiven: true, sequence: false },
  ],
  resume: [false, true].map((sequence) => ({ placement: "resume", ...common, sequence })),
  "suspend-nothing": [{ placement: "suspend-nothing", ...common }],
  enter: [
    { placement: "enter", ...common, moved: [], optOut: false, counted: null },
    { placement: "enter", ...common, moved, optOut: false, counted: null },
    { placement: "enter", ...common, moved: [], optOut: true, counted: null },
  ],
  "enter-concise": [false, true].map((optOut) => ({
    placement: "enter-concise",
    ...common,
    optOut,
    counted: null,
  })),
  exit: [{ placement: "exit", ...common, listing: 0, sequence: false }],
  "exit-nothing": [{ placement: "exit-nothing", ...common, listing: 0 }],
};

const counter = (method: CounterCall["method"]): CounterCall => ({ method, slot: 4 });
const in0 = { ...common, listing: 0 };
const body = (ends: CountedBody["ends"], entry: number | null = null, isEarly = false) => ({
  ends,
  entry,
  isEarly,
  isGenerator: isEarly,
});

/** The same for mode `auto`, where that is written otherwise. */
const COUNTED: Probe<null>[] = [
  { placement: "before", ...in0, braces: false, counter: counter("count") },
  { placement: "before", ...in0, braces: false, counter: { ...counter("grow"), store: "rows" } },
  { placement: "head", ...in0, isCaught: true, counter: counter("caught") },
  {
    placement: "await-round",
    ...in0,
    label: null,
    resumed: { ...resumed, counter: counter("back") },
    counter: counter("line"),
    waits: true,
  },
  { placement: "before", ...in0, braces: false, counter: { ...counter("line"), wakes: true } },
  { placement: "before", ...in0, braces: false, counter: { ...counter("grow"), store: "rows", wakes: true } },
  { placement: "before", ...in0, braces: false, counter: { ...counter("count"), wakes: true } },
  { placement: "head", ...in0, isCaught: true, counter: { ...counter("caught"), wakes: true } },
  { placement: "leave", ...in0, waits: true },
  { placement: "suspend", ...in0, sequence: false, why: FOR_PROMISE, row: 6, waits: true },
  { placement: "suspend-nothing", ...in0, waits: true },
  { placement: "back", ...in0, sequence: false, counter: counter("back") },
  { placement: "resume", ...in0, sequence: false, counter: { ...counter("back"), wakes: true } },
  { placement: "resume", ...in0, sequence: false, counter: counter("back") },
  { placement: "initialiser", ...in0, counter: counter("line") },
  { placement: "enter", ...in0, moved: [], optOut: false, counted: body("open") },
  { placement: "enter", ...in0, moved: [], optOut: false, counted: body("closed", 9, true) },
  { placement: "enter", ...in0, moved, optOut: false, counted: body("finally", 9) },
  { placement: "enter", ...in0, moved: [], optOut: false, counted: body("waits") },
  { placement: "enter", ...in0, moved: [], optOut: false, counted: body("waits", 9, true) },
  { placement: "enter-concise", ...in0, optOut: false, counted: body("closed"), counter: counter("count") },
  { placement: "enter-concise", ...in0, optOut: false, counted: body("open"), counter: counter("line") },
  { placement: "enter-concise", ...in0, optOut: false, counted: body("finally"), counter: counter("line") },
  { placement: "exit", ...in0, sequence: false, inner: 2 },
  { placement: "exit-nothing", ...in0, inner: 2 },
  { placement: "enter", ...in0, moved: [], optOut: false, counted: body("open"), inner: 2 },
];

const PLAN: Plan<null> = { table: null, probes: [], names: NAMES, warnings: [], found: [], overflowed: false };

const RUNTIMES: RuntimeForm[] = ["import", "require", "global", "import-equals"];

/** Where a piece stands, as a program. */
const AROUND: Record<Slot, (code: string) => string> = {
  expression: (code) => `async function* f() { x = (${code}); }`,
  statement: (code) => `async function* f() { for (;;) { __mp_c2: { ${code} } } }`,
  list: (code) => `async function* f() { ${code} }`,
  concise: (code) => `x = () => ${code}`,
  parameter: (code) => `try {} catch (${code}) {}`,
  keyword: (code) => `${code} (;;);`,
  head: (code) => `for (${code});`,
  update: (code) => `for (;; ${code});`,
  argument: (code) => `function* f() { yield ${code}; }`,
  text: (code) => `x = (${code.trim() || "0"})`,
};

const probes = (Object.keys(FORMS) as Placement[])
  .flatMap((placement) => PROBES[placement] as Probe<null>[])
  .concat(COUNTED);

describe("forms", () => {
  for (const probe of probes) {
    for (const { slot, code } of piecesOf(probe)) {
      it(`${probe.placement} is a program: ${code}`, () => {
        const text = AROUND[slot](fillIn(code, valuesOf(probe, NAMES)));
        assert.ok(parse(text, { plugins: ["explicitResourceManagement"] }));
        assert.doesNotMatch(text, /\b[A-Z]{2}/, "a name is not filled in");
        assert.doesNotMatch(code, /[\n\r]/, "a row more than the source has");
      });
    }
  }

  for (const form of RUNTIMES) {
    it(`the prologue is a program: ${form}`, () => {
      const plugins = form === "import-equals" ? (["typescript"] as const) : [];
      const text = prologueOf(form, { version: 1 });
      assert.ok(parse(text, { sourceType: form.startsWith("import") ? "module" : "script", plugins: [...plugins] }));
    });
  }

  it("stand in source order; of two that begin together the longer first, on one span by the table", () => {
    const at = (start: number, end: number) => ({ ...common, at: { start, end, line: 1, endLine: 1 } });
    const [first, ...others]: Probe<null>[] = [
      { placement: "operand", ...at(4, 6) },
      { placement: "resume", ...at(0, 6), sequence: false },
      { placement: "operand", ...at(0, 6) },
      { placement: "before", ...at(0, 9), braces: false },
    ];
    const sorted = sortProbes([first!, ...others]).map(({ placement, at: { start } }) => `${placement} ${start}`);
    assert.deepEqual(sorted, ["before 0", "operand 0", "resume 0", "operand 4"]);
  });

  it("fill in names, and leave what only looks like one", () => {
    const known: Record<string, Value> = { MP: { name: "__mp2_" }, LINE: 3, NAME: 'a "b"' };
    const values: Values = (name) => known[name];
    assert.equal(
      fillIn('MP.line(LINE); $it; f(NAME, "NAME", "Other", MPX)', values),
      ["__mp2_.line(3); $it; ", String.raw`f("a \"b\"", "a \"b\"", "Other", MPX)`].join(""),
    );
  });
});

describe("docs/generated-code.md", () => {
  const page = readFileSync("docs/generated-code.md", "utf8");
  const rows = [...page.matchAll(/^\| `([\w-]+)` \| (.+?) \| /gm)].map(
    ([, placement, forms]) => [placement!, codesIn(forms!)] as const,
  );

  it("has a row for each placement, in the order of the table", () => {
    assert.deepEqual(
      rows.map(([placement]) => placement),
      Object.keys(FORMS),
    );
  });

  for (const placement of Object.keys(FORMS) as Placement[]) {
    it(`shows ${placement} as it is written`, () => {
      const pieces = [...(PROBES[placement] as Probe<null>[]), ...COUNTED]
        .filter((probe) => probe.placement === placement)
        .flatMap((probe) => piecesOf(probe).map((each) => shown(each, probe)));
      const shownThere = new Map(rows).get(placement);
      assert.deepEqual(
        shownThere,
        [...new Set(pieces)].filter((code) => code !== ""),
      );
    });
  }

  for (const form of RUNTIMES) {
    it(`shows the prologue, ${form}`, () =>
      assert.ok(page.includes(`\n${prologueOf(form, "TABLE").replace('"TABLE"', "{…}")}\n`)));
  }

  it("shows nothing else for a form", () => {
    const known = new Set(rows.flatMap(([, codes]) => codes));
    const outside = page.replace(/^```[\s\S]*?^```/gm, "");
    const claims = codesIn(outside).filter((code) => /\b__mp\w*\W/.test(code) && !known.has(code));
    assert.deepEqual(claims, []);
  });

  it("has an example that is what is written", () => {
    const [before, after] = [...page.matchAll(/^```js example\n([\s\S]*?)^```/gm)].map(([, code]) => code!);
    const { code } = source.compile(before!, "a.js", {});
    const prologue = /^[^\n]*?\}\)\); \} /m;
    assert.match(code!, prologue);
    assert.equal(code!.replace(/^ *\n/, "").replace(prologue, ""), after);
  });
});

function codesIn(text: string): string[] {
  return [...text.matchAll(/`([^`\n]+)`/g)].map(([, code]) => code!);
}

/** As the page shows it: `…` is what stands there, names in capitals what is brought from elsewhere. */
function shown({ code }: Piece, { listing }: Probe<null>): string {
  const names: Record<string, string> = {
    ...{
      MP: listing === undefined ? "__mp" : "__mp0",
      CALL: "__mp",
      ROW: "r",
      MODULE: "__mp_m",
      LEAVE: "__mp_s",
      ERROR: "__mp_e",
      LABEL: "__mp_c1",
    },
    ...{
      KEEP: "__mp_k",
      OF: "i",
      LINE: "n",
      AFTER: "m",
      RESUMED: "m",
      ENTRY: "m",
      LISTING: "i",
      STORE: "rows",
      K: "k",
      INNER: "k",
      NAME: "NAME",
      NAME0: "g",
    },
  };
  const values: Values = (each) => (names[each] === undefined ? undefined : { name: names[each] });
  const filled = fillIn(code, values).trim();
  return filled.replaceAll("$it", "…").replace(/\$([a-z]+)\d*/g, (_, hole: string) => hole.toUpperCase());
}

function prologueOf(form: RuntimeForm, data: unknown): string {
  const { load, declarations, values } = prologueFor(PLAN, form, "mprof/runtime");
  return fillIn(`${load} ${declarations}`.trim(), values, data);
}
