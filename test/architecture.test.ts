import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";
import { variables } from "../contract/options.ts";
import { MESSAGES } from "../plugin/core/messages.ts";
import { ROOT } from "./support/load-fixture.ts";

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
      "@babel/core",
      "pirates",
      "get-tsconfig",
    ],
    types: ["typescript", "@babel/types"],
  },
  "plugin/unplugin/": {
    may: [
      "contract/",
      "plugin/core/",
      "plugin/source/",
      "plugin/node/host.ts",
      "plugin/unplugin/",
      "node:",
      "unplugin",
    ],
  },
  "plugin/unplugin/dev/": {
    may: ["contract/", "plugin/unplugin/dev/", "runtime/reporters/", "node:"],
  },
  "runtime/": { may: ["contract/", "runtime/"] },
  "runtime/state.ts": { may: [] },
  "runtime/charge.ts": { may: ["runtime/state.ts"] },
  "runtime/charge-exact.ts": { may: ["runtime/state.ts"] },
  "runtime/probe.ts": { may: ["runtime/state.ts"], types: ["contract/"] },
  "runtime/sources/": { may: ["contract/", "runtime/sources/", "runtime/state.ts"] },
  "runtime/reporters/": { may: ["contract/", "runtime/reporters/"] },
  "runtime/browser/": { may: ["contract/", "runtime/"] },
  "runtime/node/": { may: ["contract/", "runtime/", "node:"] },
  "sampling/": { may: ["contract/", "sampling/", "node:", "pidusage", "pidtree"] },
  "api/": { may: ["contract/", "runtime/", "sampling/", "api/", "node:"] },
  "api/index.ts": { may: ["runtime/generic-index.ts", "api/log-stream.ts"] },
  "api/log-stream.ts": { may: ["contract/"], types: ["runtime/"] },
  "cli/": {
    may: [
      "contract/",
      "sampling/",
      "api/",
      "runtime/reporters/",
      "plugin/node/",
      "cli/",
      "node:",
      "commander",
      "echarts",
      "echarts/dist/echarts.esm.min.mjs",
      "@jridgewell/trace-mapping",
      "@resvg/resvg-js",
    ],
  },
};

describe("the import rules", () => {
  for (const file of ["contract", "plugin", "runtime", "sampling", "api", "cli"].flatMap((folder) =>
    sourcesIn(folder),
  )) {
    it(`hold for ${file}`, () => {
      const { may, types = [] } = ruleFor(file);
      for (const { target, isType } of importsOf(file)) {
        const allowed = isType ? [...may, ...types] : may;
        const fits = allowed.some((each) => target === each || (/[/:]$/.test(each) && target.startsWith(each)));
        assert.ok(
          fits,
          `${file} imports ${target}${isType ? " (type)" : ""}; it may import ${allowed.join(", ") || "nothing"}`,
        );
      }
    });
  }
});

describe("the messages", () => {
  it("are listed in docs/messages.md with their codes, each once", () => {
    const page = readFileSync("docs/messages.md", "utf8");
    const listed = [...page.matchAll(/^\| `(MPROF_\w+)`/gm)].map(([, code]) => code!);
    assert.deepEqual([...listed].sort(), [...new Set(listed)].sort());
    const codes = new Set([...Object.keys(MESSAGES), ...["contract", "runtime", "api"].flatMap(codesIn)]);
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

function importsOf(file: string): { target: string; isType: boolean }[] {
  const text = readFileSync(file, "utf8").replace(/\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm, "");
  return [...text.matchAll(/^(?:import|export)\s+(type\s+)?(?:[^;"']*?\sfrom\s+)?["']([^"']+)["']/gm)].map(
    ([, type, specifier]) => ({
      target: specifier!.startsWith(".") ? relative(ROOT, join(ROOT, file, "..", specifier!)) : specifier!,
      isType: type !== undefined,
    }),
  );
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
