/** docs/troubleshooting.md: codes, flags and messages that it quotes are those of the code. */
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { flagsOf, OPTIONS, variables } from "../contract/options.ts";
import { ROOT } from "./support/load-fixture.ts";

const PAGE = readFileSync(join(ROOT, "docs/troubleshooting.md"), "utf8");
const SOURCES = ["contract", "plugin", "runtime", "cli"]
  .flatMap((folder) =>
    readdirSync(join(ROOT, folder), { recursive: true, encoding: "utf8" }).map((name) => join(folder, name)),
  )
  .filter((name) => name.endsWith(".ts"))
  .map((name) => readFileSync(join(ROOT, name), "utf8"))
  .join("\n");
const EXPLAINED = readFileSync(join(ROOT, "docs/messages.md"), "utf8");
const SPANS = [...PAGE.matchAll(/`([^`]+)`/g)].map(([, code]) => code!);

describe("docs/troubleshooting.md", () => {
  for (const code of new Set(SPANS.filter((each) => /^MPROF_[A-Z_]+$/.test(each)))) {
    it(code, () => {
      const isVariable = variables().some(({ standing }) => standing.name === code);
      assert.ok(isVariable || EXPLAINED.includes(`| \`${code}\` |`), `${code} is neither a message nor a variable`);
    });
  }

  it("names flags that there are", () => {
    const flags = (["profile", "run", "marks"] as const).flatMap((name) => flagsOf(name));
    const known = flags.flatMap(({ standing }) => standing.spelling.match(/--[\w-]+/g)!);
    const others = ["--pool", "--clearCache", "--enable-precise-memory-info"];
    const written = SPANS.flatMap((each) => each.match(/--[a-zA-Z][\w-]*/g) ?? []);
    assert.ok(written.length > 15);
    for (const flag of written) assert.ok(known.includes(flag) || others.includes(flag), flag);
  });

  /** The part of a quoted message that the code has as it stands. */
  const QUOTED = [
    "nothing was profiled: no file that was loaded has a mark",
    "nothing was profiled: never called",
    "switches mprof off",
    "matches no function",
    "profiled in this build",
    "Memory is exact with",
    "two versions of mprof are loaded",
    "compiles this program",
    "(superseded)",
  ];
  for (const quoted of QUOTED) {
    it(quoted, () => {
      assert.ok(PAGE.includes(quoted), "not on the page");
      assert.ok(SOURCES.includes(quoted), "not in the code");
    });
  }

  it("names options that there are", () => {
    for (const name of ["enabled", "include", "literal", "report", "func"]) assert.ok(name in OPTIONS);
  });
});
