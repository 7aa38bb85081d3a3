/** The page of a profile: functions on one side, the source of the chosen one on the other. */
import { byId, element } from "./element.ts";
import { FunctionList } from "./function-list.ts";
import { markdownOf } from "./markdown.ts";
import { type FunctionModel, modelOf } from "./model.ts";
import type { PageData } from "./page-data.ts";
import { functionAt, hashOf, placeOf } from "./place.ts";
import { SourceView } from "./source-view.ts";
import { TimeLine } from "./time-line.ts";

const PAGE_ROWS = 15;
const SAID_MS = 1600;

const data: PageData = JSON.parse(byId("data").textContent ?? "");
const search = byId("search") as HTMLInputElement;
let models: FunctionModel[] = [];
let chosen: FunctionModel | undefined;

const list = new FunctionList((model) => choose(model, undefined));
const source = new SourceView(data.root, (line) => {
  if (chosen) history.replaceState(null, "", hashOf({ file: chosen.of.file, line }));
  source.mark(line);
});

const timeLine = new TimeLine(data.timeLine, (index) => choose(models[index], undefined));

function choose(model: FunctionModel | undefined, line: number | undefined): void {
  if (model !== undefined) document.body.dataset.view = "source";
  const isOther = model !== chosen;
  chosen = model;
  list.mark(model);
  timeLine.show(model && models.indexOf(model));
  if (isOther || line === undefined) source.show(model, line);
  else source.mark(line);
  if (model && line === undefined)
    history.replaceState(null, "", hashOf({ file: model.of.file, line: model.of.first }));
}

/** Shows what was measured of a metric; the function that is chosen stays chosen. */
function showMetric(metric: string): void {
  for (const button of byId("metrics").querySelectorAll("button"))
    button.ariaPressed = String(button.textContent === metric);
  const index = chosen ? models.indexOf(chosen) : -1;
  models = modelOf(data, metric);
  list.show(models, metric);
  chosen = models[index];
  list.mark(chosen);
  timeLine.show(chosen && models.indexOf(chosen));
  source.show(chosen, undefined);
}

function followAddress(): boolean {
  const place = placeOf(location.hash);
  const model = place && functionAt(models, place);
  if (place === undefined || model === undefined) return false;
  choose(model, place.line);
  return true;
}

function drawFacts(): void {
  byId("facts").replaceChildren(...data.facts.map((fact) => element("span", "", fact)));
  byId("notes").replaceChildren(...data.notes.map((note) => element("p", "", note)));
  byId("about").hidden = data.notes.length === 0;
  byId("metrics").hidden = data.metrics.length < 2;
  byId("metrics").replaceChildren(
    ...data.metrics.map((metric) => {
      const button = element("button", "", metric);
      button.type = "button";
      button.addEventListener("click", () => showMetric(metric));
      return button;
    }),
  );
}

function drawLeaks({ leaks }: PageData): void {
  byId("leaks").hidden = leaks === undefined;
  if (leaks === undefined) return;
  byId("leaks-say").textContent = leaks.says;
  byId("leaks-list").replaceChildren(
    ...leaks.leaks.map(({ file, line, text, says, held }) => {
      const link = element("a", "leak", element("b", "", `${file}:${line}`), " ", element("code", "", text));
      link.href = hashOf({ file, line });
      link.append(element("span", "", held === undefined ? says : `${says}; ${held}`));
      return link;
    }),
    ...(leaks.left > 0 ? [element("p", "", `and ${leaks.left} more`)] : []),
  );
}

async function copy(): Promise<void> {
  if (chosen === undefined) return;
  const text = markdownOf(chosen);
  const button = byId("copy");
  const before = button.textContent;
  let said = "Copied";
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    said = copyBySelection(text) ? said : "Not allowed here";
  }
  if (before === said) return;
  button.textContent = said;
  setTimeout(() => {
    button.textContent = before;
  }, SAID_MS);
}

/** For pages that come without TLS. */
function copyBySelection(text: string): boolean {
  const area = element("textarea", "", text);
  document.body.append(area);
  area.select();
  const isCopied = document.execCommand("copy");
  area.remove();
  return isCopied;
}

function switchTheme(): void {
  const isDark = getComputedStyle(document.documentElement).colorScheme === "dark";
  const isDarkNow =
    isDark ||
    (document.documentElement.dataset.theme === undefined && matchMedia("(prefers-color-scheme: dark)").matches);
  document.documentElement.dataset.theme = isDarkNow ? "light" : "dark";
}

function backToList(): void {
  document.body.dataset.view = "list";
  byId("list").focus();
}

const STEPS: Readonly<Record<string, number>> = {
  ArrowDown: 1,
  ArrowUp: -1,
  PageDown: PAGE_ROWS,
  PageUp: -PAGE_ROWS,
  Home: Number.NEGATIVE_INFINITY,
  End: Number.POSITIVE_INFINITY,
};

/** Arrows go through functions, after Enter through lines; `/` searches, Esc leaves. */
function onKey(event: KeyboardEvent): void {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const { key, target } = event;
  const isIn = (id: string) => byId(id).contains(document.activeElement);
  if (target === search) {
    if (key === "Escape") {
      search.value = "";
      find();
    }
    if (!["Escape", "Enter", "ArrowDown"].includes(key)) return;
    byId("list").focus();
    if (chosen === undefined || !list.shown.includes(chosen)) list.move(Number.NEGATIVE_INFINITY);
  } else if (key === "/") search.select();
  else if (key === "c") copy();
  else if (key === "Escape") {
    if (isIn("source") || byId("functions").offsetParent === null) backToList();
    else if (search.value !== "") {
      search.value = "";
      find();
    }
  } else if (target instanceof HTMLButtonElement || target instanceof HTMLSelectElement) return;
  else if (key === "Enter") {
    if (isIn("source") || target instanceof HTMLAnchorElement) return;
    byId("source").focus();
    if (document.body.dataset.view !== "source") document.body.dataset.view = "source";
    if (placeOf(location.hash)?.line === chosen?.of.first) source.move(0);
  } else {
    const step = STEPS[key];
    if (step === undefined) return;
    (isIn("source") ? source : list).move(step);
  }
  event.preventDefault();
}

function find(): void {
  list.search(search.value);
  source.search(search.value);
}

drawFacts();
drawLeaks(data);
search.addEventListener("input", find);
byId("copy").addEventListener("click", copy);
byId("theme").addEventListener("click", switchTheme);
byId("back").addEventListener("click", backToList);
document.addEventListener("keydown", onKey);
addEventListener("hashchange", followAddress);
showMetric(data.metrics[0]!);
if (!followAddress()) {
  list.move(Number.NEGATIVE_INFINITY);
  document.body.dataset.view = "list";
}
