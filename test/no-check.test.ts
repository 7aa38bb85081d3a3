import assert from "node:assert/strict";
import { instrument } from "../plugin/node/source.ts";

const lines = (text: string) => instrument(text, { filename: "a.ts", noCheck: true })!.code.split("\n");

describe("noCheck", () => {
  it("begins with its comment, and keeps the numbers of the lines below a blank one", () => {
    const text = "import a from 'a';\nimport b from 'b';\n\n// @profile\nfunction f(): void {\n  a(b);\n}\n";
    const written = lines(text);
    assert.equal(written[0], "// @ts-nocheck");
    assert.equal(written[5], "  __mp.line(6); a(b);");
    assert.equal(written.length, text.split("\n").length);
  });

  it("takes no blank line out of a template or a body", () => {
    const text = "const page = `\n\n`;\n// @profile\nfunction f(): void {\n\n  page;\n}\n";
    const written = lines(text);
    assert.equal(written.length, text.split("\n").length + 1);
    assert.ok(written.join("\n").includes("const page = `\n\n`;"));
  });

  it("comes after a hashbang", () => {
    const written = lines("#!/usr/bin/env node\n\n// @profile\nfunction f(): void {}\n");
    assert.deepEqual(written.slice(0, 2), ["#!/usr/bin/env node", "// @ts-nocheck"]);
  });

  it("is left out where nothing is profiled", () => {
    assert.equal(instrument("function f() {}\n", { filename: "a.ts", noCheck: true }), null);
  });
});
