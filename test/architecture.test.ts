import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { variables } from "../contract/options.ts";
import { MESSAGES } from "../plugin/core/messages.ts";
import { importsOf } from "./support/imports.ts";

/**
 * Who may import whom (docs/architecture.md). The longest matching folder or file counts; names without a path are packages.
 * `types` may be imported as types only: the instance is handed in.
 */
const RULES: Record<string, { may: string[]; types?: string[] }> = {
  "contract/": { may: ["contract/"] },
  "plugin/core/": { may: ["contract/", "plugin/core/", "picomatch"] },
  "plugin/babel/": { may: ["contract/", "plugin/core/", "plugin/babel/"], types: ["@babel/types"] },
  "plugin/typescript/": { may: ["contract/", "plugin/core/", "plugin/typescript/"], types: ["typescript"] },
  "plugin/source/": {
    may: [
      "contract/",
      "plugin/core/",
      "plugin/babel/",
      "plugin/source/",
      "@babel/parser",
      "magic-string",
      "@jridgewell/trace-mapping",
    ],
    types: ["@babel/types"],
  },
  "plugin/node/": {
    may: [
      "contract/",
      "plugin/core/",
      "plugin/babel/",
      "plugin/typescript/",
      "plugin/source/",
      "plugin/node/",
      "node:",
      "pirates",
      "get-tsconfig",
      "esbuild",
      "es-module-lexer",
      "cjs-module-lexer",
      "magic-string",
      "@jridgewell/trace-mapping",
    ],
    types: ["typescript"],
  },
  "plugin/unplugin/": {
    may: [
      "contract/",
      "plugin/core/",
      "plugin/source/",
      "plugin/node/host.ts",
      "plugin/node/project-facts.ts",
      "plugin/node/deep-stack.ts",
      "plugin/unplugin/",
      "node:",
      "unplugin",
    ],
    types: ["esbuild"],
  },
  "plugin/unplugin/test-threads.ts": { may: ["runtime/node/index.ts"] },
  "plugin/unplugin/dev/": {
    may: ["contract/", "plugin/unplugin/dev/", "runtime/reporters/", "node:"],
  },
  "runtime/": { may: ["contract/", "runtime/"] },
  "runtime/core/": {
    may: ["contract/", "runtime/core/", "runtime/reporters/text.ts"],
    types: [
      "runtime/full/",
      "runtime/auto/",
      "runtime/time/",
      "runtime/waiting/",
      "runtime/freed/",
      "runtime/survivors/",
      "runtime/reporters/reporter.ts",
    ],
  },
  "runtime/core/state.ts": { may: [] },
  "runtime/core/charge.ts": { may: ["runtime/core/state.ts"] },
  "runtime/core/probe.ts": { may: ["runtime/core/state.ts"], types: ["contract/"] },
  "runtime/full/": {
    may: ["contract/", "runtime/core/", "runtime/full/", "runtime/waiting/", "runtime/reporters/"],
    types: ["runtime/auto/", "runtime/time/", "runtime/freed/"],
  },
  "runtime/survivors/": {
    may: ["contract/", "runtime/core/", "runtime/survivors/", "runtime/reporters/show-leaks.ts"],
  },
  "runtime/waiting/": { may: ["contract/", "runtime/core/", "runtime/waiting/"] },
  "runtime/full/charge-exact.ts": { may: ["runtime/core/state.ts"] },
  "runtime/full/whole-runtime.ts": {
    may: [
      "contract/",
      "runtime/core/",
      "runtime/full/",
      "runtime/auto/",
      "runtime/time/",
      "runtime/freed/",
      "runtime/history/",
      "runtime/survivors/",
      "runtime/waiting/",
      "runtime/reporters/",
    ],
  },
  "runtime/time/": {
    may: [
      "contract/",
      "runtime/core/",
      "runtime/auto/",
      "runtime/time/",
      "runtime/full/calibrate.ts",
      "runtime/full/wrap-reader.ts",
    ],
  },
  "runtime/freed/": {
    may: ["contract/", "runtime/core/", "runtime/freed/", "runtime/full/wrap-reader.ts"],
    types: ["runtime/full/heap-gauge.ts"],
  },
  "runtime/history/": {
    may: ["contract/", "runtime/history/", "runtime/reporters/measure.ts"],
  },
  "runtime/auto/": { may: ["contract/", "runtime/core/", "runtime/auto/", "runtime/full/calibrate.ts"] },
  "runtime/reporters/": { may: ["contract/", "runtime/reporters/"] },
  "runtime/browser/": { may: ["contract/", "runtime/"] },
  "runtime/node/": { may: ["contract/", "runtime/", "node:"] },
  "runtime/node/leaks/": { may: ["contract/", "runtime/", "node:"], types: ["heap/"] },
  "heap/": { may: ["contract/", "heap/", "node:"] },
  "sampling/": { may: ["contract/", "sampling/", "node:", "pidusage", "pidtree"] },
  "api/": { may: ["contract/", "runtime/", "sampling/", "api/", "node:"] },
  "api/index.ts": { may: ["runtime/index.ts", "api/log-stream.ts"] },
  "api/log-stream.ts": { may: ["contract/"], types: ["runtime/"] },
  "cli/": {
    may: [
      "contract/",
      "sampling/",
      "api/",
      "runtime/reporters/",
      "runtime/node/kept/",
      "runtime/node/deliver.ts",
      "plugin/node/",
      "cli/",
      "node:",
      "commander",
      "ws",
      "@jridgewell/trace-mapping",
      "@resvg/resvg-js",
    ],
    types: ["echarts"],
  },
  // Runs in a browser.
  "cli/report-page/": {
    may: [
      "cli/report-page/",
      "cli/formats/markdown-text.ts",
      "runtime/reporters/format-fixed.ts",
      "runtime/reporters/without-commands.ts",
    ],
  },
};

describe("the import rules", () => {
  for (const file of ["contract", "plugin", "runtime", "heap", "sampling", "api", "cli"].flatMap((folder) =>
    sourcesIn(folder),
  )) {
    it(`hold for ${file}`, () => {
      const { may, types = [] } = ruleFor(file);
      for (const { target, kind } of importsOf(file)) {
        const allowed = kind === "type" ? [...may, ...types] : may;
        const fits = allowed.some((each) => target === each || (/[/:-]$/.test(each) && target.startsWith(each)));
        assert.ok(fits, `${file} imports ${target} (${kind}); it may import ${allowed.join(", ") || "nothing"}`);
      }
    });
  }
});

describe("the files of plugin/", () => {
  it("load each other in no circle", () => {
    const loads = new Map(
      sourcesIn("plugin").map((file) => {
        const targets = importsOf(file).filter(({ kind }) => kind === "runtime");
        return [file, targets.map(({ target }) => target)] as const;
      }),
    );
    assert.ok(loads.size > 50);
    assert.deepEqual(circlesIn(loads), []);
  });

  it("would be told of one", () => {
    const loads = new Map([
      ["a", ["b", "package"]],
      ["b", ["c", "d"]],
      ["c", ["d"]],
      ["d", ["b"]],
    ]);
    assert.deepEqual(circlesIn(loads), ["b -> c -> d -> b"]);
  });
});

describe("the messages", () => {
  it("are listed in docs/messages.md with their codes, each once", () => {
    const page = readFileSync("docs/messages.md", "utf8");
    const listed = [...page.matchAll(/^\| `(MPROF_\w+)`/gm)].map(([, code]) => code!);
    assert.deepEqual([...listed].sort(), [...new Set(listed)].sort());
    const codes = new Set([...Object.keys(MESSAGES), ...["contract", "runtime", "heap", "api"].flatMap(codesIn)]);
    assert.deepEqual([...listed].sort(), [...codes].sort());
  });
});

function ruleFor(file: string) {
  const key = Object.keys(RULES)
    .filter((each) => file === each || (each.endsWith("/") && file.startsWith(each)))
    .sort((a, b) => b.length - a.length)[0];
  assert.ok(key, `${file} is in no room that test/architecture.test.ts knows`);
  return RULES[key]!;
}

/** A way back to a file that is on the way already, for each import that closes one. */
function circlesIn(loads: ReadonlyMap<string, readonly string[]>): string[] {
  const circles: string[] = [];
  const done = new Set<string>();
  const visit = (file: string, way: readonly string[]): void => {
    for (const target of loads.get(file) ?? []) {
      const at = [...way, file].indexOf(target);
      if (at >= 0) circles.push([...[...way, file].slice(at), target].join(" -> "));
      else if (!done.has(target)) visit(target, [...way, file]);
    }
    done.add(file);
  };
  for (const file of loads.keys()) if (!done.has(file)) visit(file, []);
  return circles;
}

function sourcesIn(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".ts") && !name.endsWith(".d.ts"))
    .map((name) => `${folder}/${name}`);
}

function codesIn(folder: string): string[] {
  const names = new Set<string>(variables().map(({ standing }) => standing.name));
  const found = sourcesIn(folder).flatMap((file) => readFileSync(file, "utf8").match(/\bMPROF_[A-Z_]+\b/g) ?? []);
  return found.filter((code) => !names.has(code));
}
