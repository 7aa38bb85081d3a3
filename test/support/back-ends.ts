import { createRequire } from "node:module";
import { join } from "node:path";
import type * as Babel from "@babel/core";
import type { ModuleTable } from "../../contract/module-table.ts";
import { createBabelPlugin } from "../../plugin/babel/index.ts";
import type { Warning } from "../../plugin/core/messages.ts";
import type { Options } from "../../plugin/core/options.ts";
import { createHost } from "../../plugin/node/host.ts";
import { factsOf } from "../../plugin/node/project-facts.ts";
import { instrument } from "../../plugin/source/instrument.ts";
import { readOrigin } from "../../plugin/source/origin.ts";
import { fetchPackage } from "./fetch-package.ts";
import { ROOT } from "./load-fixture.ts";

const require = createRequire(import.meta.url);

export interface BackEndResult {
  /** `null`: left alone. */
  code: string | null;
  warnings: Warning[];
  /** The module table in the code. */
  table: ModuleTable | null;
}

export interface BackEnd {
  name: string;
  compile(text: string, path: string, options: Options): BackEndResult;
  /** The first error by which the back-end's parser refuses a text; marks above object members are no TypeScript. */
  rejects?(text: string, path: string): string | null;
}

const HAS_USING = canParse("{ using x = null; }");
/** Babel 7 by name, Babel 8 by its path. */
export const BABEL_7 = "@babel/core";
export const BABEL_8 = babel8Path();
const { MPROF_MODE, MPROF_LEAKS } = process.env;
const host = createHost(factsOf, { MPROF_MODE, MPROF_LEAKS });
const OPTIONS: Options = { root: ROOT };

/** Text in, text out. */
export const source: BackEnd = {
  name: "source",
  compile(text, path, options) {
    const warnings: Warning[] = [];
    const onWarning = (warning: Warning) => warnings.push(warning);
    const result = instrument(text, { ...OPTIONS, ...options, filename: join(ROOT, path), onWarning }, host);
    return { code: result && result.code !== text ? result.code : null, warnings, table: result?.table ?? null };
  },
};

/** The plugin alone: types, JSX and module syntax stay. */
export const babel: BackEnd = babelBackEnd("babel", BABEL_7);
export const babel8: BackEnd | null = BABEL_8 ? babelBackEnd("babel8", BABEL_8) : null;

function babelBackEnd(name: string, module: string): BackEnd {
  return {
    name,
    compile(text, path, options) {
      const core = require(module) as typeof Babel;
      const warnings: Warning[] = [];
      const plugin = createBabelPlugin(host, readOrigin);
      const given = { ...OPTIONS, ...options, onWarning: (warning: Warning) => warnings.push(warning) };
      const result = core.transformSync(text, {
        ...settingsFor(path),
        filename: join(ROOT, path),
        plugins: [[plugin, given]],
        parserOpts: {
          plugins: parserPlugins(path) as never,
          allowReturnOutsideFunction: true,
          allowNewTargetOutsideFunction: true,
        },
      });
      const code = result!.code!;
      return { code, warnings, table: tableIn(code) };
    },
  };
}

/** What was lowered of the path that was last asked for: a program is run more than once. */
const lowered = { path: "", codes: new Map<string, string>() };

/** Compiles what a back-end returned for the engine at hand: types and JSX away, module syntax to CommonJS. */
export function lower(code: string, path: string): string {
  if (path !== lowered.path) Object.assign(lowered, { path, codes: new Map() });
  const result = lowered.codes.get(code) ?? lowerAnew(code, path);
  lowered.codes.set(code, result);
  return result;
}

function lowerAnew(code: string, path: string): string {
  const core = require("@babel/core") as typeof Babel;
  const presets = [
    require.resolve("@babel/preset-react"),
    [require.resolve("@babel/preset-typescript"), { allowDeclareFields: true }],
  ];
  const result = core.transformSync(code, {
    ...settingsFor(path),
    filename: join(ROOT, path),
    compact: false,
    presets: (/x$/.test(path) ? presets : presets.slice(1)) as never,
    plugins: [
      [require.resolve("@babel/plugin-proposal-decorators"), { version: "2023-11" }],
      require.resolve("@babel/plugin-transform-modules-commonjs"),
      ...(HAS_USING ? [] : [require.resolve("@babel/plugin-transform-explicit-resource-management")]),
    ],
    parserOpts: {
      plugins: ["explicitResourceManagement"],
      allowReturnOutsideFunction: true,
      allowNewTargetOutsideFunction: true,
    },
  });
  return result!.code!;
}

export function settingsFor(path: string) {
  const sourceType = /\.c[jt]s$/.test(path) ? ("script" as const) : ("unambiguous" as const);
  return { configFile: false, babelrc: false, sourceType, cwd: ROOT, root: ROOT };
}

export function parserPlugins(path: string): string[] {
  const always = ["explicitResourceManagement", "decoratorAutoAccessors"];
  if (/\.[cm]?ts$/.test(path)) return [...always, "typescript", "decorators"];
  return path.endsWith(".tsx") ? [...always, "typescript", "jsx", "decorators"] : [...always, "jsx", "decorators"];
}

/** Runs the prologue alone to see the table that it hands over. */
function tableIn(code: string): ModuleTable | null {
  const match =
    /\(__mp\w*_t\w* = [^{]*?\((\{[\s\S]*?\n {2}\})\)\)/.exec(code) ??
    /\(__mp\w*_t\w* = [^{]*?\((\{[\s\S]*\})\)\);\n/.exec(code);
  return match ? (new Function(`return ${match[1]}`)() as ModuleTable) : null;
}

function babel8Path(): string | null {
  const folder = fetchPackage("@babel/core", "8.1.2");
  return folder && join(folder, "node_modules", "@babel", "core", "lib", "index.js");
}

function canParse(code: string): boolean {
  try {
    new Function(code);
    return true;
  } catch {
    return false;
  }
}
