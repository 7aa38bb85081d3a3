import { FUNCTION_OUTER, FUNCTION_SUSPENDS } from "../../contract/module-table.ts";
import { fillIn, piecesOf, valuesOf } from "./forms.ts";
import type { LineCall, Plan, Probe } from "./plan.ts";
import { SourceText } from "./source-text.ts";

/** The plan with the source beside it, for those who want to know why a line has a probe, or none. */
export function printPlan<N>(plan: Plan<N>, text: string, path: string): string {
  const source = new SourceText(text);
  const width = String(source.lines.length).length;
  const byLine = new Map<number, string[]>();
  for (const probe of plan.probes) {
    const { line, column } = source.placeOf(probe.at.start);
    const codes = piecesOf(probe).map(({ code }) =>
      fillIn(code, valuesOf(probe, plan.names)).replace(/\$(?=it\b)/g, "\u2026"),
    );
    const said = `${" ".repeat(width)} |   ${column}: ${words(probe).join(" ")}    ${codes.join("  ")}`;
    byLine.set(line, [...(byLine.get(line) ?? []), said]);
  }
  const lines = source.lines.flatMap((line, index) => [
    `${String(index + 1).padStart(width)} | ${line}`,
    ...(byLine.get(index + 1) ?? []),
  ]);
  return [`[mprof] the plan of ${path}`, ...printTable(plan), ...lines, ""].join("\n");
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
  const functions = (table?.functions ?? []).map(([listing, flags], k) => {
    const kinds = [flags & FUNCTION_OUTER ? "outer" : "inner", ...(flags & FUNCTION_SUSPENDS ? ["suspends"] : [])];
    return `function ${k} of ${listing} ${kinds.join(" ")}`;
  });
  return [...listings, ...functions];
}

function words<N>(probe: Probe<N>): string[] {
  const call = (when: string, said: LineCall | null) => (said ? [`${when} ${said.method} ${said.line}`] : []);
  return [
    probe.placement,
    ...("line" in probe ? [`line ${probe.line}`] : []),
    ...("k" in probe ? [`k ${probe.k}`] : []),
    ...(probe.placement === "update" ? [...call("before", probe.before), ...call("after", probe.after)] : []),
    ...("braces" in probe && probe.braces ? ["braces"] : []),
    ...("label" in probe && probe.label ? [probe.label] : []),
    ...("moved" in probe && probe.moved.length > 0 ? [`moved ${probe.moved.length}`] : []),
  ];
}
