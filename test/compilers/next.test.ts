/** Next.js compiles `<style jsx>` by a compiler of its own, behind the webpack plug-in. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { openRecipes } from "../bundlers/packages.ts";
import { rowOf } from "../support/run-cli.ts";
import { type Mode, runNode } from "./programs.ts";

const packages = openRecipes();

describe("styled-jsx in Next.js", function () {
  this.timeout(240_000);
  if (packages === null) return;
  const given = packages;
  const remove: (() => void)[] = [];
  after(() => {
    for (const each of remove) each();
  });

  async function build(mode: Mode) {
    const project = given.project("styled-jsx-next");
    remove.push(project.remove);
    const env = { NEXT_TELEMETRY_DISABLED: "1", NODE_ENV: "production", FUNCTIONS: mode === "plain" ? "" : mode };
    const settings = { command: given.binary("next"), env };
    const { did, report } = await runNode(["build", "--webpack"], project.folder, settings);
    assert.equal(did.code, 0, `${did.stdout}\n${did.stderr}`);
    const html = readFileSync(join(project.folder, ".next/server/pages/index.html"), "utf8");
    return {
      styles: html.match(/<style\b.*?<\/style>/g),
      body: /<div id="__next">.*?<\/main><\/div>/.exec(html)?.[0],
      report,
    };
  }

  it("the same HTML and the same CSS, and rows for statements", async () => {
    const builds = [build("plain"), build("marked")] as const;
    // Both have ended before a folder is removed.
    await Promise.allSettled(builds);
    const [plain, marked] = await Promise.all(builds);
    assert.equal(plain.styles?.length, 3);
    assert.match(plain.body!, /<p class="jsx-\w+">a,b<\/p>/);
    assert.deepEqual(marked.styles, plain.styles);
    assert.equal(marked.body, plain.body);
    assert.equal(rowOf(marked.report, 'const text = items.join(",");')?.occurrences, 1, marked.report);
  });
});
