/** The configurations of docs/bundlers.md, as their users run them; Next.js is in docs/recipes.md. */
import assert from "node:assert/strict";
import { type Finished, rowOf, runProcess } from "../support/run-cli.ts";
import { openRecipes } from "./packages.ts";

interface Recipe {
  /** Each `[binary, …arguments]`, run one after the other; the last prints the report. */
  commands: string[][];
  /** Text of a row -> occurrences. */
  rows: Record<string, number>;
  /** Where the project is, if it does not have the recipe's name. */
  folder?: string;
}

const SUM = { "let total = 0;": 1, "for (const n of list) total += n;": 4, "return total;": 1 };
const TWICE = { "let total = 0;": 2, "for (const n of list) total += n;": 8, "return total;": 2 };

const RECIPES: Record<string, Recipe> = {
  "vite-react": {
    commands: [
      ["vite", "build", "--logLevel", "warn"],
      ["vite", "build", "--logLevel", "warn", "--ssr", "src/server.jsx", "--outDir", "dist/server"],
      ["node", "dist/server/server.js"],
    ],
    rows: { "const items = Array.from(": 4, "{items.map((item) => (": 1, "<li key={item}>{item}</li>": 3 },
  },
  "webpack-babel": {
    commands: [
      ["webpack", "--stats", "errors-warnings"],
      ["node", "dist/main.js"],
    ],
    rows: SUM,
  },
  "rollup-library": {
    commands: [
      ["rollup", "--config", "--silent"],
      ["node", "use.js"],
    ],
    rows: SUM,
  },
  vitest: { commands: [["vitest", "run"]], rows: SUM },
  "vitest in threads": { commands: [["vitest", "run", "--pool=threads"]], rows: SUM, folder: "vitest" },
  jest: { commands: [["jest", "--runInBand"]], rows: TWICE },
  mocha: { commands: [["mocha", "--require", "mprof/register", "sum.spec.cts"]], rows: SUM },
  "babel-cli": {
    commands: [
      ["babel", "src", "--out-dir", "lib"],
      ["node", "lib/main.js"],
    ],
    rows: SUM,
  },
};

const recipes = openRecipes();

describe("recipes", function () {
  this.timeout(240_000);
  if (recipes === null) return;
  const run = (folder: string, [binary, ...args]: string[]): Promise<Finished> =>
    runProcess(binary === "node" ? process.execPath : recipes.binary(binary!), args, {
      cwd: folder,
      env: { NEXT_TELEMETRY_DISABLED: "1", CI: "", NO_COLOR: "1" },
    });

  for (const [name, { commands, rows, folder: at = name }] of Object.entries(RECIPES)) {
    it(`${name}: ${commands.map((command) => command[0]).join(", ")}`, async () => {
      const { folder, remove } = recipes.project(`recipes/${at}`);
      try {
        let last: Finished | undefined;
        for (const command of commands) {
          last = await run(folder, command);
          assert.equal(last.code, 0, `${command.join(" ")}:\n${last.stdout}\n${last.stderr}`);
        }
        assertRows(last!.stdout, rows);
      } finally {
        remove();
      }
    });
  }
});

function assertRows(report: string, rows: Record<string, number>): void {
  for (const [text, occurrences] of Object.entries(rows)) {
    assert.equal(rowOf(report, text)?.occurrences, occurrences, `${text}:\n${report}`);
  }
}
