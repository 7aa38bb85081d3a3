/** Templates that are compiled away: Relay's queries become imports, those of styled-components get names and shrink. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { openCompilers } from "../bundlers/packages.ts";
import { rowOf } from "../support/run-cli.ts";
import { assertSame, INSTRUMENTED, type Mode, type Outcome, runNode } from "./programs.ts";

const packages = openCompilers();

describe("tagged templates", function () {
  this.timeout(60_000);
  if (packages === null) return;
  const project = packages.project("tagged-templates");
  after(() => project.remove());

  const read = (mode: Mode, file: string) => readFileSync(join(project.folder, "out", mode, file), "utf8");
  const artifacts = (mode: Mode) => [...read(mode, "query.js").matchAll(/__generated__\/\w+\.graphql/g)].map(String);
  const names = (mode: Mode) =>
    [...read(mode, "button.js").matchAll(/(?:displayName|componentId): "[^"]*"/g)].map(String);

  async function run(mode: Mode): Promise<Outcome> {
    const { did } = await runNode(["compile.cjs", mode], project.folder);
    assert.equal(did.code, 0, did.stderr);
    return runNode([join("out", mode, "button.js")], project.folder);
  }

  let plain: Outcome;
  before(async () => {
    plain = await run("plain");
    assert.match(plain.did.stdout, /padding:3px;.*width:100%;/s);
    assert.equal(new Set(artifacts("plain")).size, 3);
    assert.equal(names("plain").length, 4);
  });

  for (const mode of INSTRUMENTED) {
    it(`${mode}: Relay finds the same artifacts`, async () => {
      await run(mode);
      assert.deepEqual(artifacts(mode), artifacts("plain"));
      assert.match(read(mode, "query.js"), /\b__mp\w*\.line\(/);
    });

    it(`${mode}: styled-components has the same names, CSS and HTML`, async () => {
      const outcome = await run(mode);
      assertSame(plain, outcome, read(mode, "button.js"));
      assert.deepEqual(names(mode), names("plain"));
      assert.equal(rowOf(outcome.report, "return [Button, Wide];")?.occurrences, 1, outcome.report);
    });
  }
});
