/** `mprof report --html`, and `--html` of a program that runs. */
import assert from "node:assert/strict";
import { copyFileSync, existsSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { dataOf } from "../support/report-page.ts";
import { runCli, withFolder } from "../support/run-cli.ts";
import { MIXED } from "../support/sample-profile.ts";

describe("mprof report --html", () => {
  const json = JSON.stringify(MIXED);
  const APP = "// @profile\nfunction f() {\n  return [1];\n}\nf();\n";

  it("writes a page beside the profile, or where it is told, and says where", () =>
    withFolder({ "a.json": json }, async (cwd) => {
      for (const [args, page] of [
        [["report", "a.json", "--html"], "a.html"],
        [["report", "--html", "a.json"], "a.html"],
        [["report", "a.json", "--html", "b.html"], "b.html"],
        [["report", "--html", "c.html", "--root", "/srv", "a.json"], "c.html"],
      ] as const) {
        const { code, stdout, stderr } = await runCli([...args], { cwd });
        assert.deepEqual([code, stdout, stderr], [0, `${join(cwd, page)}\n`, ""]);
      }
      assert.equal(readFileSync(join(cwd, "a.json"), "utf8"), json);
      const { root, functions } = dataOf(readFileSync(join(cwd, "c.html"), "utf8"));
      assert.deepEqual([root, functions.length], ["/srv", 2]);
    }));

  it("writes the page of a program that runs, beside its report and its profile", () =>
    withFolder({ "app.js": APP }, async (cwd) => {
      const { code, stdout } = await runCli(["--html", "a.html", "--json", "a.json", "app.js"], { cwd });
      assert.equal(code, 0);
      assert.match(stdout, /return \[1\]/);
      const { functions, root } = dataOf(readFileSync(join(cwd, "a.html"), "utf8"));
      assert.deepEqual([functions[0]!.name, root], ["f", cwd]);
      assert.ok(existsSync(join(cwd, "a.json")));
    }));

  it("writes the page of a program that was killed", () =>
    withFolder({ "app.js": `${APP}process.kill(process.pid, "SIGKILL");` }, async (cwd) => {
      const { signal } = await runCli(["--html", "a.html", "app.js"], { cwd });
      assert.equal(signal, "SIGKILL");
      assert.equal(dataOf(readFileSync(join(cwd, "a.html"), "utf8")).functions[0]!.name, "f");
    }));

  it("says that leaks are not known of a program that was killed", () =>
    withFolder({ "app.js": `${APP}process.kill(process.pid, "SIGINT");` }, async (cwd) => {
      const { signal, stdout, stderr } = await runCli(["--leaks", "--html", "a.html", "app.js"], { cwd });
      assert.equal(signal, "SIGINT");
      assert.match(stderr, /^\[mprof\] What leaks is in the memory of the program alone: let it end by itself/m);
      assert.doesNotMatch(stdout, /No object was followed/);
      const { leaks, notes } = dataOf(readFileSync(join(cwd, "a.html"), "utf8"));
      assert.equal(leaks, undefined);
      assert.match(notes.join(), /What leaks is in the memory/);
    }));

  it("says that there is nothing to show, and keeps an older profile out", () =>
    withFolder({ "app.js": "", "a.json": json }, async (cwd) => {
      const { code, stderr } = await runCli(["-q", "--html", "a.html", "--json", "a.json", "app.js"], { cwd });
      assert.deepEqual([code, stderr], [0, "[mprof] a.html is not written: no profiled function was called\n"]);
      assert.equal(existsSync(join(cwd, "a.html")), false);
    }));

  it("has the time line of the recording beside the profile, or of the one that is named", () =>
    withFolder({ "app.js": `${APP}setTimeout(f, 300);` }, async (cwd) => {
      const env = { MPROF_JSON: "run.json" };
      const ran = await runCli(["run", "-T", "0.02", "-o", "run.dat", "node", "app.js"], { cwd, env });
      assert.equal(ran.code, 0, ran.stderr);
      copyFileSync(join(cwd, "run.dat"), join(cwd, "other.dat"));
      for (const args of [
        ["run.json", "--html"],
        ["run.json", "--html", "run.html", "--recording", "other.dat"],
      ]) {
        const { code, stderr } = await runCli(["report", ...args], { cwd });
        assert.deepEqual([code, stderr], [0, ""]);
        const { timeLine } = dataOf(readFileSync(join(cwd, "run.html"), "utf8"));
        assert.deepEqual(
          timeLine!.tracks.map(({ name, index, calls }) => [name, index, calls]),
          [["app.f", 0, 2]],
        );
        assert.ok(timeLine!.duration > 0.25 && timeLine!.times.length > 5);
        rmSync(join(cwd, "run.html"));
      }
    }));

  const WRONG: Record<string, [args: string[], says: RegExp]> = {
    "a folder": [["report", "a.json", "--html", "folder.html"], /folder\.html cannot be written \(EISDIR\)/],
    "a folder that is missing": [
      ["report", "a.json", "--html", "no/a.html"],
      /no\/a\.html cannot be written \(ENOENT\)/,
    ],
    "a folder that is missing, before the program runs": [
      ["--html", "no/a.html", "app.js"],
      /no\/a\.html cannot be written \(ENOENT\)/,
    ],
    "a name of something else": [["report", "a.json", "--html", "a.json"], /this is no name of a page: a\.json/],
    "the file of the profile": [
      ["--html", "a.html", "--json", "a.html", "app.js"],
      /--html and --json name the same file: a\.html/,
    ],
    "the file of the report, by another way": [
      ["--html", "a.html", "-o", "folder.html/../a.html", "app.js"],
      /--html and --output name the same file: a\.html/,
    ],
    "standard output, which is the program's": [
      ["--html", "/dev/stdout", "app.js"],
      /--html \/dev\/stdout is no file: standard output is the program's/,
    ],
    "a dash": [["--html", "-", "app.js"], /--html - is no file/],
    "a profile that cannot be read again": [
      ["--html", "a.html", "--json", "/dev/stdout", "app.js"],
      /--json \/dev\/stdout is no file: the page is made of the profile in it/,
    ],
    "a recording that is none": [
      ["report", "a.json", "--html", "--recording", "app.js"],
      /no memory values in app\.js/,
    ],
    "a recording without a page": [["report", "a.json", "--recording", "app.js"], /--recording without --html/],
    "JSON besides": [["report", "a.json", "--html", "--json"], /--html with --json: a page has all of it/],
    "a choice of rows": [["report", "a.json", "--html", "--top", "3"], /--html with --top: a page has all of it/],
    "a profile that is none": [["report", "app.js", "--html"], /app\.js: /],
    "a profile that is missing": [["report", "b.json", "--html"], /there is no such file: b\.json/],
  };
  for (const [what, [args, says]] of Object.entries(WRONG))
    it(`refuses ${what}: one line, exit 2`, () =>
      withFolder({ "a.json": json, "app.js": `${APP}console.log("ran");` }, async (cwd) => {
        mkdirSync(join(cwd, "folder.html"));
        const { code, stdout, stderr } = await runCli(args, { cwd });
        assert.deepEqual([code, stdout], [2, ""]);
        assert.match(stderr.split("\n")[0]!, says);
        assert.match(stderr, /^\[mprof\] [^\n]+\n {2}[^\n]+\n$/);
        assert.equal(readFileSync(join(cwd, "a.json"), "utf8"), json);
      }));
});
