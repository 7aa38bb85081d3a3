import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import mprof from "../../plugin/unplugin/vite.ts";
import { openBundlers } from "./packages.ts";

interface Server {
  transformRequest(url: string): Promise<{ code: string } | null>;
  ssrLoadModule(url: string): Promise<Record<string, (...args: never[]) => unknown>>;
  environments: {
    client: { depsOptimizer: { scanProcessing?: Promise<void>; metadata: { optimized: object; discovered: object } } };
  };
  listen(): Promise<Server>;
  close(): Promise<void>;
}

const bundlers = openBundlers();

describe("Vite", () => {
  if (bundlers === null) return;

  it("builds workers with the plugin of the page", async () => {
    const project = bundlers.project("bundled");
    try {
      const { build } = await bundlers.load<{
        build(config: object): Promise<{ output: { code?: string; source?: string }[] }>;
      }>("vite");
      const { output } = await build({
        root: project.folder,
        configFile: false,
        logLevel: "error",
        plugins: [mprof({ root: project.folder })],
        build: { write: false, rolldownOptions: { input: join(project.folder, "src/page.ts") } },
        worker: { format: "es" },
      });
      const texts = output.map(({ code, source }) => String(code ?? source));
      assert.equal(texts.filter((text) => /src\/worker\.ts/.test(text) && /\.line\(3\)/.test(text)).length, 1);
    } finally {
      project.remove();
    }
  });
});

describe("Vite's dev server", function () {
  this.timeout(60_000);
  if (bundlers === null) return;
  const project = bundlers.project("bundled");
  const messages: string[] = [];
  let server: Server;

  before(async () => {
    const { createServer } = await bundlers.load<{ createServer(config: object): Promise<Server> }>("vite");
    writeFileSync(join(project.folder, "index.html"), '<script type="module" src="/src/main.ts"></script>\n');
    const note = (message: string) => messages.push(message);
    const customLogger = {
      info: note,
      warn: note,
      warnOnce: note,
      error: note,
      clearScreen() {},
      hasErrorLogged: () => false,
      hasWarned: false,
    };
    server = await createServer({
      root: project.folder,
      configFile: false,
      cacheDir: join(project.folder, "vite"),
      customLogger,
      server: { port: 0, host: "127.0.0.1" },
      plugins: [mprof({ root: project.folder })],
    });
    await server.listen();
  });
  after(async () => {
    await server.close();
    project.remove();
  });

  it("scans sources with decorators for dependencies, and knows the runtime beforehand", async () => {
    const { depsOptimizer } = server.environments.client;
    await depsOptimizer.scanProcessing;
    assert.deepEqual(
      messages.filter((message) => /failed|error/i.test(message)),
      [],
    );
    const { optimized, discovered } = depsOptimizer.metadata;
    assert.ok(Object.keys({ ...optimized, ...discovered }).includes("mprof/runtime"));
  });

  it("serves instrumented sources", async () => {
    const { code } = (await server.transformRequest("/src/cache.ts"))!;
    assert.match(code, /"file":\s*"src\/cache\.ts"/);
    assert.match(code, /__mp\.line\(13\)/);
  });

  it("loads instrumented sources into the server", async () => {
    const { load } = await server.ssrLoadModule("/src/load.js");
    const { configure, getProfile } = await server.ssrLoadModule("mprof/runtime");
    configure!({ report: "none" } as never);
    assert.equal((load as (count: number) => unknown[])(2).length, 2);
    const { listings } = getProfile!() as {
      listings: { name: string; rows: { line: number; data?: { count?: number } }[] }[];
    };
    assert.deepEqual(
      listings.map(({ name }) => name),
      ["load"],
    );
  });
});
