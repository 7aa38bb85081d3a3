/** The lines of the chosen function, with what they took. */
import { byId, element, marked } from "./element.ts";
import { exactly, grouped, unitOf } from "./format.ts";
import { barOf, numberOf } from "./function-list.ts";
import { type FunctionModel, heatOf, type RowFigures, type RowModel } from "./model.ts";
import { editorLink, hashOf } from "./place.ts";
import { describeHistory, sparkLine } from "./spark-line.ts";
import { VirtualList } from "./virtual-list.ts";

interface Column {
  name: string;
  heading: string;
  unit?: string | undefined;
  cells(row: RowFigures, model: FunctionModel): (HTMLElement | string)[];
  exact?(row: RowFigures, model: FunctionModel): string;
}

const TAB = 4;

export class SourceView {
  readonly #root: string | undefined;
  readonly #scroller = byId("source");
  readonly #rows: VirtualList;
  readonly #choose: (line: number) => void;
  #model: FunctionModel | undefined;
  #columns: readonly Column[] = [];
  #query = "";
  #line: number | undefined;

  constructor(root: string | undefined, choose: (line: number) => void) {
    this.#root = root;
    this.#choose = choose;
    this.#rows = new VirtualList(this.#scroller, byId("source-body"), (index) => this.#row(index));
  }

  /** @param line of the file; without one the row that took most is in view */
  show(model: FunctionModel | undefined, line: number | undefined): void {
    this.#model = model;
    this.#line = line;
    byId("chosen").hidden = model === undefined;
    byId("nothing").hidden = model !== undefined;
    if (model === undefined) return this.#rows.refresh(0);
    this.#columns = columnsOf(model);
    this.#describe(model, line);
    const longest = model.rows.reduce((most, { text }) => Math.max(most, widthOf(text)), 0);
    byId("source-body").style.setProperty("--text", `${longest + 2}ch`);
    this.#drawHead();
    this.#rows.refresh(model.rows.length);
    const at = line === undefined ? hottestOf(model) : line - model.of.first;
    this.#rows.reveal(Math.max(0, at), true);
    this.#scroller.scrollLeft = 0;
  }

  search(query: string): void {
    this.#query = query.toLowerCase();
    if (this.#model === undefined) return;
    this.#rows.refresh(this.#model.rows.length);
    if (this.#query === "") return;
    const found = this.#model.rows.findIndex(({ text }) => text.toLowerCase().includes(this.#query));
    if (found >= 0) this.#rows.reveal(found, true);
  }

  /** Marks a line, and brings it into view. */
  mark(line: number): void {
    if (this.#model === undefined) return;
    this.#line = line;
    this.#describe(this.#model, line);
    this.#rows.choose(line - this.#model.of.first);
    this.#rows.reveal(line - this.#model.of.first);
  }

  /** Marks the line that stands so many rows further down. */
  move(by: number): void {
    if (this.#model === undefined) return;
    const { first, texts } = this.#model.of;
    const from = this.#line ?? first + hottestOf(this.#model) - by;
    this.#choose(Math.min(first + texts.length - 1, Math.max(first, from + by)));
  }

  #describe({ of, metric, net, peak }: FunctionModel, line: number | undefined): void {
    byId("chosen-name").textContent = of.name;
    const place = byId("chosen-place") as HTMLAnchorElement;
    const at = { file: of.file, line: line ?? of.first };
    place.textContent = `${of.file}:${at.line}`;
    const link = editorLink(at, this.#root);
    if (link === undefined) place.removeAttribute("href");
    else place.href = link;
    place.title = link === undefined ? "The profile does not say in which folder this file is." : "Open in VS Code";
    const fact = (name: string, value: HTMLElement | string, unit = "") =>
      element("span", "fact", `${name} `, value, unit && ` ${unit}`);
    const unit = unitOf(metric);
    byId("chosen-facts").replaceChildren(
      fact("net", numberOf(net, metric, of.decimals), unit),
      fact("peak", numberOf(peak, metric, of.decimals), unit),
      fact(of.calls === 1 ? "call" : "calls", grouped(of.calls)),
      ...(of.time ? [fact("time", numberOf(of.time.total, "time", 3), "ms")] : []),
    );
  }

  #drawHead(): void {
    const cells = this.#columns.map(({ name, heading, unit }) =>
      headCell(`cell col-${name}`, heading, unit && element("small", "", unit)),
    );
    byId("source-head").replaceChildren(
      element("div", "figures", headCell("cell col-line", "Line"), ...cells),
      headCell("code", "Line contents"),
    );
  }

  #row(index: number): HTMLElement {
    const model = this.#model!;
    const row = model.rows[index]!;
    const { line, text, figures } = row;
    const number = element("a", "cell col-line", line);
    number.href = hashOf({ file: model.of.file, line });
    number.tabIndex = -1;
    const cells = this.#columns.map((column) => cellOf(column, row, model));
    const made = element(
      "div",
      `row ${figures ? heatOf(model, figures) : "idle"}`,
      element("div", "figures", number, ...cells),
      element("code", "code", ...marked(text, this.#query)),
    );
    made.role = "row";
    made.ariaRowIndex = String(index + 2);
    made.ariaSelected = String(line === this.#line);
    made.addEventListener("click", (event) => {
      event.preventDefault();
      // Who marks text wants the text.
      if (getSelection()?.isCollapsed !== false) this.#choose(line);
    });
    return made;
  }
}

function headCell(className: string, ...children: (HTMLElement | string | undefined)[]): HTMLElement {
  const cell = element("div", className, ...children);
  cell.role = "columnheader";
  return cell;
}

function cellOf({ name, cells, exact }: Column, { figures }: RowModel, model: FunctionModel): HTMLElement {
  const cell = element("div", `cell col-${name}`, ...(figures ? cells(figures, model) : []));
  cell.role = "cell";
  if (figures && exact) cell.title = exact(figures, model);
  return cell;
}

function columnsOf(model: FunctionModel): Column[] {
  const { of, metric, rows } = model;
  const unit = unitOf(metric);
  const size = (value: number, as = metric) => numberOf(value, as, of.decimals);
  const columns: Column[] = [];
  if (metric !== "time")
    columns.push({
      name: "usage",
      heading: "Usage",
      unit,
      cells: ({ usage }) => [size(Math.max(0, usage))],
      exact: ({ usage }) => exactly(usage, metric),
    });
  columns.push({
    name: "increment",
    heading: metric === "time" ? "Time" : "Increment",
    unit,
    cells: ({ increment, isEstimated, waiting, awaited }, { largest }) => [
      isEstimated ? element("span", "estimated", "~") : "",
      size(increment),
      barOf(increment, largest, increment > 0 ? Math.min(1, Math.max(0, (waiting + awaited) / increment)) : 0),
    ],
    exact: ({ increment, isEstimated }) => `${exactly(increment, metric)}${isEstimated ? ", estimated" : ""}`,
  });
  const { interval } = model;
  if (interval !== undefined && rows.some(({ figures }) => figures?.history))
    columns.push({
      name: "history",
      heading: "Growth",
      cells: ({ history }) => [history ? sparkLine(history) : ""],
      exact: ({ history }) => (history ? describeHistory(history, interval, { metric, decimals: of.decimals }) : ""),
    });
  for (const [name, heading] of [
    ["waiting", "Waiting"],
    ["awaited", "Awaited"],
  ] as const)
    if (rows.some(({ figures }) => figures !== undefined && figures[name] !== 0))
      columns.push({
        name,
        heading,
        unit,
        cells: (row) => [size(row[name])],
        exact: (row) => exactly(row[name], metric),
      });
  for (const [name, heading] of [
    ["self", "Self"],
    ["allocated", "Allocated"],
    ["freed", "Freed"],
  ] as const)
    if (of.figures[metric]?.[name])
      columns.push({
        name,
        heading,
        unit,
        cells: (row) => [row[name] === undefined ? "" : size(row[name])],
        exact: (row) => exactly(row[name] ?? 0, metric),
      });
  for (const other of Object.keys(of.figures).filter((name) => name !== metric))
    columns.push({
      name: "other",
      heading: other,
      unit: unitOf(other),
      cells: ({ others }) => [others[other] === undefined ? "" : size(others[other], other)],
      exact: ({ others }) => exactly(others[other] ?? 0, other),
    });
  columns.push({ name: "occurrences", heading: "Times", cells: ({ occurrences }) => [grouped(occurrences)] });
  if (of.alive)
    columns.push({
      name: "alive",
      heading: "Alive",
      cells: ({ alive }) => [alive === undefined ? "" : grouped(alive)],
      exact: ({ alive }) => (alive === undefined ? "" : `about ${grouped(alive)} objects of this row are alive`),
    });
  if (of.times)
    columns.push({
      name: "time",
      heading: "Time",
      unit: "ms",
      cells: ({ time }) => [time === undefined ? "" : numberOf(time, "time", 3)],
    });
  return columns;
}

function hottestOf({ rows }: FunctionModel): number {
  let most = 0;
  let found = 0;
  for (const [index, { figures }] of rows.entries()) {
    if (figures === undefined || figures.increment <= most) continue;
    most = figures.increment;
    found = index;
  }
  return found;
}

/** In characters, with tabs; wide ones count twice. */
function widthOf(text: string): number {
  let width = 0;
  for (const character of text) width += character === "\t" ? TAB - (width % TAB) : character > "\u2fff" ? 2 : 1;
  return width;
}
