/** docs/recipes.md: what its blocks say is what is built and run here. */
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { dirname, join } from "node:path";
import { openCompilers, openRecipes } from "./bundlers/packages.ts";
import { ROOT } from "./support/load-fixture.ts";
import { rowOf, runCli, runProcess } from "./support/run-cli.ts";
import { scratchFolder } from "./support/scratch.ts";

const PAGE = readFileSync(join(ROOT, "docs/recipes.md"), "utf8");
/** `next dev` gives its server 100 ms to end, which a busy machine does not make. */
const ENVIRONMENT = { NEXT_TELEMETRY_DISABLED: "1", NEXT_EXIT_TIMEOUT_MS: "10000", NO_COLOR: "1", CI: "" };

/** What a section of the page has in its blocks: files, by the comment they begin with, and commands. */
function readRecipe(title: string): { files: [name: string, text: string][]; commands: string[] } {
  const section = PAGE.split(/^## /m).find((each) => each.startsWith(`${title}\n`));
  assert.ok(section, `docs/recipes.md has no section ${title}`);
  const blocks = [...section.matchAll(/^```(\w+)\n([\s\S]*?)^```$/gm)].map(([, language, text]) => ({
    language,
    text: text!,
  }));
  return {
    files: blocks.flatMap(({ language, text }) => {
      const name = /^\/\/ (\S+\.\w+)\n/.exec(text);
      return language === "sh" || name === null ? [] : [[name[1]!, text.slice(name[0].length)] as [string, string]];
    }),
    commands: blocks.filter(({ language }) => language === "sh").map(({ text }) => text.trim()),
  };
}

function write(folder: string, files: readonly [name: string, text: string][]): void {
  for (const [name, text] of files) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
}

describe("docs/recipes.md", function () {
  this.timeout(240_000);

  it("a monorepo", async () => {
    const { files, commands } = readRecipe("A monorepo");
    const folder = scratchFolder();
    write(folder, files);
    const installed = await runProcess("npm", ["install", "--offline", "--no-audit", "--no-fund"], { cwd: folder });
    assert.equal(installed.code, 0, installed.stderr);
    assert.equal(commands[0], "npx mprof packages/app/src/main.ts");
    const { stdout, stderr } = await runCli(commands[0]!.split(" ").slice(2), { cwd: folder });
    assert.equal(stderr, "");
    assert.match(stdout, /^2000000\nFilename: packages\/rows\/src\/rows\.ts\n/);
    assert.ok(rowOf(stdout, "new Array<number>")!.increment > 10, stdout);
  });

  describe("Next.js", () => {
    const packages = openRecipes();
    if (packages === null) return;
    const given = packages;
    const { files, commands } = readRecipe("Next.js");

    for (const flags of [[], ["--webpack"]]) {
      for (const verb of ["start", "dev"]) {
        it(`next ${verb}, ${flags[0] ?? "by Turbopack"}`, async () => {
          assert.deepEqual(commands, ["npx next build && npx next start"]);
          const { folder, remove } = given.project("recipes/next");
          try {
            write(folder, files);
            if (verb === "start") {
              const built = await runProcess(given.binary("next"), ["build", ...flags], {
                cwd: folder,
                env: ENVIRONMENT,
              });
              assert.equal(built.code, 0, `${built.stdout}\n${built.stderr}`);
            }
            const port = await freePort();
            const args = [verb, ...(verb === "dev" ? flags : []), "--port", String(port)];
            const report = await serve(given.binary("next"), args, folder, async () => {
              const answer = await fetch(`http://localhost:${port}/api/sum`);
              assert.deepEqual(await answer.json(), { sum: 6 });
            });
            assert.equal(rowOf(report, "for (const n of list) total += n;")?.occurrences, 4, report);
          } finally {
            remove();
          }
        });
      }
    }
  });

  describe("Nest", () => {
    const packages = openCompilers();
    if (packages === null) return;
    const given = packages;
    const { files, commands } = readRecipe("Nest");
    const project = given.project("nest");
    after(() => project.remove());
    const assertReport = (stdout: string) => {
      assert.match(stdout, /^SumService\.of\(Array,Map\)\n/);
      assert.equal(rowOf(stdout, "this.count += step;")?.occurrences, 3, stdout);
    };

    it("on its way into Node", async () => {
      assert.equal(commands[0], "npx mprof --tsc src/main.ts");
      const { stdout, stderr } = await runCli(commands[0]!.split(" ").slice(2), { cwd: project.folder });
      assert.equal(stderr, "");
      assertReport(stdout);
    });

    it("built by tspc", async () => {
      write(project.folder, files);
      assert.equal(commands[1], "npx tspc -p tsconfig.profile.json && node dist-profile/main.js");
      const [build, start] = commands[1]!.split(" && ").map((each) => each.split(" "));
      const built = await runProcess(given.binary("tspc"), build!.slice(2), { cwd: project.folder });
      assert.equal(built.code, 0, `${built.stdout}\n${built.stderr}`);
      assertReport((await runProcess(process.execPath, start!.slice(1), { cwd: project.folder })).stdout);
    });
  });
});

/** Starts a server, does something with it once it is ready, stops it, and returns what it printed. */
async function serve(binary: string, args: string[], cwd: string, use: () => Promise<void>): Promise<string> {
  const server = spawn(binary, args, { cwd, env: { ...process.env, ...ENVIRONMENT } });
  let stdout = "";
  server.stdout.on("data", (piece) => {
    stdout += piece;
  });
  const ended = new Promise((resolve) => server.on("close", resolve));
  try {
    for (let i = 0; i < 600 && !stdout.includes("Ready"); i++) await new Promise((resolve) => setTimeout(resolve, 50));
    await use();
  } finally {
    server.kill("SIGTERM");
    await ended;
  }
  return stdout;
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0);
  const { port } = server.address() as { port: number };
  await new Promise((resolve) => server.close(resolve));
  return port;
}
