/** The one way of a report: where it goes, whole, and what happens if it cannot. */
import assert from "node:assert/strict";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { MprofError } from "../../contract/errors.ts";
import { deliver } from "../../runtime/node/deliver.ts";
import { REPORTERS } from "../../runtime/reporters/index.ts";
import { render } from "../../runtime/reporters/render.ts";
import type { Reporter } from "../../runtime/reporters/reporter.ts";
import { createTestRuntime } from "../runtime/test-runtime.ts";
import { MIXED, sampleProfile } from "../support/sample-profile.ts";
import { scratchFolder } from "../support/scratch.ts";

const hello = (extension: string): Reporter => ({ name: "hello", extension, render: () => "hello" });

describe("a reporter", () => {
  it("is named as the table says, and knows what its files are called", () => {
    for (const [name, reporter] of Object.entries(REPORTERS)) {
      assert.equal(reporter.name, name);
      assert.match(reporter.extension, /^[a-z.]+$/);
    }
  });

  it("may be a program's own", () => {
    const { runtime } = createTestRuntime();
    const own: Reporter = { name: "count", extension: "txt", render: ({ listings }) => `${listings.length} functions` };
    let written = "";
    runtime.report({ reporter: own, stream: { write: (text) => (written += text) } });
    assert.equal(written, "0 functions");
  });

  it("that does not exist is refused with the names that do", () => {
    assert.throws(
      () => render(MIXED, "toString"),
      (error) => error instanceof MprofError && /Choose one of text, json, summary\./.test(error.message),
    );
  });
});

describe("a report that is delivered", () => {
  const folder = scratchFolder();
  const at = (name: string) => join(folder, name);

  it("is a whole file or none, with nothing beside it", () => {
    writeFileSync(at("a.txt"), "before", { mode: 0o640 });
    deliver(MIXED, hello("txt"), { kind: "write", path: at("a.txt") });
    assert.equal(readFileSync(at("a.txt"), "utf8"), "hello");
    assert.deepEqual(
      readdirSync(folder).filter((name) => name.endsWith(".tmp")),
      [],
    );
  });

  it("goes through a link, and leaves it one", () => {
    writeFileSync(at("target.txt"), "before");
    symlinkSync(at("target.txt"), at("link.txt"));
    deliver(MIXED, hello("txt"), { kind: "write", path: at("link.txt") });
    assert.equal(readFileSync(at("target.txt"), "utf8"), "hello");
  });

  it("is added to a file, or handed to a stream", () => {
    let streamed = "";
    for (const _ of [1, 2]) deliver(MIXED, hello("txt"), { kind: "append", path: at("b.txt") });
    deliver(MIXED, hello("txt"), { kind: "stream", stream: { write: (text) => (streamed += text) } });
    assert.deepEqual([readFileSync(at("b.txt"), "utf8"), streamed], ["hellohello", "hello"]);
  });

  it("is compressed where its extension says so", () => {
    deliver(MIXED, hello("txt.gz"), { kind: "write", path: at("c.gz") });
    assert.equal(gunzipSync(readFileSync(at("c.gz"))).toString(), "hello");
  });

  it("that is empty touches nothing", () => {
    deliver(sampleProfile([]), REPORTERS.text!, { kind: "write", path: at("none.txt") });
    assert.equal(existsSync(at("none.txt")), false);
  });

  it("throws where nobody is told, and goes elsewhere where somebody is", () => {
    mkdirSync(at("folder"));
    const to = { kind: "write", path: at("folder") } as const;
    assert.throws(() => deliver(MIXED, hello("txt"), to), /EISDIR/);
    const said: string[] = [];
    assert.equal(deliver(MIXED, hello("txt"), to, { warn: (text) => said.push(text) }), true);
    const [, file] = /^\[mprof\] a report could not be written to .*folder \(EISDIR\)\n {2}It is in (\S+\.txt)\. /.exec(
      said[0]!,
    )!;
    assert.equal(readFileSync(file!, "utf8"), "hello");
    rmSync(file!);
  });
});
