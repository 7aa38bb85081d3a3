/** Real processes: what they print at their end, and how they end. */
import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { scratchFolder } from "../support/scratch.ts";
import { programStart, writeProgram } from "./programs.ts";

const TABLE = /^Filename: program\.js\n\nLine #/m;

function run(source: string, env: Record<string, string> = {}) {
  const { status, signal, stdout, stderr } = spawnSync(process.execPath, [writeProgram(source)], {
    encoding: "utf8",
    env: { ...process.env, ...env },
  });
  return { status, signal, stdout, stderr };
}

/** Runs until the program prints "ready", then sends `signal`. */
async function signalled(source: string, signal: NodeJS.Signals) {
  const child = spawn(process.execPath, [writeProgram(source)], { stdio: ["ignore", "pipe", "inherit"] });
  let stdout = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    if (!stdout.includes("ready") && (stdout + text).includes("ready")) child.kill(signal);
    stdout += text;
  });
  const [status, died] = await new Promise<[number | null, string | null]>((resolve) => {
    child.on("close", (code, by) => resolve([code, by]));
  });
  return { status, died, stdout };
}

describe("the report at exit", () => {
  it("comes once, after the program's own output", () => {
    const { status, stdout, stderr } = run(`${programStart}f(); console.log("done");`);
    assert.equal(status, 0);
    assert.equal(stderr, "");
    assert.match(stdout, /^done\nFilename: program\.js\n/);
    assert.equal(stdout.match(/Filename:/g)!.length, 1);
  });

  it("is not there when no profiled function was called", () => {
    assert.deepEqual(run(programStart), { status: 0, signal: null, stdout: "", stderr: "" });
  });

  it("comes after an uncaught error and its trace, with exit code 1", () => {
    const { status, stdout, stderr } = run(`${programStart}f(); throw new Error("boom");`);
    assert.equal(status, 1);
    assert.match(stdout, TABLE);
    assert.match(stderr, /Error: boom/);
  });

  it("keeps the code of process.exit, also from inside a profiled function", () => {
    const { status, stdout } = run(`${programStart}f(() => process.exit(3));`);
    assert.equal(status, 3);
    assert.match(stdout, /^ {5}2 .*MiB .*MiB {11}1 /m);
  });

  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
    it(`comes on ${signal}, by which the program then dies`, async () => {
      const { status, died, stdout } = await signalled(
        `${programStart}f(); setInterval(() => {}, 1000); console.log("ready");`,
        signal,
      );
      assert.deepEqual([status, died], [null, signal]);
      assert.match(stdout, TABLE);
    });
  }

  it("leaves a signal to the program's own handler", async () => {
    const { status, died, stdout } = await signalled(
      `${programStart}f(); setInterval(() => {}, 1000);
       process.on("SIGTERM", () => { console.log("own"); process.exit(7); }); console.log("ready");`,
      "SIGTERM",
    );
    assert.deepEqual([status, died], [7, null]);
    assert.match(stdout, /own\nFilename:/);
    assert.equal(stdout.match(/Filename:/g)!.length, 1);
  });

  it("goes into a file where its reader has gone, and one line names that", () => {
    const program = writeProgram(`${programStart}f(); process.exitCode = 4;`);
    const { stdout, stderr } = spawnSync(
      "bash",
      ["-c", `"${process.execPath}" "${program}" | true; echo "\${PIPESTATUS[0]}"`],
      {
        encoding: "utf8",
      },
    );
    assert.equal(stdout, "4\n");
    const [, file] =
      /^\[mprof\] a report could not be written to standard output \(EPIPE\)\n {2}It is in (\S+)\. .*\n$/.exec(stderr)!;
    assert.match(readFileSync(file!, "utf8"), TABLE);
    rmSync(file!);
  });

  it("is not written for report: none", () => {
    assert.equal(run(`${programStart}mprof.configure({ report: "none" }); f();`).stdout, "");
  });

  it("goes to the function's stream", () => {
    const { stdout } = run(`${programStart}
      mprof.configure({ functions: { f: { stream: { write: (text) => console.log("S:" + text) } } } }); f();`);
    assert.match(stdout, /^S:Filename: program\.js/);
  });
});

describe("the environment", () => {
  const folder = scratchFolder();

  it("gives the default precision, that a mark overrules, and the command's, that nothing does", () => {
    const precise = `${programStart.replace("/* options */", "options: { precision: 2 },")}f();`;
    const decimals = (source: string, env: Record<string, string>) =>
      /(\.\d+)? MiB/.exec(run(source, env).stdout)![1]?.length ?? 0;
    assert.equal(decimals(`${programStart}f();`, {}), 2);
    assert.equal(decimals(`${programStart}f();`, { MPROF_DEFAULT_PRECISION: "3" }), 4);
    assert.equal(decimals(precise, { MPROF_DEFAULT_PRECISION: "3" }), 3);
    assert.equal(decimals(precise, { MPROF_PRECISION: "0" }), 0);
  });

  it("sends the report to a file, and the profile to another", () => {
    const [output, json] = [join(folder, "report.txt"), join(folder, "profile.json")];
    writeFileSync(output, "before\n");
    const { stdout } = run(`${programStart}f();`, { MPROF_OUTPUT: output, MPROF_JSON: json, MPROF_BACKEND: "heap" });
    assert.equal(stdout, "");
    assert.match(readFileSync(output, "utf8"), /^before\nFilename: program\.js/);
    const profile = JSON.parse(readFileSync(json, "utf8"));
    assert.deepEqual([profile.format, profile.backend, profile.metrics], ["mprof-profile", "heap", ["heap"]]);
  });

  it("switches profiling off", () => {
    for (const value of ["0", "off", "FALSE"]) assert.equal(run(`${programStart}f();`, { MPROF: value }).stdout, "");
  });

  it("with a wrong value is one message, and the program goes on with the default", () => {
    const { status, stdout, stderr } = run(`${programStart}f();`, { MPROF_BACKEND: "hep" });
    assert.equal(status, 0);
    assert.match(stdout, TABLE);
    assert.match(
      stderr,
      /^\[mprof\] MPROF_BACKEND must be one of rss.*: "hep"\n {2}.*\(MPROF_ENVIRONMENT, docs\/messages\.md\)\n$/,
    );
  });
});
