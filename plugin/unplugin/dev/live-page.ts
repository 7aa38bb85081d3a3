/** The page at `/__mprof/`: one HTML document that asks for nothing but its own news, and the part of it that changes. */
import type { MemoryTimeline, PageMessage } from "../../../contract/page-message.ts";
import type { ListingProfile, Profile, Row } from "../../../contract/profile.ts";
import { MIB, TIME } from "../../../contract/units.ts";
import { formatFixed } from "../../../runtime/reporters/format-fixed.ts";
import { formatFigures, metricOf } from "../../../runtime/reporters/text.ts";

const STYLE = `
:root { color-scheme: light dark; --ground: #ffffff; --text: #1f2328; --quiet: #656d76; --line: #d1d9e0; --head: #f6f8fa;
  --more: #cf222e; --less: #1a7f37; --bar: #cf222e22; --note: #fff8c5; --curve: #0969da; }
@media (prefers-color-scheme: dark) { :root { --ground: #0d1117; --text: #e6edf3; --quiet: #8d96a0; --line: #30363d;
  --head: #161b22; --more: #ff7b72; --less: #7ee787; --bar: #ff7b7226; --note: #3b2e07; --curve: #58a6ff; } }
* { box-sizing: border-box; }
body { margin: 0 auto; padding: 24px; max-width: 1200px; background: var(--ground); color: var(--text);
  font: 14px/1.5 system-ui, sans-serif; }
header { display: flex; gap: 12px; align-items: baseline; flex-wrap: wrap; margin-bottom: 16px; }
h1 { font-size: 18px; margin: 0; } h2 { font-size: 14px; margin: 0; font-weight: 600; }
h2, section > header span { min-width: 0; overflow-wrap: anywhere; }
.quiet { color: var(--quiet); } #state { margin-left: auto; color: var(--quiet); }
#state::before { content: ""; display: inline-block; width: 8px; height: 8px; border-radius: 4px; margin-right: 6px;
  background: var(--less); } #state.lost::before { background: var(--more); }
.note { background: var(--note); border: 1px solid var(--line); border-radius: 6px; padding: 8px 12px; margin: 0 0 12px; }
section { border: 1px solid var(--line); border-radius: 6px; margin-bottom: 20px; overflow: hidden; }
section > header { background: var(--head); border-bottom: 1px solid var(--line); margin: 0; padding: 8px 12px; gap: 4px 12px; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; font: 12px/20px ui-monospace, monospace; font-variant-numeric: tabular-nums; }
th, td { padding: 0 12px; text-align: right; white-space: pre; } th { color: var(--quiet); font-weight: 400; padding-top: 6px; }
th:last-child, td:last-child { text-align: left; width: 100%; }
td:first-child { color: var(--quiet); } td.more { color: var(--more); } td.less { color: var(--less); }
td.bar { background: linear-gradient(to left, var(--bar) var(--part), transparent var(--part)); }
tr:last-child td { padding-bottom: 6px; } tr:hover td { background-color: var(--head); }
.superseded { opacity: .5; filter: grayscale(1); } .badge { border: 1px solid var(--line); border-radius: 10px; padding: 0 8px; font-size: 12px; }
svg { display: block; width: 100%; height: 90px; } polyline { fill: none; stroke: var(--curve); stroke-width: 1.5; vector-effect: non-scaling-stroke; }
figure { margin: 0 0 20px; } figcaption { color: var(--quiet); font-size: 12px; display: flex; justify-content: space-between; gap: 12px; }
@media (max-width: 600px) { body { padding: 12px; } table { font-size: 11px; } th, td { padding: 0 5px; } }
`;

/** What the page runs; its policy allows no script in the document. */
export const LIVE_SCRIPT = `
const state = document.getElementById("state");
const news = new EventSource("events");
const tell = (text, isLost) => { state.textContent = text; state.className = isLost ? "lost" : ""; };
news.onopen = () => tell("live", false);
news.onerror = () => tell("the dev server does not answer", true);
news.onmessage = ({ data }) => { document.getElementById("profile").innerHTML = JSON.parse(data); };
`;

/** The whole document; `body` is what `renderProfile` makes. */
export function renderDocument(body: string): string {
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>mprof</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="icon" href="data:,"><style>${STYLE}</style></head>
<body><header><h1>mprof</h1><span id="state">connecting</span></header>
<main id="profile">${body}</main><script src="live.js"></script></body></html>
`;
}

/** What the page shows of the latest message, or of none. */
export function renderProfile(message: PageMessage | null): string {
  if (message === null) {
    return '<p class="quiet">No profile yet: open a page of this server that calls a profiled function.</p>';
  }
  const { profile, page, timeline } = message;
  const notes = profile.notes.map((note) => `<p class="note">${escapeHtml(note)}</p>`).join("");
  const taken = new Date(profile.taken).toLocaleTimeString("en-GB");
  const about = `<p class="quiet">${escapeHtml(page)} · ${escapeHtml(profile.backend)} · ${taken} · ${profile.readings} readings</p>`;
  const largest = largestIncrement(profile);
  const current = profile.listings.filter((listing) => !listing.superseded);
  const superseded = profile.listings.filter((listing) => listing.superseded);
  const listings = [...current, ...superseded].map((listing) => renderListing(listing, profile, largest)).join("");
  return about + notes + renderTimeline(timeline) + listings;
}

function renderListing(listing: ListingProfile, profile: Profile, largest: number): string {
  const { rows, options, name, file, first, calls, superseded } = listing;
  const columns = { metric: metricOf(listing, profile), decimals: options.precision ?? profile.precision, largest };
  const heads = ["Line #", ...(columns.metric === TIME ? ["", "Time"] : ["Mem usage", "Increment"]), "Occurrences"];
  const about = `${escapeHtml(file)}:${first} · ${calls} ${calls === 1 ? "call" : "calls"}`;
  return `<section${superseded ? ' class="superseded"' : ""}><header><h2>${escapeHtml(name)}</h2>
<span class="quiet">${about}</span>${superseded ? '<span class="badge">superseded</span>' : ""}</header>
<div class="scroll"><table><thead><tr>${[...heads, "Line Contents"].map((head) => `<th scope="col">${head}</th>`).join("")}</tr></thead>
<tbody>${rows.map((row, i) => renderRow(row, columns, i === 0)).join("")}</tbody></table></div></section>`;
}

interface ColumnContext {
  metric: string;
  decimals: number;
  /** The largest increment of the profile, either way. */
  largest: number;
}

function renderRow(
  { line, text, data }: Row,
  { metric, decimals, largest }: ColumnContext,
  isBaseline: boolean,
): string {
  const figures = data?.figures[metric];
  const cells = figures ? formatFigures(figures, metric, decimals) : ["", ""];
  const [usage, increment] = cells.map((cell) => cell.trim());
  // What is printed as zero gets no bar, however small the others are.
  const isShown = figures !== undefined && !isBaseline && /[1-9]/.test(increment!);
  const part = isShown ? (100 * Math.abs(figures.increment)) / largest : 0;
  const sign = part < 1 ? "" : figures!.increment > 0 ? " more" : " less";
  return `<tr><td>${line}</td><td>${usage}</td><td class="bar${sign}" style="--part:${part.toFixed(1)}%">${increment}</td><td>${data?.occurrences ?? ""}</td><td>${escapeHtml(text)}</td></tr>`;
}

/** Over all functions, so that bars can be compared; baselines are no increments. */
function largestIncrement({ listings, metrics }: Profile): number {
  const rows = listings.flatMap((listing) => listing.rows.slice(1));
  return Math.max(1, ...rows.map(({ data }) => Math.abs(data?.figures[metrics[0]!]?.increment ?? 0)));
}

function renderTimeline({ source, points }: MemoryTimeline): string {
  if (points.length < 2) return "";
  const [begin, end] = [points[0]![0], points.at(-1)![0]];
  const highest = Math.max(...points.map(([, bytes]) => bytes));
  const place = ([time, bytes]: [number, number]) =>
    `${((1000 * (time - begin)) / Math.max(end - begin, 1)).toFixed(1)},${(98 - (96 * bytes) / Math.max(highest, 1)).toFixed(1)}`;
  return `<figure><svg viewBox="0 0 1000 100" preserveAspectRatio="none" role="img" aria-label="Memory over time"><polyline points="${points.map(place).join(" ")}"/></svg>
<figcaption><span>${escapeHtml(source)}, from 0 to ${formatMemory(highest, 1)}</span><span>${Math.round((end - begin) / 1000)} s</span></figcaption></figure>`;
}

function formatMemory(bytes: number, precision: number): string {
  return `${formatFixed(bytes / MIB, precision)} MiB`;
}

function escapeHtml(text: string): string {
  return String(text).replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
