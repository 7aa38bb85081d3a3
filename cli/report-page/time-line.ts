/** Memory over time, with a track for each function that says when it ran. */
import { byId, element } from "./element.ts";
import type { PageTimeLine, PageTrack } from "./page-data.ts";

/** Of drawings, whatever their size on the screen: they are stretched. That of `#curve` in `skeleton.html` is the same. */
const [WIDTH, HEIGHT] = [1000, 100];

export class TimeLine {
  readonly #data: PageTimeLine | undefined;
  readonly #choose: (index: number) => void;

  /** @param choose is told which function's track was clicked */
  constructor(data: PageTimeLine | undefined, choose: (index: number) => void) {
    this.#data = data;
    this.#choose = choose;
  }

  /** @param chosen index of the function whose calls stand out */
  show(chosen: number | undefined): void {
    const data = this.#data;
    byId("time-line").hidden = data === undefined;
    if (data === undefined) return;
    const own = data.tracks.find(({ index }) => index !== undefined && index === chosen);
    byId("curve").replaceChildren(...this.#curve(data, own));
    byId("curve-facts").replaceChildren(
      element(
        "span",
        "",
        `${Math.min(...data.memory).toFixed(1)} to ${data.peak.memory.toFixed(1)} MiB, at ${seconds(data.peak.time)}`,
      ),
      element("span", "", seconds(data.duration)),
    );
    byId("tracks").replaceChildren(...data.tracks.map((track) => this.#track(data, track, track === own)));
    if (data.left > 0) byId("tracks").append(element("p", "more", `${data.left} more that ran for less`));
  }

  #curve({ times, memory, duration }: PageTimeLine, own: PageTrack | undefined): Element[] {
    const [low, high] = [Math.min(...memory), Math.max(...memory)];
    const x = (time: number) => at(time, duration);
    const y = (value: number) => HEIGHT - 4 - ((value - low) / (high - low || 1)) * (HEIGHT - 12);
    const points = times.map((time, i) => `${x(time)},${y(memory[i]!).toFixed(2)}`).join(" ");
    const ground = `${x(times[0] ?? 0)},${HEIGHT} ${points} ${x(times.at(-1) ?? 0)},${HEIGHT}`;
    return [
      ...(own?.from ?? []).map((from, i) => barOf(from, own!.to[i]!, duration, "ran")),
      drawn("polygon", { class: "area", points: ground }),
      drawn("polyline", { class: "curve", points }),
    ];
  }

  #track({ duration }: PageTimeLine, track: PageTrack, isChosen: boolean): HTMLElement {
    const { name, index, calls, counted, seconds: total, from, to } = track;
    const row = element("button", "track", element("bdi", "", name));
    row.type = "button";
    row.disabled = index === undefined;
    row.ariaPressed = String(isChosen);
    const rest = counted > 0 ? `, ${counted} of them too short to be drawn` : "";
    row.title = `${name}: ${calls} ${calls === 1 ? "call" : "calls"}, ${seconds(total)}${rest}`;
    const drawing = drawn("svg", {
      viewBox: `0 0 ${WIDTH} ${HEIGHT}`,
      preserveAspectRatio: "none",
      "aria-hidden": "true",
    });
    drawing.append(...from.map((start, i) => barOf(start, to[i]!, duration, "call")));
    row.prepend(drawing);
    if (index !== undefined) row.addEventListener("click", () => this.#choose(index));
    return row;
  }
}

function barOf(from: number, to: number, duration: number, className: string): Element {
  const width = Math.max(0.8, Number(at(to - from, duration)));
  return drawn("rect", {
    class: className,
    x: at(from, duration),
    y: "0",
    width: width.toFixed(2),
    height: String(HEIGHT),
  });
}

function at(time: number, duration: number): string {
  return ((time / (duration || 1)) * WIDTH).toFixed(2);
}

function seconds(value: number): string {
  return value < 1 ? `${Math.round(value * 1000)} ms` : `${value.toFixed(2)} s`;
}

/** An element of a drawing: of the same kind as the one in the page. */
function drawn(tag: string, attributes: Readonly<Record<string, string>>): Element {
  const made = document.createElementNS(byId("curve").namespaceURI, tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  return made;
}
