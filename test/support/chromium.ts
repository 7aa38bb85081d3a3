import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { type Browser, chromium, type Page } from "playwright-core";
import { scratchFolder } from "./scratch.ts";

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

/** A page of Chromium's own DevTools, which serve their modules below `/devtools/`; `null` where it is not installed. */
export async function openDevTools(): Promise<{ page: Page; close(): Promise<void> } | null> {
  if (HOW_TO_GET_CHROMIUM !== "") return null;
  const flags = ["--headless", "--no-sandbox", "--remote-debugging-port=0", `--user-data-dir=${scratchFolder()}`];
  const server = spawn(EXECUTABLE, flags, { stdio: ["ignore", "ignore", "pipe"] });
  const ended = new Promise((resolve) => server.on("close", resolve));
  const origin = await new Promise<string>((resolve, reject) => {
    let said = "";
    server.stderr.on("data", (piece) => {
      said += piece;
      const [, host] = /DevTools listening on ws:\/\/([^/]+)/.exec(said) ?? [];
      if (host) resolve(`http://${host}`);
    });
    ended.then(() => reject(new Error(said)));
  });
  const browser = await chromium.connectOverCDP(origin);
  const page = await browser.contexts()[0]!.newPage();
  await page.goto(`${origin}/devtools/inspector.html`);
  return {
    page,
    async close() {
      await browser.close();
      server.kill();
      await ended;
    },
  };
}

/** What the page writes to its console from now on, one entry a call: `log text`, `startGroupCollapsed name`. */
export function recordConsole(page: Page): string[] {
  const lines: string[] = [];
  page.on("console", (message) => lines.push(`${message.type()} ${message.text()}`));
  page.on("pageerror", (error) => lines.push(`pageerror ${error.message}`));
  return lines;
}
