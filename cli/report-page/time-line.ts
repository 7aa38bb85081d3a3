/** Memory over time, with a track for each function that says when it ran. */
import { byId, drawn, element } from "./element.ts";
import { seconds } from "./format.ts";
import type { PageTimeLine, PageTrack } from "./page-data.ts";

/** Of drawings, whatever their size on the screen: they are stretched. That of `#curve` in `skeleton.html` is the same. */
const [WIDTH, HEIGHT] = [1000, 100];

export class TimeLine {
  readonly #data: PageTimeLine | undefined;
  /** Of each track, in their order. */
  readonly #rows: HTMLButtonElement[] = [];
  /** Bars in the curve: when the chosen function ran. */
  readonly #ran = drawn("path", { class: "ran" });

  /** Draws it, if there is one. @param choose is told which function's track was clicked */
  constructor(data: PageTimeLine | undefined, choose: (index: number) => void) {
    this.#data = data;
    byId("time-line").hidden = data === undefined;
    if (data === undefined) return;
    const { memory, peak, duration, tracks, left } = data;
    const range = `${lowestOf(memory).toFixed(1)} to ${peak.memory.toFixed(1)} MiB, at ${seconds(peak.time)}`;
    byId("curve").replaceChildren(this.#ran, ...curveOf(data));
    byId("curve-facts").replaceChildren(element("span", "", range), element("span", "", seconds(duration)));
    this.#rows = tracks.map((track) => rowOf(data, track, choose));
    byId("tracks").replaceChildren(...this.#rows);
    if (left > 0) byId("tracks").append(element("p", "more", `${left} more that ran for less`));
  }

  /** @param chosen index of the function whose calls stand out */
  show(chosen: number | undefined): void {
    const { tracks = [], duration = 0 } = this.#data ?? {};
    const own = tracks.findIndex(({ index }) => index !== undefined && index === chosen);
    for (const [i, row] of this.#rows.entries()) row.ariaPressed = String(i === own);
    this.#ran.setAttribute("d", tracks[own] ? barsOf(tracks[own], duration) : "");
  }
}

function curveOf({ times, memory, peak, duration }: PageTimeLine): Element[] {
  const low = lowestOf(memory);
  const x = (time: number) => at(time, duration);
  const y = (value: number) => HEIGHT - 4 - ((value - low) / (peak.memory - low || 1)) * (HEIGHT - 12);
  const points = times.map((time, i) => `${x(time)},${y(memory[i]!).toFixed(2)}`).join(" ");
  const ground = `${x(times[0] ?? 0)},${HEIGHT} ${points} ${x(times.at(-1) ?? 0)},${HEIGHT}`;
  return [drawn("polygon", { class: "area", points: ground }), drawn("polyline", { class: "curve", points })];
}

function rowOf({ duration }: PageTimeLine, track: PageTrack, choose: (index: number) => void): HTMLButtonElement {
  const { name, index, calls, counted, seconds: total } = track;
  const drawing = drawn("svg", {
    viewBox: `0 0 ${WIDTH} ${HEIGHT}`,
    preserveAspectRatio: "none",
    "aria-hidden": "true",
  });
  drawing.append(drawn("path", { class: "call", d: barsOf(track, duration) }));
  const row = element("button", "track", element("bdi", "", name));
  row.prepend(drawing);
  row.type = "button";
  row.disabled = index === undefined;
  const rest = counted > 0 ? `, ${counted} of them too short to be drawn` : "";
  row.title = `${name}: ${calls} ${calls === 1 ? "call" : "calls"}, ${seconds(total)}${rest}`;
  if (index !== undefined) row.addEventListener("click", () => choose(index));
  return row;
}

/** One path for all: a page may have thousands. */
function barsOf({ from, to }: PageTrack, duration: number): string {
  return from
    .map((start, i) => {
      const width = Math.max(0.8, Number(at(to[i]! - start, duration))).toFixed(2);
      return `M${at(start, duration)} 0h${width}v${HEIGHT}h-${width}z`;
    })
    .join("");
}

function lowestOf(memory: readonly number[]): number {
  return memory.reduce((low, each) => Math.min(low, each), memory[0] ?? 0);
}

function at(time: number, duration: number): string {
  return ((time / (duration || 1)) * WIDTH).toFixed(2);
}
