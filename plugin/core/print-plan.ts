import {
  FOR_CONSUMER,
  FOR_NEXT,
  FOR_PROMISE,
  FUNCTION_GENERATOR,
  FUNCTION_OUTER,
  FUNCTION_SUSPENDS,
  type SuspendedFor,
} from "../../contract/module-table.ts";
import { fillIn, piecesOf, valuesOf } from "./forms.ts";
import type { CountedBody, CounterCall, LineCall, Names, Plan, Probe } from "./plan.ts";
import { SourceText } from "./source-text.ts";

/** Columns: where a probe stands, its placement; what is written there follows. */
const PLACE_WIDTH = 7;
const PLACEMENT_WIDTH = 15;
/** What is longer is continued on the next line. */
const WIDTH = 100;
/** Lines around profiled functions. */
const AROUND = 2;

/**
 * The plan with the source beside it, for those who want to know why a line has a probe, or none: below each line the
 * probes that begin on it, in the order in which they are written. `…` is what stands there already.
 */
export function printPlan<N>(plan: Plan<N>, text: string, path: string): string {
  const source = new SourceText(text);
  const width = String(source.lines.length).length;
  const below = new Map<number, string[]>();
  const shown = new Set<number>();
  for (const probe of plan.probes) {
    const [first, last] = [source.placeOf(probe.at.start).line, source.placeOf(probe.at.end).line];
    below.set(first, [...(below.get(first) ?? []), ...printProbe(probe, plan.names, source, WIDTH - width - 2)]);
    if ("k" in probe) for (let line = first - AROUND; line <= last + AROUND; line++) shown.add(line);
  }
  const lines = source.lines.flatMap((line, index) => {
    const number = index + 1;
    if (!shown.has(number)) return shown.has(number - 1) || number === 1 ? [`${" ".repeat(width)} :`] : [];
    return [
      `${String(number).padStart(width)} | ${shortened(line)}`.trimEnd(),
      ...(below.get(number) ?? []).map((said) => `${" ".repeat(width)} |${said}`),
    ];
  });
  return [`[mprof] the plan of ${path}`, ...printFunctions(plan, source), "", ...lines, ""].join("\n");
}

/** `  14:3  before           __mp.line(14); …;` */
function printProbe<N>(probe: Probe<N>, names: Names, source: SourceText, width: number): string[] {
  const { line, column } = source.placeOf(probe.at.start);
  const start = `${`${line}:${column}`.padStart(PLACE_WIDTH)}  ${probe.placement.padEnd(PLACEMENT_WIDTH)}  `;
  const values = valuesOf(probe, names);
  const written = piecesOf(probe).flatMap(({ code }) => {
    const filled = fillIn(code, values).replace(/\$it\b/g, "\u2026");
    const after = filled.indexOf("\u2026") + 1;
    const fits = start.length + filled.length <= width || after === 0;
    return fits ? [filled] : [filled.slice(0, after), filled.slice(after)];
  });
  return written.map((each, index) => (index === 0 ? start : " ".repeat(start.length)) + each);
}

/** What runs as an activation of its own, by the number that its code hands over. */
function printFunctions<N>({ table, probes }: Plan<N>, source: SourceText): string[] {
  return probes.flatMap((probe) => {
    if (!table || !("k" in probe) || probe.placement === "options") return [];
    const [listing, flags] = table.functions[probe.k]!;
    const { name, first, lines, options } = table.listings[listing]!;
    const { line, column } = source.placeOf(probe.at.start);
    const what =
      flags & FUNCTION_OUTER
        ? `${name}, rows ${first} to ${first + lines.length - 1}`
        : `${probe.placement === "initialiser" ? "an initialiser" : "a function"} in ${name}`;
    const suspends = flags & FUNCTION_SUSPENDS ? ", suspends" : "";
    const own = flags & FUNCTION_OUTER && options ? `, ${JSON.stringify(options)}` : "";
    return [`${`${line}:${column}`.padStart(PLACE_WIDTH)}  k ${probe.k}  ${what}${suspends}${own}`];
  });
}

/** A minified line has no end that anybody reads. */
function shortened(line: string): string {
  return line.length > 2 * WIDTH ? `${line.slice(0, 2 * WIDTH)} (${line.length} characters)` : line;
}

/** The plan alone, as text: what the golden `plan.txt` of a fixture holds, alike for every back-end. */
export function printProbes<N>(plan: Plan<N>, text: string): string {
  const source = new SourceText(text);
  const probes = plan.probes.map((probe) => {
    const { line, column } = source.placeOf(probe.at.start);
    return [`${line}:${column}`, ...words(probe)].join(" ");
  });
  const warnings = plan.warnings.map(({ code, line, column }) => `warning ${code} ${line}:${column}`);
  return [...printTable(plan), ...probes, ...warnings, ""].join("\n");
}

function printTable<N>({ table }: Plan<N>): string[] {
  const listings = (table?.listings ?? []).map(({ name, first, lines, options }, index) => {
    const range = `${first}-${first + lines.length - 1}`;
    return `listing ${index} ${name} ${range}${options ? ` ${JSON.stringify(options)}` : ""}`;
  });
  const slots = (table?.listings ?? []).flatMap(({ slots, first, lines }, index) => {
    if (!slots) return [];
    // `+` where a counter behind the rows is called where its line starts.
    const own = slots.lines.map((line, i) => `${line}${slots.starts.includes(first + lines.length + i) ? "+" : ""}`);
    const owners = slots.owners ? ["owners", slots.owners.join("")] : [];
    return [`slots ${index} ${[slots.kinds, ...own, "calls", ...slots.calls, ...owners].join(" ")}`];
  });
  const functions = (table?.functions ?? []).map(([listing, flags], k) => {
    const kinds = [
      flags & FUNCTION_OUTER ? "outer" : "inner",
      ...(flags & FUNCTION_SUSPENDS ? ["suspends"] : []),
      ...(flags & FUNCTION_GENERATOR ? ["generator"] : []),
    ];
    return `function ${k} of ${listing} ${kinds.join(" ")}`;
  });
  return [...listings, ...slots, ...functions];
}

const WORDS_OF_SUSPENSION: Record<SuspendedFor, string[]> = {
  [FOR_PROMISE]: [],
  [FOR_CONSUMER]: ["yields"],
  [FOR_NEXT]: ["next"],
};

function words<N>(probe: Probe<N>): string[] {
  const call = (when: string, said: LineCall | null) =>
    said ? [`${when} ${said.counter ? counterWords(said.counter) : `${said.method} ${said.line}`}`] : [];
  return [
    probe.placement,
    ...(probe.counter ? [counterWords(probe.counter)] : "line" in probe ? [`line ${probe.line}`] : []),
    ...("k" in probe ? [`k ${probe.k}`] : []),
    ...(probe.placement === "update" ? [...call("before", probe.before), ...call("after", probe.after)] : []),
    ...("braces" in probe && probe.braces ? ["braces"] : []),
    ...("why" in probe ? WORDS_OF_SUSPENSION[probe.why] : []),
    ...("label" in probe && probe.label ? [probe.label] : []),
    ...("counted" in probe && probe.counted ? bodyWords(probe.counted) : []),
    ...(probe.placement === "await-round" && probe.resumed.counter ? [counterWords(probe.resumed.counter)] : []),
    ...(probe.inner !== undefined && piecesOf(probe).some(({ code }) => code.includes("INNER"))
      ? [`inner ${probe.inner}`]
      : []),
    ...("moved" in probe && probe.moved.length > 0 ? [`moved ${probe.moved.length}`] : []),
  ];
}

function counterWords({ method, slot, store, wakes }: CounterCall): string {
  return `${method} ${slot}${store === undefined ? "" : ` ${store}`}${wakes ? " wakes" : ""}`;
}

function bodyWords({ entry, ends, isEarly }: CountedBody): string[] {
  return [...(entry === null ? [] : [`entry ${entry}`]), `ends ${ends}`, ...(isEarly ? ["early"] : [])];
}
