/** Links between the pages of this repository, and from those that are shipped. */
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { ROOT } from "./support/load-fixture.ts";

const PAGES = [
  "README.md",
  "CHANGELOG.md",
  "CONTRIBUTING.md",
  "examples/README.md",
  ...readdirSync(join(ROOT, "docs"))
    .filter((name) => name.endsWith(".md"))
    .map((name) => `docs/${name}`),
];

/** The text without its code blocks and spans: what looks like a link in there is none. */
function prose(page: string): string {
  return withoutBlocks(page).replace(/`[^`\n]*`/g, "");
}

function withoutBlocks(page: string): string {
  return readFileSync(join(ROOT, page), "utf8").replace(/^```[\s\S]*?^```$/gm, "");
}

function linksOf(page: string): string[] {
  return [...prose(page).matchAll(/\]\(([^)\s]+)\)/g)]
    .map(([, target]) => target!)
    .filter((target) => !/^\w+:/.test(target));
}

/** Headings as GitHub makes anchors of them. */
function anchorsOf(page: string): Set<string> {
  const seen = new Map<string, number>();
  const anchors = new Set<string>();
  for (const [, heading] of withoutBlocks(page).matchAll(/^#{1,6} (.+)$/gm)) {
    const plain = heading!.replace(/\[([^\]]*)\]\([^)]*\)/g, "$1").toLowerCase();
    const anchor = plain.replace(/[^\p{L}\p{N}\s_-]/gu, "").replace(/ /g, "-");
    const times = seen.get(anchor) ?? 0;
    seen.set(anchor, times + 1);
    anchors.add(times === 0 ? anchor : `${anchor}-${times}`);
  }
  return anchors;
}

/** Where a link leads: a path from the root of the repository, and an anchor in it. */
function resolveLink(page: string, link: string): { path: string; anchor: string | undefined } {
  const [target = "", anchor] = link.split("#");
  const path = target === "" ? page : relative(ROOT, join(ROOT, dirname(page), target));
  return { path, anchor };
}

describe("the links", () => {
  for (const page of PAGES) {
    it(`of ${page} lead somewhere`, () => {
      for (const link of linksOf(page)) {
        const { path, anchor } = resolveLink(page, link);
        assert.ok(existsSync(join(ROOT, path)), `${page}: ${link}`);
        if (anchor !== undefined) assert.ok(anchorsOf(path).has(anchor), `${page}: there is no heading for ${link}`);
      }
    });
  }

  it("of pages in the package lead to what is in the package", () => {
    const [{ files }] = JSON.parse(
      execFileSync("npm", ["pack", "--dry-run", "--json", "--ignore-scripts"], {
        cwd: ROOT,
        encoding: "utf8",
        stdio: ["ignore", "pipe", "ignore"],
      }),
    ) as [{ files: { path: string }[] }];
    const shipped = new Set(files.map(({ path }) => path));
    const pages = PAGES.filter((page) => shipped.has(page));
    assert.ok(pages.length > 15, pages.join());
    for (const page of pages) {
      for (const link of linksOf(page)) {
        const { path } = resolveLink(page, link);
        const isFolder = statSync(join(ROOT, path)).isDirectory();
        const isThere = isFolder ? files.some((file) => file.path.startsWith(`${path}/`)) : shipped.has(path);
        assert.ok(isThere, `${page} is shipped, ${path} is not`);
      }
    }
  });

  it("of docs/README.md lead to every page", () => {
    const linked = new Set(linksOf("docs/README.md").map((link) => resolveLink("docs/README.md", link).path));
    const missing = PAGES.filter((page) => page.startsWith("docs/") && page !== "docs/README.md" && !linked.has(page));
    assert.deepEqual(missing, []);
  });
});
