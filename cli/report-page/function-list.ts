/** The table of functions: sorted by the column whose heading is clicked. */
import { byId, element, marked } from "./element.ts";
import { exactly, format, grouped, unitOf } from "./format.ts";
import type { FunctionModel } from "./model.ts";
import { VirtualList } from "./virtual-list.ts";

interface Column {
  name: string;
  heading: string;
  /** What a heading says when the pointer rests on it. */
  says: string;
  value(model: FunctionModel): number | string | undefined;
  /** Bytes or milliseconds of the metric, milliseconds, or a count. */
  kind: "name" | "size" | "time" | "count";
}

const COLUMNS: readonly Column[] = [
  { name: "name", heading: "Function", says: "Name and place", value: ({ of }) => of.name, kind: "name" },
  {
    name: "net",
    heading: "Net",
    says: "What it left behind: the sum of its rows",
    value: ({ net }) => net,
    kind: "size",
  },
  { name: "taken", heading: "Taken", says: "The sum of rows that grew", value: ({ taken }) => taken, kind: "size" },
  {
    name: "own",
    heading: "Self",
    says: "What its rows took without profiled functions that they called",
    value: ({ self }) => self,
    kind: "size",
  },
  { name: "peak", heading: "Peak", says: "The largest reading at its lines", value: ({ peak }) => peak, kind: "size" },
  {
    name: "waiting",
    heading: "Waiting",
    says: "The part of the growth that came while its lines waited",
    value: ({ waiting }) => waiting,
    kind: "size",
  },
  {
    name: "self",
    heading: "Own time",
    says: "Without profiled functions that it called",
    value: ({ of }) => of.time?.self,
    kind: "time",
  },
  {
    name: "total",
    heading: "Time",
    says: "With profiled functions that it called",
    value: ({ of }) => of.time?.total,
    kind: "time",
  },
  { name: "calls", heading: "Calls", says: "How often it was called", value: ({ of }) => of.calls, kind: "count" },
];

export class FunctionList {
  readonly #select: (model: FunctionModel) => void;
  readonly #scroller = byId("list");
  readonly #head = byId("list-head");
  readonly #sortBox = byId("sort") as HTMLSelectElement;
  readonly #rows: VirtualList;
  #all: readonly FunctionModel[] = [];
  #metric = "";
  #shown: FunctionModel[] = [];
  #columns: readonly Column[] = [];
  #by = "net";
  #isDescending = true;
  #query = "";
  #chosen: FunctionModel | undefined;

  constructor(select: (model: FunctionModel) => void) {
    this.#select = select;
    this.#rows = new VirtualList(this.#scroller, byId("list-body"), (index) => this.#row(index));
    this.#sortBox.addEventListener("change", () => this.#sortBy(this.#sortBox.value, true));
  }

  /** @param models one for each function, in the order of the profile */
  show(models: readonly FunctionModel[], metric: string): void {
    this.#all = models;
    this.#metric = metric;
    this.#columns = COLUMNS.filter(({ name, value }) =>
      name === "waiting"
        ? models.some(({ waiting }) => waiting !== 0)
        : models.length === 0 || models.some((each) => value(each) !== undefined),
    );
    this.#sortBox.replaceChildren(
      ...this.#columns.map(({ name, heading }) => {
        const option = element("option", "", heading);
        option.value = name;
        return option;
      }),
    );
    this.#refresh();
  }

  search(query: string): void {
    this.#query = query.toLowerCase();
    this.#refresh();
    this.#scroller.scrollTop = 0;
  }

  /** The functions that are shown, in their order. */
  get shown(): readonly FunctionModel[] {
    return this.#shown;
  }

  mark(model: FunctionModel | undefined): void {
    this.#chosen = model;
    const index = model ? this.#shown.indexOf(model) : -1;
    this.#rows.choose(index);
    if (index >= 0) this.#rows.reveal(index);
  }

  /** Chooses the function that stands so many rows further down. */
  move(by: number): void {
    if (this.#shown.length === 0) return;
    const at = this.#chosen ? this.#shown.indexOf(this.#chosen) : -1;
    const next = this.#shown[Math.min(this.#shown.length - 1, Math.max(0, at + by))]!;
    this.#select(next);
  }

  #sortBy(name: string, isDescending: boolean): void {
    this.#by = name;
    this.#isDescending = isDescending;
    this.#refresh();
  }

  #refresh(): void {
    const column = this.#columns.find(({ name }) => name === this.#by) ?? this.#columns[1]!;
    this.#by = column.name;
    this.#sortBox.value = column.name;
    const found = this.#query === "" ? this.#all : this.#all.filter((each) => matches(each, this.#query));
    const sign = this.#isDescending === (column.kind !== "name") ? -1 : 1;
    this.#shown = [...found].sort((a, b) => sign * compare(column.value(a), column.value(b)));
    this.#drawHead(column);
    const count = this.#all.length;
    byId("count").textContent =
      this.#shown.length === count
        ? `${grouped(count)} ${count === 1 ? "function" : "functions"}`
        : `${grouped(this.#shown.length)} of ${grouped(count)} functions`;
    this.#rows.refresh(this.#shown.length);
  }

  /** On a narrow screen only these are shown. */
  #keyed(): readonly string[] {
    return ["name", "net", this.#by === "name" || this.#by === "net" ? "peak" : this.#by];
  }

  #classOf({ kind, name }: Column): string {
    return `cell ${kind} col-${name}${this.#keyed().includes(name) ? " key" : ""}`;
  }

  #drawHead(sorted: Column): void {
    this.#head.replaceChildren(
      ...this.#columns.map((column) => {
        const isSorted = column === sorted;
        const unit = column.kind === "size" ? unitOf(this.#metric) : column.kind === "time" ? "ms" : undefined;
        const arrow = element("span", "arrow", isSorted ? (this.#isDescending ? "\u2193" : "\u2191") : "");
        const button = element("button", "", column.heading, unit ? element("small", "", unit) : undefined, arrow);
        button.type = "button";
        button.title = column.says;
        button.addEventListener("click", () => this.#sortBy(column.name, isSorted ? !this.#isDescending : true));
        const cell = element("div", this.#classOf(column), button);
        cell.role = "columnheader";
        cell.ariaSort = isSorted ? (this.#isDescending ? "descending" : "ascending") : "none";
        return cell;
      }),
    );
  }

  #row(index: number): HTMLElement {
    const model = this.#shown[index]!;
    const row = element("div", "row", ...this.#columns.map((column) => this.#cell(model, column)));
    row.role = "row";
    row.ariaRowIndex = String(index + 2);
    row.ariaSelected = String(model === this.#chosen);
    row.addEventListener("click", () => this.#select(model));
    return row;
  }

  #cell(model: FunctionModel, column: Column): HTMLElement {
    const { name, kind, value } = column;
    const { of, metric } = model;
    const cell = element("div", this.#classOf(column));
    cell.role = "cell";
    const figure = value(model);
    if (kind === "name") {
      const others = [of.isSuperseded ? "superseded" : "", metric === this.#metric ? "" : metric].filter(Boolean);
      const tags = others.map((each) => element("span", "tag", each));
      cell.append(
        element("bdi", "title", ...marked(of.name, this.#query)),
        ...tags,
        element("span", "place", element("bdi", "", ...marked(`${of.file}:${of.first}`, this.#query))),
      );
      cell.title = `${of.name}\n${of.file}:${of.first}`;
    } else if (typeof figure === "number") {
      if (kind === "count") cell.append(grouped(figure));
      else {
        const as = kind === "time" ? "time" : metric;
        cell.append(numberOf(figure, as, of.decimals));
        cell.title = exactly(figure, as);
      }
      if (name === "net") cell.append(barOf(figure, this.#largest()));
    }
    return cell;
  }

  #largest(): number {
    return this.#all.reduce((most, { net }) => Math.max(most, Math.abs(net)), 0);
  }
}

/** A figure, pale where its decimals show nothing. */
export function numberOf(value: number, metric: string, decimals: number): HTMLElement {
  const text = format(value, metric, decimals);
  return /[1-9]/.test(text) ? element("span", "", text) : element("span", "zero", text.replace("\u2212", ""));
}

/** @param share of `value` that came while the row waited, 0 to 1 */
export function barOf(value: number, largest: number, share = 0): HTMLElement {
  const fill = element("i", value < 0 ? "back" : "");
  const waited = element("i", "waiting");
  const part = largest === 0 ? 0 : Math.abs(value) / largest;
  fill.style.width = `${100 * part * (1 - share)}%`;
  waited.style.width = `${100 * part * share}%`;
  const bar = element("span", "bar", fill, share > 0 ? waited : undefined);
  bar.ariaHidden = "true";
  return bar;
}

function matches({ of }: FunctionModel, query: string): boolean {
  const has = (text: string) => text.toLowerCase().includes(query);
  return has(of.name) || has(of.file) || of.texts.some(has);
}

function compare(a: number | string | undefined, b: number | string | undefined): number {
  if (typeof a === "string" && typeof b === "string") return a.localeCompare(b);
  return Number(a ?? Number.NEGATIVE_INFINITY) - Number(b ?? Number.NEGATIVE_INFINITY) || 0;
}
