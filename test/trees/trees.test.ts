/** Fresh projects by their own templates: the package installs without flags, and the README's lines lead to a report. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { extname, join } from "node:path";
import { HOW_TO_GET_CHROMIUM, launchChromium, recordConsole } from "../support/chromium.ts";
import { rowOf } from "../support/run-cli.ts";
import { askServer, canPlant, plant, plantFiles, type Tree } from "./tree.ts";

interface ViteTree {
  template: string;
  plugin: string;
  file: string;
  /** Where the mark goes: the function that follows. */
  above: string;
  mark: string;
  row: string;
}

const VITE: ViteTree[] = [
  {
    template: "react-ts",
    plugin: "react()",
    file: "src/App.tsx",
    above: "function App() {",
    mark: "// @profile\n",
    row: "const [count, setCount] = useState(0)",
  },
  {
    template: "vue-ts",
    plugin: "vue()",
    file: "src/components/HelloWorld.vue",
    above: "const count = ref(0)",
    mark: "// @profile\nfunction start(): number {\n  return 0\n}\nstart()\n",
    row: "return 0",
  },
  {
    template: "svelte-ts",
    plugin: "svelte()",
    file: "src/lib/Counter.svelte",
    above: "  const increment",
    mark: "  // @profile\n  function start(): number {\n    return 0\n  }\n  start()\n",
    row: "return 0",
  },
];

describe("a fresh tree", function () {
  this.timeout(240_000);
  if (!canPlant()) return;

  for (const { template, plugin, file, above, mark, row } of VITE) {
    it(`of create-vite, ${template}, reports in the page that it builds${HOW_TO_GET_CHROMIUM}`, async function () {
      const tree = await plant("create-vite", "tree", "--template", template, "--no-interactive");
      tree.edit("vite.config.ts", "import { defineConfig", 'import mprof from "mprof/vite";\nimport { defineConfig');
      tree.edit("vite.config.ts", plugin, `mprof(), ${plugin}`);
      tree.edit(file, above, mark + above);
      const { code, stdout, stderr } = await tree.run("npm", "run", "build");
      assert.equal(code, 0, stdout + stderr);
      assert.match(stderr, /mprof: 1 function profiled in this build/);
      if (HOW_TO_GET_CHROMIUM !== "") return this.skip();
      const report = await reportOfPage(join(tree.folder, "dist"));
      assert.ok(report.includes(`Filename: ${file}\n`), report);
      assert.ok(report.includes(row), report);
    });
  }

  it("of create-next-app reports at the end of its build", async () => {
    const flags = ["--ts", "--app", "--no-eslint", "--no-tailwind", "--no-src-dir", "--import-alias", "@/*"];
    const tree = await plant("create-next-app", "tree", ...flags, "--skip-install", "--disable-git", "--yes");
    tree.edit("next.config.ts", "\n\n", '\nimport mprof from "mprof/webpack";\n\n');
    tree.edit(
      "next.config.ts",
      "\n};",
      "\n  webpack(config) {\n    config.plugins.push(mprof());\n    return config;\n  },\n};",
    );
    // Google's fonts are fetched while Next builds.
    tree.edit("app/layout.tsx", /import \{[^}]*\} from "next\/font\/google";\n/, "");
    tree.edit("app/layout.tsx", /const geist[\s\S]*?\}\);\n\nconst geist[\s\S]*?\}\);\n/, "");
    tree.edit("app/layout.tsx", / className=\{`[^`]*`\}/, "");
    const rows =
      "// @profile\nfunction rows(n: number): number[] {\n  const list = new Array(n).fill(1);\n  return list;\n}\n\n";
    tree.write(
      "app/page.tsx",
      `${rows}export default function Home() {\n  return <main>{rows(100).length}</main>;\n}\n`,
    );
    const built = await tree.run("npx", "next", "build", "--webpack");
    assert.equal(built.code, 0, built.stdout + built.stderr);
    assert.ok(built.stdout.includes("Filename: app/page.tsx\n"), built.stdout);
    assert.ok(rowOf(built.stdout, "return list;")!.occurrences >= 1);
  });

  it("of Nest reports by mprof --tsc, and built by mprof build", async () => {
    const tree = await plant("@nestjs/cli", "new", "tree", "--skip-install", "--skip-git", "--package-manager", "npm");
    tree.edit("src/app.service.ts", "  getHello", "  // @profile\n  getHello");
    const bin = "node_modules/mprof/dist/esm/cli/bin.js";
    const [PORT, url] = ["3917", "http://127.0.0.1:3917/"];
    shows(await askServer(tree, [bin, "--tsc", "src/main.ts"], { PORT }, url));
    const built = await tree.run("npx", "mprof", "build", "-p", "tsconfig.build.json", "--out", "build-profile");
    assert.equal(built.code, 0, built.stdout + built.stderr);
    shows(await askServer(tree, ["build-profile/main.js"], { PORT }, url));

    function shows(output: string): void {
      assert.ok(output.includes("Filename: src/app.service.ts\n"), output);
      assert.equal(rowOf(output, "return 'Hello World!';")?.occurrences, 1, output);
    }
  });

  it("of npm workspaces with two packages in TypeScript reports by the command", async () => {
    const core = "// @profile\nexport function rows(n: number): number[] {\n  return new Array(n).fill(1);\n}\n";
    const main = 'import { rows } from "@tree/b";\nconst n: number = rows(10).length;\nconsole.log(n);\n';
    const tree: Tree = await plantFiles({
      "package.json": JSON.stringify({ name: "tree", private: true, workspaces: ["packages/*"] }),
      "packages/a/package.json": JSON.stringify({
        name: "@tree/a",
        version: "1.0.0",
        dependencies: { "@tree/b": "*" },
      }),
      "packages/a/src/main.ts": main,
      "packages/b/package.json": JSON.stringify({ name: "@tree/b", version: "1.0.0", main: "src/index.ts" }),
      "packages/b/src/index.ts": core,
    });
    const { stdout, stderr, code } = await tree.run("npx", "mprof", "packages/a/src/main.ts");
    assert.deepEqual([stderr, code], ["", 0]);
    assert.match(stdout, /^10\nFilename: packages\/b\/src\/index\.ts\n/);
    assert.equal(rowOf(stdout, "return new Array(n)")!.occurrences, 1);
  });
});

const TYPES: Record<string, string> = { ".html": "text/html", ".js": "text/javascript", ".css": "text/css" };

/** Serves a built page, and has it report to its console. */
async function reportOfPage(folder: string): Promise<string> {
  const server = createServer((request, response) => {
    const path = request.url === "/" ? "/index.html" : request.url!;
    try {
      const type = TYPES[extname(path)] ?? "application/octet-stream";
      response.writeHead(200, { "content-type": type }).end(readFileSync(join(folder, path)));
    } catch {
      response.writeHead(404).end();
    }
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const browser = (await launchChromium())!;
  try {
    const page = await browser.newPage();
    const lines = recordConsole(page);
    await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`, { waitUntil: "networkidle" });
    await page.evaluate("__mprof.report()");
    return lines.join("\n");
  } finally {
    await browser.close();
    server.close();
  }
}
