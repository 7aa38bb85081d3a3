// npm run pictures: the pictures of docs/pictures/, of a real run of examples/orders.ts, light and dark.
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { chromium } from "playwright-core";

const MOST_BYTES = 60 * 1024;
const SIZE = { width: 1000, height: 600 };

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

const folder = mkdtempSync(join(tmpdir(), "mprof-pictures-"));
const browser = await chromium.launch({ executablePath: "/usr/bin/chromium", args: ["--no-sandbox"] });
try {
  const page = join(folder, "orders.html");
  const args = ["dist/esm/cli/bin.js", "--backend", "all", "--html", page, "examples/orders.ts"];
  const { status } = spawnSync(process.execPath, args, { stdio: ["ignore", "ignore", "inherit"] });
  if (status !== 0) process.exit(status ?? 1);
  mkdirSync("docs/pictures", { recursive: true });
  for (const colorScheme of ["light", "dark"]) {
    const path = `docs/pictures/report-${colorScheme}.webp`;
    const tab = await browser.newPage({ viewport: SIZE, colorScheme });
    await tab.goto(pathToFileURL(page).href);
    await tab.keyboard.press("ArrowDown");
    const picture = await asWebp(await tab.screenshot());
    writeFileSync(path, picture);
    console.log(`${path}: ${picture.length} bytes`);
    if (picture.length > MOST_BYTES) process.exitCode = 1;
  }
} finally {
  await browser.close();
  rmSync(folder, { recursive: true, force: true });
}
