import {
  type NodePath,
  type PluginItem,
  type PluginObj,
  transformFromAstSync,
  transformSync,
  type types,
} from "@babel/core";
import { createBabelPlugin } from "../babel/index.ts";
import type { Host } from "../core/compile.ts";
import type { Options } from "../core/options.ts";
import { readOrigin } from "../source/origin.ts";
import { packageTypeOf } from "./host.ts";
import { type ProjectSettings, settingsFor } from "./project-settings.ts";

export type ModuleFormat = "module" | "commonjs";

/**
 * Types, JSX and decorators on the way into Node: one pass of Babel with our plugin first, lines where they were.
 * Loaded on first use, because loading Babel takes longer than most files; CommonJS, as all that the register hook loads.
 */
export function compileWithBabel(
  text: string,
  filename: string,
  options: Options,
  host: Host,
): { code: string; format: ModuleFormat } {
  const settings = settingsFor(filename);
  const common = { filename, configFile: false, babelrc: false, compact: false, highlightCode: false } as const;
  const compiled = transformSync(text, {
    ...common,
    sourceType: filename.endsWith(".cjs") ? "script" : "unambiguous",
    parserOpts: { plugins: ["explicitResourceManagement"], allowReturnOutsideFunction: true },
    assumptions: { setPublicClassFields: settings.assignFields },
    plugins: [[createBabelPlugin(host, readOrigin), options], ...syntaxPlugins(settings)],
    presets: presetsFor(filename, text, settings),
    ast: true,
    code: false,
  })!;
  const facts = readFacts(compiled.ast!);
  const format = formatOf(filename, facts);
  const printed = transformFromAstSync(compiled.ast!, text, {
    ...common,
    retainLines: true,
    sourceMaps: "inline",
    plugins:
      facts.hasSyntax && format === "commonjs" ? [require.resolve("@babel/plugin-transform-modules-commonjs")] : [],
  })!;
  return { code: printed.code!, format };
}

function syntaxPlugins({ legacyDecorators, assignFields }: ProjectSettings): PluginItem[] {
  const decorators = legacyDecorators ? { legacy: true } : { version: "2023-11" };
  const plugins: PluginItem[] = [[require.resolve("@babel/plugin-proposal-decorators"), decorators]];
  if (legacyDecorators || assignFields) plugins.push(require.resolve("@babel/plugin-transform-class-properties"));
  return plugins;
}

function presetsFor(filename: string, text: string, settings: ProjectSettings): PluginItem[] {
  const presets: PluginItem[] = [];
  if (!/\.[cm]?ts$/.test(filename)) presets.push([require.resolve("@babel/preset-react"), jsxOptions(text, settings)]);
  if (/\.[cm]?tsx?$/.test(filename)) {
    const options = { allowDeclareFields: true, onlyRemoveTypeImports: settings.keepUnusedImports };
    presets.push([require.resolve("@babel/preset-typescript"), options]);
  }
  return presets;
}

/** As the project says; a file's own `@jsx` comment asks for the classic form. */
function jsxOptions(text: string, { jsx, jsxImportSource, jsxFactory, jsxFragmentFactory }: ProjectSettings): object {
  if (jsx === "classic" || /@jsx\s+\S/.test(text)) {
    return { runtime: "classic", pragma: jsxFactory, pragmaFrag: jsxFragmentFactory };
  }
  return { runtime: "automatic", importSource: jsxImportSource };
}

interface ModuleFacts {
  /** `import` or `export`. */
  hasSyntax: boolean;
  /** `import.meta` or `await` at the top level. */
  needsModule: boolean;
}

function readFacts(ast: object): ModuleFacts {
  const facts: ModuleFacts = { hasSyntax: false, needsModule: false };
  const reader = (): PluginObj => ({
    visitor: {
      "ImportDeclaration|ExportDeclaration"() {
        facts.hasSyntax = true;
      },
      MetaProperty({ node }: NodePath<types.MetaProperty>) {
        facts.needsModule ||= node.meta.name === "import";
      },
      AwaitExpression(path: NodePath) {
        facts.needsModule ||= path.getFunctionParent() === null;
      },
    },
  });
  transformFromAstSync(ast as never, "", {
    configFile: false,
    babelrc: false,
    code: false,
    cloneInputAst: false,
    plugins: [reader],
  });
  return facts;
}

/**
 * By extension, then by the package. A file with module syntax outside `"type": "module"` becomes CommonJS, as type
 * checkers and tsx take it, unless it needs what only modules have.
 */
function formatOf(filename: string, { hasSyntax, needsModule }: ModuleFacts): ModuleFormat {
  if (/\.m[jt]sx?$/.test(filename)) return "module";
  if (/\.c[jt]sx?$/.test(filename)) return "commonjs";
  if (packageTypeOf(filename) === "module") return "module";
  return hasSyntax && needsModule ? "module" : "commonjs";
}
