import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import { Resvg } from "@resvg/resvg-js";
import type { EChartsOption } from "echarts";
import { darkOf, THEMES } from "./theme.ts";

/** The chart library and the font, which the build puts there (`test/support/finish-build.mjs`): nobody installs the rest. */
const VENDOR = new URL("../../../vendor/", import.meta.url);
const LIBRARY = fileURLToPath(new URL("echarts.min.cjs", VENDOR));
const FONT_FILE = fileURLToPath(new URL("DejaVuSans.ttf", VENDOR));
const { init, setPlatformAPI }: typeof import("echarts") = createRequire(import.meta.url)(LIBRARY);

/** Pixels, as the reference's figures. */
const SIZE = { width: 1260, height: 540 };
const FONT = "DejaVu Sans";

/** Width of a character of DejaVu Sans, in its own size: without a page the library has to be told how wide texts are. */
const CHARACTER = 0.62;

export function renderSvg(option: EChartsOption): string {
  setPlatformAPI({
    measureText(text, font = "") {
      const size = Number(/([\d.]+)px/.exec(font)?.[1] ?? 12);
      return { width: text.length * size * CHARACTER };
    },
  });
  const chart = init(null, null, { renderer: "svg", ssr: true, ...SIZE });
  chart.setOption(option);
  const svg = chart.renderToSVGString();
  chart.dispose();
  return svg;
}

/** With a font that ships along: machines without fonts draw the same picture. */
export function renderPng(option: EChartsOption): Buffer {
  const fonts = { fontFiles: [FONT_FILE], loadSystemFonts: false, defaultFontFamily: FONT };
  return new Resvg(renderSvg(option), { font: fonts, fitTo: { mode: "width", value: SIZE.width * 2 } })
    .render()
    .asPng();
}

/** One page that needs nothing else: zoom by wheel and slider, values on hover, curves on and off by the legend; light or dark as the viewer's system is. */
export function renderHtml(title: string, option: EChartsOption): string {
  const library = readFileSync(LIBRARY, "utf8");
  const data = JSON.stringify(option).replaceAll("<", "\\u003c");
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>${escapeHtml(title)}</title>
<style>html, body { margin: 0; height: 100%; background: ${THEMES.light.ground} } #plot { height: 100vh; min-height: 420px }
@media (prefers-color-scheme: dark) { html, body { background: ${THEMES.dark.ground} } }</style>
<div id="plot"></div>
<script>${library.replaceAll("</script", "<\\/script")}</script>
<script>
const light = ${data};
const darkColors = ${JSON.stringify(darkOf())};
const asDark = (key, value) => (typeof value === "string" ? (darkColors[value] ?? value) : value);
const dark = matchMedia("(prefers-color-scheme: dark)");
const chart = echarts.init(document.getElementById("plot"));
const isNarrow = () => chart.getWidth() < 700;
let drawnNarrow;
const draw = () => {
  const option = JSON.parse(JSON.stringify(light), dark.matches ? asDark : undefined);
  const grids = [].concat(option.grid);
  drawnNarrow = isNarrow();
  if (drawnNarrow) {
    for (const grid of grids) grid.right = 20;
    Object.assign(option.title.textStyle, { width: chart.getWidth() - 40, overflow: "truncate" });
    if (option.legend.orient === "vertical") {
      const { data, textStyle: { color } } = option.legend;
      option.legend = { data, type: "scroll", left: 10, right: 10, top: 34, textStyle: { color, fontSize: 11, width: chart.getWidth() - 160, overflow: "truncate" }, pageTextStyle: { color } };
      grids[0].top = 75;
    }
    option.tooltip.textStyle.fontSize = 11;
  }
  grids.at(-1).bottom = 85;
  const axes = [].concat(option.xAxis).map((_, index) => index);
  option.dataZoom = [{ type: "inside", xAxisIndex: axes }, { type: "slider", xAxisIndex: axes, bottom: 8, height: 18 }];
  option.tooltip.valueFormatter = (value) => (typeof value === "number" ? value.toFixed(3) + " MiB" : value);
  for (const [axes, unit] of [[option.xAxis, " s"], [[].concat(option.yAxis)[0], " MiB"]])
    for (const axis of [].concat(axes)) axis.axisPointer.label.formatter = ({ value }) => Number(value).toFixed(2) + unit;
  chart.setOption(option, true);
  fitNames();
};
// A name that is longer than its rectangle would lie on the next one.
const fitNames = () => {
  const calls = light.series.find(({ name }) => name === "calls");
  if (!calls) return;
  const at = (time) => chart.convertToPixel({ xAxisIndex: 1 }, time);
  const color = dark.matches ? asDark("", light.textStyle.color) : light.textStyle.color;
  const data = JSON.parse(JSON.stringify(calls.markArea.data), dark.matches ? asDark : undefined);
  for (const [from, to] of data) {
    const width = at(to.xAxis) - at(from.xAxis) - 8;
    Object.assign(from.label, { show: width > 20, width, color });
  }
  chart.setOption({ series: [{ name: "calls", markArea: { data } }] });
};
chart.on("datazoom", fitNames);
dark.addEventListener("change", draw);
addEventListener("resize", () => {
  chart.resize();
  if (isNarrow() || drawnNarrow) draw();
  else fitNames();
});
draw();
</script>
</html>
`;
}

function escapeHtml(text: string): string {
  return text.replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`);
}
