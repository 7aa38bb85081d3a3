/** Programs as deep and as long as machines write them: instrumented as far as the engine goes, else left alone. */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { instrument } from "../plugin/node/source.ts";
import { ROOT } from "./support/load-fixture.ts";
import { runCli } from "./support/run-cli.ts";
import { scratchFolder } from "./support/scratch.ts";

const list = (n: number, make: (i: number) => string) => Array.from({ length: n }, (_, i) => make(i));
const nested = (n: number, open: string, close: string) => `${open.repeat(n)}1${close.repeat(n)}`;

/** Bodies of a function of `n`, by size. */
const BODIES: Record<string, [size: number, body: (size: number) => string]> = {
  concatenations: [5000, (n) => `return ${list(n, (i) => `"a${i}"`).join(" +\n ")};`],
  "concatenated calls": [5000, (n) => `return ${list(n, (i) => `id("a${i}")`).join(" +\n ")};`],
  "else if": [3000, (n) => list(n, (i) => `if (n === ${i + 9}) return ${i};`).join("\nelse ")],
  arrays: [1000, (n) => `return ${nested(n, "[", "]")};`],
  "arrays on lines of their own": [1000, (n) => `return ${nested(n, "[\n", "]").replace("1", "id(1)")};`],
  calls: [1000, (n) => `return ${nested(n, "id(", ")")};`],
  "calls on lines of their own": [1000, (n) => `return ${nested(n, "id(\n", ")")};`],
  blocks: [1000, (n) => nested(n, "{", "}").replace("1", "return 1;")],
  parentheses: [1000, (n) => `return ${nested(n, "(", ")")};`],
  "links of a chain": [2000, (n) => `const o = { a() { return o; } }; return o${".a()".repeat(n)};`],
  "links on lines of their own": [2000, (n) => `const o = { a() { return o; } }; return o${"\n.a()".repeat(n)};`],
  ternaries: [2000, (n) => `return ${list(n, (i) => `n === ${i + 9} ? ${i} :`).join("\n")} 0;`],
  "ternaries with calls": [2000, (n) => `return ${list(n, (i) => `n === ${i + 9} ? id(${i}) :`).join("\n")} 0;`],
  "a line of 1 MB": [100_000, (n) => `${"id(1234);".repeat(n)} return 1;`],
  "calls in an array": [100_000, (n) => `return [${list(n, (i) => `id(${i})`).join(",\n")}].length;`],
};

function program(body: string): string {
  return `// @profile
function small() {
  return 1;
}
function id(x) { return x; }
// @profile
function large(n) {
${body}
}
console.log(small(), String(large(3)).length);
`;
}

const folder = scratchFolder();
writeFileSync(join(folder, "package.json"), "{}");

/** What a program prints, and how it ends. */
function run(file: string): string {
  const { stdout, stderr, status } = spawnSync(process.execPath, [file], {
    encoding: "utf8",
    env: { ...process.env, MPROF_REPORT: "none" },
  });
  assert.equal(status, 0, stderr.slice(0, 2000));
  return stdout;
}

/** At most one function is left alone, and that is said. */
function assertPlanned(names: string[], warnings: string[]): void {
  assert.deepEqual(names, warnings.length === 0 ? ["small", "large"] : ["small"]);
  for (const warning of warnings) assert.match(warning, /^\[mprof\] large is left alone: it is nested too deeply /);
  assert.ok(warnings.length <= 1, warnings.join("\n"));
}

describe("a program with thousands of", () => {
  for (const [name, [size, body]] of Object.entries(BODIES)) {
    it(`${name}: ${size}`, () => {
      const text = program(body(size));
      const warnings: string[] = [];
      const result = instrument(text, {
        filename: join(folder, "app.js"),
        onWarning: ({ message }) => warnings.push(message),
      })!;
      assertPlanned(
        result.table!.listings.map((listing) => listing.name),
        warnings,
      );
      writeFileSync(join(folder, "plain.js"), text);
      const runtime = join(ROOT, "dist/cjs/runtime/node/index.js");
      writeFileSync(join(folder, "written.js"), result.code.replace('"mprof/runtime"', JSON.stringify(runtime)));
      assert.equal(run(join(folder, "written.js")), run(join(folder, "plain.js")));
    });
  }

  for (const name of ["concatenations", "ternaries with calls", "calls"]) {
    for (const extension of ["js", "ts"]) {
      it(`${name} on the way into Node: .${extension}`, async () => {
        const [size, body] = BODIES[name]!;
        const text = program(body(size));
        writeFileSync(join(folder, "plain.js"), text);
        writeFileSync(join(folder, `app.${extension}`), text);
        const { stdout, stderr, code } = await runCli(["--root", folder, join(folder, `app.${extension}`)]);
        assert.equal(code, 0, stderr);
        assert.ok(stdout.startsWith(run(join(folder, "plain.js"))), stdout.slice(0, 200));
        const names = [...stdout.matchAll(/^ +\d+ .*function (\w+)\(/gm)].map(([, each]) => each!);
        assertPlanned(
          names.filter((each) => each !== "id"),
          stderr.split("\n").filter((line) => line.startsWith("[mprof]")),
        );
      });
    }
  }
});

describe("twice the program takes at most three times as long:", () => {
  const long: Record<string, [size: number, make: (size: number) => string]> = {
    functions: [2000, (n) => list(n, (i) => `// @profile\nfunction f${i}() {\n  return ${i};\n}\n`).join("")],
    "calls in an array": [5000, (n) => program(BODIES["calls in an array"]![1](n))],
    "a line": [5000, (n) => program(BODIES["a line of 1 MB"]![1](n))],
    "else if": [400, (n) => program(BODIES["else if"]![1](n))],
    concatenations: [400, (n) => program(BODIES["concatenated calls"]![1](n))],
    "links of a chain": [400, (n) => program(BODIES["links of a chain"]![1](n))],
  };
  for (const [name, [size, make]] of Object.entries(long)) {
    it(`${name}, ${size}`, () => {
      const [once, twice] = [make(size), make(2 * size)];
      timeOf(once);
      // The best of five, in turns: the machine does other things, too.
      const times = list(5, () => "").map(() => [timeOf(once), timeOf(twice)] as const);
      const short = Math.min(...times.map(([each]) => each));
      const longer = Math.min(...times.map(([, each]) => each));
      assert.ok(longer < 3 * short + 50, `${short} ms, ${longer} ms`);
    });
  }

  function timeOf(text: string): number {
    const start = performance.now();
    const result = instrument(text, { filename: join(folder, "app.js") })!;
    assert.ok(result.table!.listings.length > 0);
    return performance.now() - start;
  }
});
