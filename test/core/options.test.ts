/** The table of options: that its readers see what it says, and that docs/ say the same. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { Option } from "commander";
import { helpOf } from "../../cli/flags.ts";
import { MprofError } from "../../contract/errors.ts";
import { type CommandName, type OptionRow, PLACES, type Place } from "../../contract/option-row.ts";
import { flagsOf, OPTIONS, optionsAt, variables } from "../../contract/options.ts";
import { checkOptions } from "../../plugin/core/options.ts";
import { readEnvironment } from "../../runtime/node/environment.ts";

const COMMANDS: readonly CommandName[] = ["profile", "run", "attach", "build", "plot", "peak", "rm", "clean"];

describe("the table of options", () => {
  for (const [name, row] of Object.entries<OptionRow>(OPTIONS)) {
    it(`has a place for ${name}, and words`, () => {
      assert.ok(row.variable || row.flags || PLACES.some((place) => row[place]), name);
      assert.ok(row.says.length > 5 && !row.says.endsWith("."), row.says);
    });
  }

  it("names an option as its flag is spelled", () => {
    for (const command of COMMANDS) {
      for (const { name, standing } of flagsOf(command)) {
        assert.equal(new Option(standing.spelling).attributeName(), name, command);
        assert.equal(/[>\]]$/.test(standing.spelling), standing.takes !== undefined, standing.spelling);
      }
    }
  });

  it("has each environment variable once", () => {
    const names = variables().map(({ standing }) => standing.name);
    assert.deepEqual(names, [...new Set(names)]);
  });
});

describe("the options of the compiler", () => {
  const right: object[] = [
    {},
    { enabled: undefined },
    { functions: "all", func: ["a", /b/], exclude: "**/*.test.ts" },
    { literal: ["myMacro", "$*"], jsx: "opaque", debug: "plan" },
    { literal: "myMacro", jsx: "react", onWarning() {} },
  ];
  for (const options of right) it(`may be ${JSON.stringify(options)}`, () => checkOptions(options));

  const wrong: [options: object, message: RegExp][] = [
    [
      { toString: 1 },
      /^\[mprof\] unknown option: "toString"\n {2}The options are enabled, functions, .*\(MPROF_OPTION_UNKNOWN, /,
    ],
    [{ precision: 3 }, /^\[mprof\] unknown option: "precision"\n/],
    [{ literal: [1] }, /^\[mprof\] option "literal" must be a string or an array of strings, got array: \[1\]\n/],
    [{ literal: "" }, /got string: ""\n/],
    [{ jsx: "solid" }, /^\[mprof\] option "jsx" must be "react" or "opaque", got string: "solid"\n/],
    [{ debug: true }, /^\[mprof\] option "debug" must be "plan", got boolean: true\n/],
    [{ functions: "some" }, /must be "marked" or "all"/],
    [{ runtime: "amd" }, /must be "import", "require" or "global"/],
    [{ onWarning: {} }, /must be a function, got object: \{\}\n/],
  ];
  for (const [options, message] of wrong) {
    it(`may not be ${JSON.stringify(options)}`, () => {
      assert.throws(
        () => checkOptions(options),
        (error) => error instanceof MprofError && message.test(error.message),
      );
    });
  }

  it("are named with those that an entry takes itself", () => {
    checkOptions({ filename: 1 }, ["filename"]);
    assert.throws(() => checkOptions({ filname: 1 }, ["filename"]), /onWarning, filename\./);
  });
});

describe("the environment", () => {
  it("is read by the table", () => {
    const { settings, problems } = readEnvironment({
      MPROF: "off",
      MPROF_PRECISION: "0",
      MPROF_BACKEND: "psutil_uss",
      MPROF_GC: "1",
      MPROF_REPORT: "none",
      MPROF_MAX_MEM: "150.5",
      MPROF_ON_EXCEED: "throw",
      MPROF_OUTPUT: "",
      OTHER: "x",
    });
    assert.deepEqual(problems, []);
    assert.deepEqual(settings, {
      enabled: false,
      precision: 0,
      backend: "psutil_uss",
      gc: true,
      report: "none",
      maxMem: 150.5,
      onExceed: "throw",
    });
  });

  const wrong: [name: string, value: string, wanted: string][] = [
    ["MPROF_PRECISION", "21", "a whole number from 0 to 20"],
    ["MPROF_PRECISION", "-1", "a whole number from 0 to 20"],
    ["MPROF_BACKEND", "toString", "one of rss, .*"],
    ["MPROF_GC", "yes", "true, false, call or young"],
    ["MPROF_MAX_MEM", "0", "a number of MiB, above 0"],
    ["MPROF_MODE", "fast", '"exact" or "auto"'],
  ];
  for (const [name, value, wanted] of wrong) {
    it(`says that ${name} is not understood as ${value}`, () => {
      const { settings, problems } = readEnvironment({ [name]: value });
      assert.deepEqual(settings, {});
      assert.match(problems[0]!.message, new RegExp(`^\\[mprof\\] ${name} must be ${wanted}: "${value}"\\n`));
    });
  }
});

/** The cells of the table under a heading, without marks of code. */
function tableIn(page: string, heading: string): string[][] {
  const lines = readFileSync(`docs/${page}`, "utf8").split("\n");
  const start = lines.indexOf(heading);
  assert.ok(start >= 0, `${page} has no table ${heading}`);
  const end = lines.findIndex((line, i) => i > start && !line.startsWith("|"));
  return lines.slice(start + 2, end).map((line) =>
    line
      .slice(1, -1)
      .split(/(?<!\\)\|/)
      .map((cell) => cell.replaceAll("`", "").trim()),
  );
}

/** A page may say more than the table: after the same words. */
function assertSays(cells: string[][], rows: string[][]): void {
  assert.deepEqual(
    cells.map(([first]) => first),
    rows.map(([first]) => first),
  );
  rows.forEach((row, i) => {
    row.forEach((words, column) => {
      const says = words.replaceAll("`", "");
      assert.ok(cells[i]![column]!.startsWith(says), `${row[0]}: "${cells[i]![column]}" does not begin with "${says}"`);
    });
  });
}

describe("the tables in docs", () => {
  const places: [page: string, heading: string, at: Place[]][] = [
    ["options.md", "| option | default | |", ["plugin"]],
    ["configuration.md", "| option | default | |", ["function", "configure"]],
    ["configuration.md", "| option of a mark | |", ["mark"]],
    ["memory-usage.md", "| option | | default |", ["memoryUsage"]],
    ["memory-usage.md", "| option of memit | | default |", ["memit"]],
  ];
  for (const [page, heading, at] of places) {
    it(`have every option of ${at.join(", ")} in ${page}`, () => {
      const columns = heading
        .split("|")
        .slice(1, -1)
        .map((cell) => cell.trim());
      const rows = at.flatMap(optionsAt).map(({ name, row, standing }) => {
        const [says, without] = [standing.says ?? row.says, standing.default ?? row.default ?? ""];
        return columns.map((column, i) => (i === 0 ? name : column === "default" ? without : says));
      });
      assertSays(tableIn(page, heading), rows);
    });
  }

  const flags: [heading: string, command: CommandName][] = [
    ["| flag | |", "profile"],
    ["| flag of `run` | |", "run"],
    ["| flag of `plot` | |", "plot"],
    ["| flag of `report` | |", "report"],
    ["| flag of `convert` | |", "convert"],
    ["| flag of `merge` | |", "merge"],
    ["| flag of `diff` | |", "diff"],
    ["| flag of `check` | |", "check"],
    ["| flag of `build` | |", "build"],
    ["| flag of `doctor` | |", "doctor"],
  ];
  for (const [heading, command] of flags) {
    it(`have every flag of ${command} in cli.md`, () => {
      const rows = flagsOf(command)
        .filter(({ standing }) => !standing.isHidden)
        .map(({ row, standing }) => [
          [standing.spelling, ...(standing.opposites ?? [])].join(", "),
          helpOf(row, standing),
        ]);
      assertSays(tableIn("cli.md", heading), rows);
    });
  }

  it("have every environment variable in configuration.md", () => {
    const rows = variables().map(({ row, standing }) => [standing.name, standing.says ?? row.says]);
    assertSays(tableIn("configuration.md", "| variable | |"), rows);
  });
});
