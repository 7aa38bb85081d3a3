import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { type Browser, chromium, type Page } from "playwright-core";

const EXECUTABLE = "/usr/bin/chromium";

/** Added to the title of a test that needs a browser: empty where there is one. */
export const HOW_TO_GET_CHROMIUM = existsSync(EXECUTABLE) ? "" : " (apt-get install chromium enables this test)";

/** Chromium whose `performance.memory` is precise, and whose pages can collect garbage by `gc()`; `null` where it is not installed, and then the test is to be skipped. */
export async function launchChromium(): Promise<Browser | null> {
  if (HOW_TO_GET_CHROMIUM !== "") {
    assert.notEqual(process.env.MPROF_TEST_ALL, "1", "Chromium has to be installed here");
    return null;
  }
  return chromium.launch({
    executablePath: EXECUTABLE,
    args: [
      "--no-sandbox",
      "--enable-precise-memory-info",
      "--js-flags=--expose-gc",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
    ],
  });
}

/** What the page writes to its console from now on, one entry a call: `log text`, `startGroupCollapsed name`. */
export function recordConsole(page: Page): string[] {
  const lines: string[] = [];
  page.on("console", (message) => lines.push(`${message.type()} ${message.text()}`));
  page.on("pageerror", (error) => lines.push(`pageerror ${error.message}`));
  return lines;
}
