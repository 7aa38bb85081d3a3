/** The table of docs/marks.md: which form of a mark linters, formatters and type checkers take, by the tools themselves. */
import assert from "node:assert/strict";
import { copyFileSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { openRecipes } from "./bundlers/packages.ts";
import { fetchPackages } from "./support/fetch-package.ts";
import { ROOT } from "./support/load-fixture.ts";
import { runProcess } from "./support/run-cli.ts";
import { scratchFolder } from "./support/scratch.ts";

const VERSIONS = {
  "@biomejs/biome": "2.5.14",
  eslint: "10.15.0",
  oxfmt: "0.79.0",
  oxlint: "1.94.0",
  prettier: "3.10.1",
  typescript: "6.0.3",
  "typescript-eslint": "8.73.0",
};

/** By the heading of the column. */
const FORMS: Record<string, string> = {
  "`@profile` above a function or `const`":
    "@profile\nfunction load(n: number): number[] {\n  return [n];\n}\n\n@profile\nconst first = (n: number): number => n;\n\nexport { first, load };\n",
  "`@profile` above a class or member":
    "@profile\nexport class Rows {\n  @profile\n  load(n: number): number[] {\n    return [n];\n  }\n}\n",
  "`// @profile`": "// @profile\nexport function load(n: number): number[] {\n  return [n];\n}\n",
  '`"use profile"`': 'export function load(n: number): number[] {\n  "use profile";\n  return [n];\n}\n',
  "`profile(fn)`": "export const load = profile((n: number): number[] => [n]);\n",
};

interface Tool {
  /** The script to run with Node, within `node_modules`. */
  script: string;
  args: readonly string[];
  /** Files beside the source. */
  files?: Record<string, string>;
}

/** By the first cell of the row. */
const TOOLS: Record<string, Tool> = {
  "typescript-eslint": {
    script: "eslint/bin/eslint.js",
    args: ["a.ts"],
    files: {
      "eslint.config.mjs":
        'import ts from "typescript-eslint";\nexport default ts.config(...ts.configs.recommended);\n',
    },
  },
  Prettier: { script: "prettier/bin/prettier.cjs", args: ["--check", "a.ts"] },
  Biome: {
    script: "@biomejs/biome/bin/biome",
    args: ["check", "a.ts"],
    files: { "biome.json": '{ "formatter": { "indentStyle": "space" } }' },
  },
  oxlint: { script: "oxlint/bin/oxlint", args: ["a.ts"] },
  oxfmt: { script: "oxfmt/bin/oxfmt", args: ["--check", "a.ts"] },
  "`tsc`": {
    script: "typescript/bin/tsc",
    args: ["-p", "."],
    files: {
      "tsconfig.json": JSON.stringify({
        compilerOptions: { noEmit: true, strict: true, types: [] },
        files: [join(ROOT, "globals.d.ts"), "a.ts"],
      }),
    },
  },
};

const packages = fetchPackages("linters", VERSIONS);

describe("tools and the forms of marks", function () {
  this.timeout(60_000);
  const [headings, ...rows] = tableOf("| tool |");

  it("are all in the table of docs/marks.md", () => {
    assert.deepEqual(headings!.slice(1), Object.keys(FORMS));
    assert.deepEqual(
      rows.map(([tool]) => tool),
      Object.keys(TOOLS),
    );
  });

  if (packages === null) return;
  for (const [tool, ...cells] of rows) {
    for (const [index, cell] of cells.entries()) {
      const form = Object.keys(FORMS)[index]!;
      it(`${tool} ${cell === "yes" ? "takes" : "refuses"} ${form}`, async () => {
        const { script, args, files = {} } = TOOLS[tool!]!;
        const cwd = scratchFolder();
        for (const [name, text] of Object.entries({ ...files, "a.ts": FORMS[form]! }))
          writeFileSync(join(cwd, name), text);
        const modules = join(packages, "node_modules");
        symlinkSync(modules, join(cwd, "node_modules"), "junction");
        const { code, stdout, stderr } = await runProcess(process.execPath, [join(modules, script), ...args], { cwd });
        const said = stdout + stderr;
        assert.equal(code === 0, cell === "yes", said);
        if (code !== 0) assert.match(said, /[Dd]ecorator|TS1206|Unexpected token|expected/, said);
      });
    }
  }
});

/** As docs/recipes.md has it. */
const [, NEXT_CONFIG = ""] = /```js\n(\/\/ next\.config\.js\n[\s\S]*?)```/.exec(
  readFileSync("docs/recipes.md", "utf8"),
)!;

describe("Next.js, which checks types while it builds", function () {
  this.timeout(240_000);
  const recipes = openRecipes();
  if (recipes === null) return;
  const [decorator, , comment] = Object.values(FORMS) as [string, string, string];
  const cases: [says: string, text: string, code: number, said: RegExp][] = [
    [
      "refuses `@profile` above a function",
      decorator,
      1,
      /lib\/a\.ts\(1,1\): error TS1206: Decorators are not valid here/,
    ],
    ["takes `// @profile`", comment, 0, /1 function profiled in this build/],
  ];
  for (const [says, text, code, said] of cases) {
    it(says, async () => {
      const { folder, remove } = recipes.project("recipes/next");
      try {
        for (const name of ["lib/sum.js", "pages/api/sum.js"]) rmSync(join(folder, name));
        copyFileSync(join(ROOT, "globals.d.ts"), join(folder, "globals.d.ts"));
        writeFileSync(join(folder, "lib/a.ts"), text);
        writeFileSync(join(folder, "next.config.js"), NEXT_CONFIG);
        const page = 'import { load } from "../../lib/a";\nexport default () => load(1);\n';
        writeFileSync(join(folder, "pages/api/sum.ts"), page);
        const env = { NEXT_TELEMETRY_DISABLED: "1", NODE_ENV: "production", CI: "" };
        const built = await runProcess(recipes.binary("next"), ["build", "--webpack"], { cwd: folder, env });
        assert.match(built.stdout + built.stderr, said);
        assert.equal(built.code, code, built.stdout + built.stderr);
      } finally {
        remove();
      }
    });
  }
});

/** The cells of the table in docs/marks.md whose first line begins so, its headings first. */
function tableOf(start: string): string[][] {
  const lines = readFileSync("docs/marks.md", "utf8").split("\n");
  const first = lines.findIndex((line) => line.startsWith(start));
  assert.ok(first >= 0, "docs/marks.md has the table");
  const end = lines.findIndex((line, i) => i > first && !line.startsWith("|"));
  const rows = lines.slice(first, end).filter((line) => !/^\|[-|]+$/.test(line));
  return rows.map((row) =>
    row
      .slice(1, -1)
      .split("|")
      .map((cell) => cell.trim()),
  );
}
