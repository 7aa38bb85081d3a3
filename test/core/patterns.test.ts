import assert from "node:assert/strict";
import { includesFile, matchesName, type Options, type Pattern } from "../../plugin/core/options.ts";

describe("includesFile", () => {
  const cases: [says: string, options: Options, looks: string[], leaves: string[]][] = [
    [
      "takes everything but what lies under a node_modules",
      {},
      ["a.js", "src/.hidden/a.js", "../lib/a.ts", "my_node_modules/a.js", "node_modules.js"],
      ["node_modules/a/index.js", "src/node_modules/a.js", "../node_modules/a.js", "src\\node_modules\\a.js"],
    ],
    [
      "adds `exclude` to that",
      { exclude: ["src/generated/**", /\.min\.js$/] },
      ["src/a.js", "lib/generated/a.js"],
      ["src/generated/deep/a.js", "src/generated/.a.js", "lib/a.min.js", "node_modules/a/index.js"],
    ],
    [
      "takes only what `include` names, still without a node_modules",
      { include: "src/**" },
      ["src/a.js", "src/.b/c.js", "src\\deep\\a.js"],
      ["a.js", "lib/src/a.js", "src/node_modules/a.js"],
    ],
    [
      "looks into a node_modules if `include` names it",
      { include: ["src/**", "**/node_modules/mine/**"] },
      ["src/a.js", "node_modules/mine/a.js", "packages/x/node_modules/mine/a.js"],
      ["node_modules/other/a.js", "lib/a.js"],
    ],
    [
      "looks into a node_modules by a regular expression, too",
      { include: /node_modules\/mine\//, exclude: "**/*.test.js" },
      ["node_modules/mine/a.js"],
      ["node_modules/mine/a.test.js", "src/a.js"],
    ],
    [
      "reads a glob's braces and single stars",
      { include: "src/*.{ts,tsx}" },
      ["src/a.ts", "src/b.tsx"],
      ["src/c/a.ts", "src/a.js"],
    ],
  ];
  for (const [says, options, looks, leaves] of cases) {
    it(says, () => {
      for (const path of looks) assert.ok(includesFile(path, options), path);
      for (const path of leaves) assert.ok(!includesFile(path, options), path);
    });
  }

  it("gives the same answer each time, also for a global or sticky expression", () => {
    for (const include of [/src/g, /src/y, /src/gy]) {
      assert.deepEqual(
        [1, 2, 3].map(() => includesFile("src/a.js", { include })),
        [true, true, true],
      );
    }
  });
});

describe("matchesName", () => {
  const cases: [pattern: Pattern | Pattern[], matches: string[], others: string[]][] = [
    ["load", ["load", "Cache.load", "app.Cache.load"], ["loader", "reload", "Load", "load.now"]],
    ["Cache.get", ["Cache.get"], ["get", "MyCache.get", "CacheXget", "Cache.get.now"]],
    ["Cache.*", ["Cache.get", "Cache.a.b", "Cache."], ["Cache", "MyCache.get"]],
    ["*", ["f", "a.b", "(anonymous at 12:4)"], []],
    ["on*Click*", ["onClick", "onDoubleClicked", "View.onClick"], ["onClic", "Click", "offonClick"]],
    ["a*a", ["aa", "aba", "x.aba"], ["a", "ab"]],
    ["*.get", ["Cache.get", "a.b.get"], ["get", "Cache.getAll"]],
    [/^render/, ["render", "renderAll"], ["App.render"]],
    [
      ["f", /^g$/],
      ["f", "g", "a.f"],
      ["h", "a.g"],
    ],
    ["$f(x)[0]", ["$f(x)[0]"], ["f"]],
  ];
  for (const [pattern, matches, others] of cases) {
    it(`of ${[pattern].flat().map(String).join(", ")}`, () => {
      for (const name of matches) assert.ok(matchesName(name, pattern), name);
      for (const name of others) assert.ok(!matchesName(name, pattern), name);
    });
  }

  it("is never true without a pattern", () => assert.ok(!matchesName("f", undefined)));

  it("gives the same answer each time, also for a global expression", () => {
    const pattern = /load/g;
    assert.deepEqual(
      [1, 2, 3].map(() => matchesName("Cache.load", pattern)),
      [true, true, true],
    );
  });

  it("takes no time for a pattern of many stars", () => {
    const begin = performance.now();
    assert.ok(!matchesName("a".repeat(20_000), `${"*a".repeat(50)}*b`));
    assert.ok(performance.now() - begin < 500);
  });
});
