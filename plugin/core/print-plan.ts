import { FUNCTION_OUTER, FUNCTION_SUSPENDS } from "../../contract/module-table.ts";
import type { Plan, Probe } from "./plan.ts";
import { SourceText } from "./source-text.ts";

/** The plan as text: what the golden `plan.txt` of a fixture holds, alike for every back-end. */
export function printPlan<N>({ table, probes, warnings }: Plan<N>, text: string): string {
  const source = new SourceText(text);
  const out: string[] = [];
  table?.listings.forEach(({ name, first, lines, options }, index) => {
    out.push(
      `listing ${index} ${name} ${first}-${first + lines.length - 1}${options ? ` ${JSON.stringify(options)}` : ""}`,
    );
  });
  table?.functions.forEach(([listing, flags], k) => {
    const words = [flags & FUNCTION_OUTER ? "outer" : "inner", ...(flags & FUNCTION_SUSPENDS ? ["suspends"] : [])];
    out.push(`function ${k} of ${listing} ${words.join(" ")}`);
  });
  for (const probe of probes) out.push(printProbe(probe, source));
  for (const { code, line, column } of warnings) out.push(`warning ${code} ${line}:${column}`);
  return `${out.join("\n")}\n`;
}

function printProbe<N>(probe: Probe<N>, source: SourceText): string {
  const { line, column } = source.placeOf(probe.at.start);
  const words = [`${line}:${column}`, probe.placement];
  if (probe.line !== undefined) words.push(`line ${probe.line}`);
  if (probe.k !== undefined) words.push(`k ${probe.k}`);
  for (const [when, call] of [
    ["before", probe.before],
    ["after", probe.after],
  ] as const) {
    if (call) words.push(`${when} ${call.method} ${call.line}`);
  }
  if (probe.braces) words.push("braces");
  if (probe.label) words.push(probe.label);
  if (probe.moved?.length) words.push(`moved ${probe.moved.length}`);
  return words.join(" ");
}
