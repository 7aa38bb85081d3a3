import assert from "node:assert/strict";
import { rowOf, runCli } from "../support/run-cli.ts";

/** What the REPL prints for these lines of input. */
async function repl(...lines: string[]): Promise<string> {
  const { stdout, stderr, code } = await runCli(["repl"], { input: `${lines.join("\n")}\n` });
  assert.equal(stderr, "");
  assert.equal(code, 0);
  return stdout;
}

const LOAD = ["function load(n) {", "  const a = new Array(n).fill(1);", "  return a.length;", "}"];

describe("mprof repl", () => {
  it("is Node's: values, several lines, await, errors, objects with functions", async () => {
    const output = await repl(
      "1 +",
      "1",
      "await Promise.resolve(5)",
      "nope()",
      "({ a: () => 7 }).a()",
      "{ b: 8 }",
      "let x = 3",
      "x",
    );
    assert.match(
      output,
      /\n> (?:\.\.\.|\|) 2\n> 5\n> Uncaught ReferenceError: nope is not defined\n[^>]*> 7\n> \{ b: 8 \}\n> undefined\n> 3\n> $/,
    );
  });

  it("shows the lines of functions that were defined in it, while a statement runs", async () => {
    const output = await repl(...LOAD, "load(5)", ".mprun -f load load(4e6)", "'after'");
    assert.ok(Math.abs(rowOf(output, "new Array(n)")!.increment - 30.5) < 1.5, output);
    assert.equal(rowOf(output, "return a.length")!.occurrences, 1);
    assert.match(output, /\n> Filename: repl\/1\.js\n\nLine #/);
    assert.equal(output.match(/Filename/g)!.length, 1);
    assert.match(output, /'after'\n> $/);
  });

  it("takes several functions, and statements of several lines or with await", async () => {
    const keep = "const keep = async (n) => { return load(n); };";
    const output = await repl(
      ...LOAD,
      keep,
      ".mprun -f load -f keep for (const n of [1, 2]) {",
      "  await keep(n);",
      "}",
      "typeof keep",
    );
    assert.equal(rowOf(output, "new Array(n)")!.occurrences, 2);
    assert.equal(output.match(/Filename/g)!.length, 2);
    assert.match(output, /'function'\n> $/);
  });

  it("says what is wrong with .mprun", async () => {
    const output = await repl(
      ".mprun",
      ".mprun -f load load(1)",
      ...LOAD,
      ".mprun -f lod load(1)",
      ".mprun -f load 1",
      ".mprun -f load nope()",
    );
    assert.match(output, /\.mprun needs a function and a statement\n {2}Write \.mprun -f load load\(100\)\.\n/);
    assert.match(output, /no function of this name was defined here: load\n {2}Define it first\.\n/);
    assert.match(output, /defined here: lod\n {2}Known are load\.\n/);
    assert.match(output, /'load' did not run\nundefined\n/);
    assert.match(output, /Uncaught ReferenceError: nope is not defined\n\[mprof\] 'load' did not run\n> $/);
  });

  it("prints the peak of an expression, and its value's memory", async () => {
    const output = await repl(
      ".memit Buffer.alloc(60 * 2 ** 20, 1)",
      ".memit await new Promise((done) => setTimeout(done, 20))",
      ".memit nope()",
      "2",
    );
    const [, increment] = /> peak memory: \d+\.\d\d MiB, increment: (\d+\.\d\d) MiB\n/.exec(output)!;
    assert.ok(Math.abs(Number(increment) - 60) < 12, output);
    assert.equal(output.match(/peak memory/g)!.length, 2);
    assert.match(output, /Uncaught ReferenceError: nope is not defined\n[^\n]*\n> 2\n> $/);
  });

  it("leaves at .exit, whatever comes after", async () => {
    assert.doesNotMatch(await repl("1", ".exit", "40 + 2"), /42/);
  });

  for (const [what, line] of [
    ["a statement", "for (;;) if (!said) said = !console.log('busy');"],
    [".mprun", ".mprun -f load load(1); for (;;) if (!said) said = !console.log('busy');"],
    [".memit", ".memit (() => { for (;;) if (!said) said = !console.log('busy'); })()"],
  ] as const) {
    it(`interrupts ${what} at Ctrl-C, and goes on`, async () => {
      let isSent = false;
      const { stdout, code } = await runCli(["repl"], {
        input: [...LOAD, "let said = false", line, "40 + 2", ".mprun -f load load(2)", ""].join("\n"),
        onOutput(text, kill) {
          if (!isSent && text.includes("busy")) setTimeout(kill, 300, "SIGINT");
          isSent ||= text.includes("busy");
        },
      });
      assert.equal(code, 0);
      assert.match(stdout, /Script execution was interrupted by `SIGINT`/);
      assert.match(stdout, /> 42\n/);
      assert.equal(rowOf(stdout.slice(stdout.indexOf("> 42")), "new Array(n)")!.occurrences, 1);
    }).timeout(30_000);
  }
});
