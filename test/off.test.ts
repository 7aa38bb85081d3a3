import assert from "node:assert/strict";
import { createPlatform } from "../runtime/core/create-platform.ts";
import { readEnvironment } from "../runtime/node/environment.ts";
import { babel, babel8, source } from "./support/back-ends.ts";
import { loadFixtures } from "./support/load-fixture.ts";

/** Switched off, a tool's output is what the same tool makes of the source without marks. */
describe("off means gone", () => {
  for (const { name, input, path, options = {} } of loadFixtures()) {
    const off = { ...options, enabled: false };
    const bare = source.compile(input, path, off).code ?? input;

    it(`blanks the marks of ${name} and nothing else`, () => {
      assert.equal(bare.length, input.length);
      for (let i = 0; i < bare.length; i++) {
        if (bare[i] !== input[i]) assert.equal(bare[i], " ", `${i}: ${JSON.stringify(input.slice(i, i + 20))}`);
      }
      assert.equal(source.compile(bare, path, off).code, null, "a second pass finds no mark");
    });

    for (const backEnd of babel8 ? [babel, babel8] : [babel]) {
      it(`leaves of ${name} what ${backEnd.name} makes of the source without marks`, () => {
        assert.equal(backEnd.compile(input, path, off).code, backEnd.compile(bare, path, off).code);
      });
    }
  }

  it("is asked for by MPROF=0 while building, too", async () => {
    const { createHost } = await import("../plugin/node/host.ts");
    const { factsOf } = await import("../plugin/node/project-facts.ts");
    const { instrument } = await import("../plugin/source/instrument.ts");
    const text = "@profile\nfunction f() {}\n";
    for (const value of ["0", "off", "OFF", "false", "False"]) {
      assert.equal(
        instrument(text, { filename: "a.js" }, createHost(factsOf, { MPROF: value }))?.code,
        "        \nfunction f() {}\n",
      );
      // The same words as when the program runs.
      assert.equal(readEnvironment({ MPROF: value }).settings.enabled, false);
      assert.equal(createPlatform({ process: { env: { MPROF: value } } }, () => {}).isEnabled, false);
    }
    assert.match(instrument(text, { filename: "a.js" }, createHost(factsOf, { MPROF: "1" }))!.code, /__mp/);
  });
});

describe("a file without a mark", () => {
  const text = "export function load() {\n  return [1];\n}\n";
  it("is returned as null by instrument(), without being parsed", () => {
    assert.equal(source.compile(text, "a.js", {}).code, null);
    assert.equal(source.compile("this does not parse", "a.js", {}).warnings.length, 0);
  });
  it("comes out of Babel as if the plugin were not there", () => {
    assert.equal(babel.compile(text, "a.js", {}).code, "export function load() {\n  return [1];\n}");
  });
});
