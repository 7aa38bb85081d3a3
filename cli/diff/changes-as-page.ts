/** Changes as a page that can be sent around: it needs no script. */
import { withoutCommands } from "../../runtime/reporters/without-commands.ts";
import { signed, size } from "../check/finding.ts";
import { pageOf, pagePart } from "../formats/page-shell.ts";
import type { FunctionChange, RowChange } from "./compare-profiles.ts";
import { endOf, placeOf, type Told, tell, total } from "./describe-changes.ts";

/** Of a page: a million rows are read by nobody. */
const MOST = { functions: 100, rows: 60 };
/** Characters of a line: what is minified has its whole text on one. */
const MOST_TEXT = 400;
const BAR = 100;

/** @param names of the two profiles */
export function changesAsPage(changes: readonly FunctionChange[], names: readonly [string, string]): string {
  const { functions, left, unchanged } = tell(changes, MOST);
  const sections = functions.map((each, index) => sectionOf(each, index)).join("\n");
  return pageOf({
    title: "mprof: what changed",
    style: pagePart("diff-page.css"),
    body: `<h1>${asText(total(changes))}</h1>
<p>${asText(names[0])} → ${asText(names[1])}</p>
${functions.length > 1 ? overviewOf(functions) : ""}
${sections}
<p>${endOf(left, unchanged).trim()}</p>`,
  });
}

function overviewOf(functions: Told["functions"]): string {
  const largest = largestOf(functions.map(({ change }) => change.change));
  const rows = functions.map(({ change }, index) => {
    const { net, metric, change: by } = change;
    return `<tr><td class="text"><a href="#f${index + 1}">${asText(placeOf(change))}</a></td>
<td class="size">${size(net.before, metric)}</td><td class="size">${size(net.after, metric)}</td>${changeCell(by, metric, largest)}</tr>`;
  });
  return `<section><div class="scroll"><table>
<thead><tr><th class="text">Function</th><th class="size">Base</th><th class="size">New</th><th>Change</th></tr></thead>
<tbody>
${rows.join("\n")}
</tbody></table></div></section>`;
}

function sectionOf({ change, rows, left }: Told["functions"][number], index: number): string {
  const { net, metric } = change;
  const largest = largestOf(rows.map((row) => row.change));
  const body = rows.map((row) => rowOf(row, metric, largest)).join("\n");
  const rest = left > 0 ? `<p>and ${left} more ${left === 1 ? "row" : "rows"} that changed less</p>` : "";
  const table = `<div class="scroll"><table>
<thead><tr><th>Base</th><th>New</th><th class="size">Base</th><th class="size">New</th><th>Change</th><th class="how">Row</th><th class="text">Line contents</th></tr></thead>
<tbody>
${body}
</tbody></table></div>`;
  return `<section id="f${index + 1}">
<h2><a href="#f${index + 1}">${asText(placeOf(change))}</a> <small>${size(net.before, metric)} → ${size(net.after, metric)}, ${signed(change.change, metric)}</small></h2>
${rows.length > 0 ? table : ""}${rest}
</section>`;
}

function rowOf({ how, before, after, change }: RowChange, metric: string, largest: number): string {
  const value = (row: RowChange["before"]) => (row === undefined ? "" : size(row.increment, metric));
  const was = how === "edited" ? `<span class="code was">${code(before!.text)}</span>` : "";
  return `<tr class="${how}"><td class="line">${before?.line ?? ""}</td><td class="line">${after?.line ?? ""}</td>\
<td class="size">${value(before)}</td><td class="size">${value(after)}</td>${changeCell(change, metric, largest)}\
<td class="how">${how === "same" ? "" : how}</td>\
<td class="text"><span class="code">${code((after ?? before)!.text)}</span>${was}</td></tr>`;
}

function changeCell(change: number, metric: string, largest: number): string {
  const way = change > 0 ? "up" : "down";
  const width = largest === 0 ? 0 : Math.round((Math.abs(change) / largest) * BAR);
  return `<td class="${way}">${signed(change, metric)}<svg class="bar" viewBox="0 0 ${BAR} 3" preserveAspectRatio="none" aria-hidden="true"><rect x="${BAR - width}" width="${width}" height="3"/></svg></td>`;
}

function largestOf(changes: readonly number[]): number {
  return changes.reduce((most, each) => Math.max(most, Math.abs(each)), 0);
}

function code(text: string): string {
  return asText(text.length > MOST_TEXT ? `${text.slice(0, MOST_TEXT)}…` : text);
}

const ENTITIES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

/** What the program says stays text. */
function asText(text: string): string {
  return withoutCommands(text).replace(/[&<>"']/g, (each) => ENTITIES[each]!);
}
