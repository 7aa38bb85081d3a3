// npm run pictures: the pictures of docs/pictures/, of real runs of examples/orders.ts, light and dark. Names choose some:
// npm run pictures -- terminal
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { chromium } from "playwright-core";

const MOST_BYTES = 60 * 1024;
const WIDTH = 1000;
const COMMAND = resolve("dist/esm/cli/bin.js");
const EXAMPLE = readFileSync("examples/orders.ts", "utf8");

const folder = mkdtempSync(join(tmpdir(), "mprof-pictures-"));
const browser = await chromium.launch({ executablePath: "/usr/bin/chromium", args: ["--no-sandbox"] });

/** Runs mprof where the example is. */
function mprof(args, env = {}) {
  const options = { cwd: folder, encoding: "utf8", env: { ...process.env, ...env } };
  const { status, stdout, stderr } = spawnSync(process.execPath, [COMMAND, ...args], options);
  if (status !== 0) throw new Error(`mprof ${args.join(" ")} ended with ${status}\n${stderr}`);
  return stdout;
}

/** Half the size of a PNG, by Chromium itself. */
async function asWebp(png) {
  const tab = await browser.newPage();
  const url = await tab.evaluate(
    async (source) => {
      const image = new Image();
      image.src = source;
      await image.decode();
      const canvas = Object.assign(document.createElement("canvas"), { width: image.width, height: image.height });
      canvas.getContext("2d").drawImage(image, 0, 0);
      return canvas.toDataURL("image/webp", 0.92);
    },
    `data:image/png;base64,${png.toString("base64")}`,
  );
  await tab.close();
  return Buffer.from(url.slice(url.indexOf(",") + 1), "base64");
}

/** @param keys pressed before the picture is taken */
async function photograph(url, colorScheme, height, keys = []) {
  const tab = await browser.newPage({ viewport: { width: WIDTH, height }, colorScheme });
  await tab.goto(url);
  for (const key of keys) await tab.keyboard.press(key);
  const png = await tab.screenshot();
  await tab.close();
  return png;
}

const COLORS = {
  light: ["#ffffff", "#1f2328", "#cf222e", "#9a6700"],
  dark: ["#0d1117", "#e6edf3", "#ff7b72", "#e3b341"],
};

/** What a terminal makes of the colours of a report. */
function terminalPage(text, scheme) {
  const [ground, ink, red, yellow] = COLORS[scheme];
  const styles = { 31: `color:${red}`, 33: `color:${yellow}`, 1: "font-weight:bold", 2: "opacity:.65" };
  const escaped = text.replace(/&/g, "&amp;").replace(/</g, "&lt;");
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are the colours
  const colored = escaped.replace(/\u001b\[([\d;]*)m/g, (_, codes) => {
    const style = codes.split(";").flatMap((code) => styles[code] ?? []);
    return style.length > 0 ? `<span style="${style.join(";")}">` : "</span>";
  });
  const css = `margin:0;padding:18px 20px;background:${ground};color:${ink};font:13px/1.45 "DejaVu Sans Mono",monospace`;
  return `data:text/html;charset=utf-8,${encodeURIComponent(`<body style='margin:0;background:${ground}'><pre style='${css}'>${colored}</pre>`)}`;
}

/** Lines of a report that are as high as this picture. */
const heightOf = (text) => 36 + Math.round(text.trimEnd().split("\n").length * 13 * 1.45);

const PICTURES = {
  report: (scheme) => photograph(pathToFileURL(join(folder, "run.html")).href, scheme, 640, ["ArrowDown"]),
  plot(scheme) {
    mprof([
      "plot",
      "-o",
      `${scheme}.svg`,
      "-t",
      "mprof run node orders.ts",
      ...(scheme === "dark" ? ["--dark"] : []),
      "run.dat",
    ]);
    const ground = COLORS[scheme][0];
    const picture = readFileSync(join(folder, `${scheme}.svg`), "utf8").replace(
      "<svg ",
      `<svg style="width:${WIDTH}px;height:auto" `,
    );
    const page = join(folder, `${scheme}.html`);
    writeFileSync(page, `<body style="margin:0;background:${ground}">${picture}`);
    return photograph(pathToFileURL(page).href, scheme, 430);
  },
  terminal(scheme) {
    const tables = mprof(["report", "--color", "always", "run.json"]).split("\n\n\n").slice(0, 2);
    const text = `$ mprof report run.json\n${tables.join("\n\n")}`;
    return photograph(terminalPage(text, scheme), scheme, heightOf(text));
  },
  diff: (scheme) => photograph(pathToFileURL(join(folder, "diff.html")).href, scheme, 560),
};

/** The same program, run twice: as it is, and with the line mended that keeps too much. */
function run() {
  writeFileSync(join(folder, "orders.ts"), EXAMPLE);
  mprof(["run", "-T", "0.005", "-o", "run.dat", "node", "orders.ts"], { MPROF_BACKEND: "all", MPROF_JSON: "run.json" });
  mprof(["report", "run.json", "--html", "run.html"]);
  writeFileSync(join(folder, "orders.ts"), EXAMPLE.replace("structuredClone(order)", "order"));
  mprof(["--backend", "all", "--json", "mended.json", "orders.ts"]);
  mprof(["diff", "--html", "diff.html", "run.json", "mended.json"]);
}

try {
  const wanted = process.argv.slice(2);
  run();
  mkdirSync("docs/pictures", { recursive: true });
  for (const [name, take] of Object.entries(PICTURES)) {
    if (wanted.length > 0 && !wanted.includes(name)) continue;
    for (const scheme of ["light", "dark"]) {
      const path = `docs/pictures/${name}-${scheme}.webp`;
      const picture = await asWebp(await take(scheme));
      writeFileSync(path, picture);
      console.log(`${path}: ${picture.length} bytes`);
      if (picture.length > MOST_BYTES) process.exitCode = 1;
    }
  }
} finally {
  await browser.close();
  rmSync(folder, { recursive: true, force: true });
}
