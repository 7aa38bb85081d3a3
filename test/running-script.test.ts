/** Probes for a script that runs: which of its functions, of which sources, and on which lines they stand. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { buildSync } from "esbuild";
import { openRunningScript } from "../plugin/node/running-script.ts";
import { SOURCES } from "./support/attach-target.ts";
import { ROOT } from "./support/load-fixture.ts";

const FILE = join(ROOT, "dist/server.mjs");

function open(text: string, options: Parameters<typeof openRunningScript>[1], map: string | null = null) {
  const filename = FILE;
  const script = {
    text,
    filename,
    isModule: true,
    map: map === null ? null : { content: JSON.parse(map), path: filename },
  };
  return openRunningScript(script, { root: ROOT, ...options });
}

function bundle() {
  const { outputFiles } = buildSync({
    entryPoints: [`${SOURCES}/server.ts`],
    bundle: true,
    platform: "node",
    format: "esm",
    sourcemap: "external",
    outfile: FILE,
    write: false,
  });
  const [map, code] = outputFiles;
  return { code: code!.text, map: map!.text };
}

describe("a script that runs", () => {
  it("has one part for each source of its map, with that one's lines", () => {
    const { code, map } = bundle();
    const script = open(code, { func: ["keep", "render"] }, map);
    assert.deepEqual(
      script.functions.map(({ name, line }) => [name, line]),
      [
        ["Store.keep", 12],
        ["render", 7],
      ],
    );
    const { parts } = script.write(() => true);
    assert.deepEqual(
      parts.map(({ table: { listings } }) => listings.map(({ name, first, lines }) => [name, first, lines[0]])),
      [
        [["Store.keep", 12, "  keep(body: string): Session {"]],
        [["render", 7, "function render(id: number): string {"]],
      ],
    );
    assert.equal(new Set(parts.map(({ names }) => names.module)).size, 2, "globals of their own");
  });

  it("changes nothing but lines of statements in the wanted functions", () => {
    const { code, map } = bundle();
    const script = open(code, { func: ["keep", "render"] }, map);
    const { code: changed, parts } = script.write(({ name }) => name === "render");
    assert.equal(parts.length, 1);
    const [before, after] = [code.split("\n"), changed.split("\n")];
    assert.equal(after.length, before.length, "no line is added");
    const differ = before.filter((line, i) => line !== after[i]);
    assert.ok(differ.length >= 3);
    assert.deepEqual(
      differ.filter((line) => /^\s*[}]|^function/.test(line)),
      [],
      "V8 compares lines",
    );
    assert.ok(!changed.includes("import __mp"), "its top level does not run again");
  });

  it("keeps to the files that are meant, by their sources", () => {
    const { code, map } = bundle();
    assert.deepEqual(open(code, { func: ["keep"], include: ["**/server.ts"] }, map).functions, []);
    assert.equal(open(code, { func: ["keep"], include: ["**/store.ts"] }, map).functions.length, 1);
  });

  it("says which functions can be put aside, and where their statements are", () => {
    const text =
      "async function wait(n) {\n  const a = await n;\n  return a;\n}\nfunction work() {\n  return [1];\n}\n";
    const script = open(text, { func: ["wait", "work"] });
    const [wait, work] = script.functions.map((fn) => script.outline(fn)!);
    assert.deepEqual([wait!.suspends, work!.suspends], [true, false]);
    assert.deepEqual(
      wait!.statements.map(({ row, start }) => [row, start]),
      [
        [2, { lineNumber: 1, columnNumber: 2 }],
        [3, { lineNumber: 2, columnNumber: 2 }],
      ],
    );
    assert.equal(script.functionAt({ lineNumber: 5, columnNumber: 2 })?.name, "work");
  });

  it("takes texts of sources that the map only names", () => {
    const { code, map } = bundle();
    const { sourcesContent: _, ...named } = JSON.parse(map);
    const script = open(code, { func: ["keep"] }, JSON.stringify(named));
    const [path, ...others] = script.missing();
    assert.match(path!, /store\.ts$/);
    assert.deepEqual(others, []);
    script.addContent(path!, `${"\n".repeat(11)}  keep() { // from disk\n`);
    const [part] = script.write(() => true).parts;
    assert.equal(part!.table.listings[0]!.lines[0], "  keep() { // from disk");
  });

  it("knows what was built with probes, and what nobody can read", () => {
    const built = "var __mp_t; function __mp_m() { return __mp_t || (__mp_t = 1); } function f() {}";
    assert.equal(open(built, { func: ["f"] }).isProfiled, true);
    assert.equal(open(`function f(){return ${"1+".repeat(400)}1}`, { func: ["f"] }).isMinified, true);
    assert.equal(open("function f() {\n  return 1;\n}\n", { func: ["f"] }).isMinified, false);
  });
});
