/** The way of somebody new, from an empty folder to the line that leaks: the commands are those of the README. */
import assert from "node:assert/strict";
import { execFileSync, spawn } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { PageData } from "../cli/report-page/page-data.ts";
import { launchChromium } from "./support/chromium.ts";
import { ROOT } from "./support/load-fixture.ts";
import { scratchFolder } from "./support/scratch.ts";

/** Of Express: it keeps every session, and the latest twenty answers. */
const SERVER = `import express from "express";

const sessions = new Map();
const recent = [];

function remember(request) {
  const session = { url: request.url, seen: new Date(), log: new Array(500).fill(request.url) };
  sessions.set(request.url, session);
  return session;
}

function answer(session) {
  const body = { seen: session.seen, lines: session.log.map((line) => line.toUpperCase()) };
  recent.push(body);
  if (recent.length > 20) recent.shift();
  return JSON.stringify(body);
}

const app = express();
app.get("/{*path}", (request, response) => response.send(answer(remember(request))));
app.listen(process.env.PORT ?? 3000);
process.on("SIGINT", () => process.exit());
`;
const LEAK = "const session = { url: request.url, seen: new Date(), log: new Array(500).fill(request.url) };";
const README = readFileSync(join(ROOT, "README.md"), "utf8");
const COMMANDS = /\n## Which line leaks\n.*?```sh\n(.*?)```/s.exec(README)![1]!.trim().split("\n");
const isAsked = process.env.MPROF_TEST_ALL === "1";
/** A bundler that ran in this process may have left NODE_ENV=production, with which npm installs no tools. */
const ENV = { ...process.env, NODE_ENV: "" };

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** @param said what it has said, if it does not */
async function untilItListens(port: number, said: () => string): Promise<void> {
  let problem: unknown;
  for (let tries = 0; tries < 600; tries++) {
    try {
      await fetch(`http://localhost:${port}/`);
      return;
    } catch (error) {
      problem = (error as Error).cause;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
  assert.fail(`the server does not listen at ${port}: ${problem}\n${said()}`);
}

describe("the way of somebody new", () => {
  it("has five commands at most in the README, the last of which opens the page", () => {
    const [install, run, load, end, open] = COMMANDS;
    assert.equal(COMMANDS.length, 5);
    assert.match(install!, /^npm install --save-dev mprof$/);
    assert.match(run!, /^npx mprof .*--html memory\.html server\.js *(#.*)?$/);
    assert.match(load!, /^curl .*localhost:3000/);
    assert.match(end!, /^# Ctrl-C/);
    assert.match(open!, /memory\.html/);
  });

  (isAsked ? it : it.skip)(
    `leads to a page that names the line${isAsked ? "" : " (MPROF_TEST_ALL=1 walks it)"}`,
    async function () {
      this.timeout(300_000);
      const folder = scratchFolder();
      const npm = (...args: string[]) =>
        execFileSync("npm", args, {
          cwd: folder,
          env: ENV,
          encoding: "utf8",
          stdio: ["ignore", "pipe", "ignore"],
        });
      const [{ filename }] = JSON.parse(npm("pack", ROOT, "--json", "--ignore-scripts"));
      writeFileSync(join(folder, "package.json"), '{ "private": true, "type": "module" }');
      writeFileSync(join(folder, "server.js"), SERVER);
      npm("install", "express@5.1.0");
      const began = performance.now();
      const [install, run, load] = COMMANDS as [string, string, string];
      const sh = (command: string) => execFileSync("sh", ["-ec", command], { cwd: folder, env: ENV, stdio: "pipe" });
      sh(install.replace(/ mprof$/, ` ./${filename}`));
      const installed = performance.now();
      // Not before: npm's own connections take ports, too.
      const port = await freePort();
      // A terminal of its own, so that Ctrl-C goes to all that run in it.
      const server = spawn("sh", ["-c", run], {
        cwd: folder,
        env: { ...ENV, PORT: String(port) },
        detached: true,
        stdio: ["ignore", "pipe", "pipe"],
      });
      const said = { out: "", error: "" };
      server.stdout.on("data", (piece) => (said.out += piece));
      server.stderr.on("data", (piece) => (said.error += piece));
      const ended = new Promise((resolve) => server.on("close", resolve));
      await untilItListens(port, () => said.out + said.error);
      sh(load.replaceAll("3000", String(port)));
      process.kill(-server.pid!, "SIGINT");
      await ended;
      const page = join(folder, "memory.html");
      assert.ok(existsSync(page), said.error);
      const seconds = (from: number, to: number) => ((to - from) / 1000).toFixed(1);
      const now = performance.now();
      console.log(`      ${seconds(began, now)} s, of which npm install ${seconds(began, installed)} s`);
      const [, text] = /<script id="data" type="application\/json">(.*)<\/script>/.exec(readFileSync(page, "utf8"))!;
      const { leaks }: PageData = JSON.parse(text!);
      assert.deepEqual(
        leaks!.leaks.map(({ file, line, text: code, held }) => [file, line, code, held]),
        [["server.js", 7, LEAK, "held by Map entry ← variable sessions (server.js:3)"]],
        said.out,
      );
      const browser = await launchChromium();
      try {
        const tab = await browser!.newPage();
        await tab.goto(pathToFileURL(page).href);
        await tab.click(".leak");
        assert.equal(await tab.textContent("#source .row[aria-selected=true] .code"), `  ${LEAK}`);
      } finally {
        await browser?.close();
      }
    },
  );
});
