/** Open-source programs in TypeScript, by their own sources: under mprof they print what they print under tsx. */
import assert from "node:assert/strict";
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fetchPackages } from "./support/fetch-package.ts";
import { runCli, runProcess } from "./support/run-cli.ts";

interface TypeScriptProgram {
  version: string;
  /** The script, among the sources of its package or beside them. */
  args: string[];
  /** What is written beside them: input, or a few lines that call a library. */
  files: Record<string, string>;
}

const SCHEMA = JSON.stringify({
  title: "Order",
  type: "object",
  properties: {
    id: { type: "integer", minimum: 1 },
    state: { enum: ["open", "paid"] },
    lines: { type: "array", items: { $ref: "#/definitions/Line" }, minItems: 1 },
  },
  required: ["id"],
  definitions: { Line: { type: "object", properties: { name: { type: "string" }, price: { type: "number" } } } },
});

const PROGRAMS: Record<string, TypeScriptProgram> = {
  "json-schema-to-typescript": {
    version: "15.0.4",
    args: ["src/cli.ts", "order.json"],
    files: { "order.json": SCHEMA },
  },
  "typescript-json-schema": {
    version: "0.65.1",
    args: ["typescript-json-schema-cli.ts", "order.ts", "Order", "--required"],
    files: { "order.ts": "export interface Order { id: number; lines: { name: string; price?: number }[] }\n" },
  },
  "openapi-typescript": {
    version: "7.13.0",
    args: ["main.ts"],
    files: {
      "main.ts": `import openapiTS, { astToString } from "./src/index.js";
const order = ${SCHEMA};
order.properties.lines.items = order.definitions.Line as never;
const responses = { 200: { description: "", content: { "application/json": { schema: order } } } };
const paths = { "/orders/{id}": { get: { responses, parameters: [{ name: "id", in: "path", required: true, schema: { type: "string" } }] } } };
console.log(astToString(await openapiTS({ openapi: "3.1.0", info: { title: "a", version: "1" }, paths } as never)));
`,
    },
  },
  "vega-lite": {
    version: "5.23.0",
    args: ["main.ts"],
    files: {
      "main.ts": `import { compile } from "./src/compile/compile.js";
const values = Array.from({ length: 20 }, (_, i) => ({ a: "ABCD"[i % 4], b: i * 7 % 11 }));
const encoding = { x: { field: "a", type: "nominal" }, y: { aggregate: "sum", field: "b", type: "quantitative" }, color: { bin: true, field: "b", type: "quantitative" } };
console.log(JSON.stringify(compile({ data: { values }, mark: "bar", encoding } as never).spec, null, 1));
`,
    },
  },
  cheerio: {
    version: "1.2.0",
    args: ["main.ts"],
    files: {
      "main.ts": `import { load } from "./src/index.js";
const items = Array.from({ length: 9 }, (_, i) => '<li class="' + "abc"[i % 3] + '" data-n=' + i + '>item <b>' + i + '</b></li>');
const $ = load("<ul>" + items.join("") + "</ul><p>end");
$("li.b:nth-child(n + 3)").wrap("<div>").find("b").text((i, text) => i + ":" + text);
console.log($("li[data-n]").map((_, each) => $(each).data("n")).get().join(), $("div li").length);
console.log($.html());
`,
    },
  },
};

const TSX = join(dirname(createRequire(import.meta.url).resolve("tsx/package.json")), "dist/cli.mjs");

describe("a program in TypeScript", function () {
  this.timeout(180_000);
  const versions = Object.fromEntries(Object.entries(PROGRAMS).map(([name, { version }]) => [name, version]));
  const packages = fetchPackages("programs", { ...versions, vega: "5.33.0", "vega-util": "1.17.3" });
  if (packages === null) return;
  let folder: string;
  before(() => {
    folder = realpathSync(mkdtempSync(join(packages, "sources-")));
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  for (const [name, { args, files }] of Object.entries(PROGRAMS)) {
    it(`prints what it prints under tsx: ${name} ${versions[name]}`, async () => {
      const cwd = join(folder, name);
      // What is under a node_modules is other people's, and left alone.
      cpSync(join(packages, "node_modules", name), cwd, { recursive: true });
      rmSync(join(cwd, "dist"), { recursive: true, force: true });
      for (const [path, text] of Object.entries(files)) writeFileSync(join(cwd, path), text);
      mkdirSync(join(cwd, "node_modules"), { recursive: true });
      const tsx = await runProcess(process.execPath, [TSX, ...args], { cwd });
      assert.deepEqual([tsx.code, tsx.stderr], [0, ""]);
      assert.ok(tsx.stdout.length > 200, tsx.stdout);
      for (const flags of [[], ["--functions", "all"]]) {
        const report = join(cwd, "report.txt");
        const { code, stdout, stderr } = await runCli(["-o", report, ...flags, ...args], { cwd });
        assert.equal(stdout, tsx.stdout, stderr);
        assert.equal(code, 0);
        if (flags.length === 0) continue;
        const tables = existsSync(report) ? readFileSync(report, "utf8").match(/^Filename: /gm)!.length : 0;
        console.log(`      ${tables} functions profiled`);
        assert.ok(tables > 10, stderr);
      }
    });
  }
});
