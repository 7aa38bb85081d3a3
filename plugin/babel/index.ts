import type * as B from "@babel/types";
import { PACKAGE_NAME, RUNTIME_MODULE } from "../../contract/runtime-module.ts";
import { chooseRuntime } from "../core/choose-runtime.ts";
import {
  type Compilation,
  compileFile,
  createSettings,
  type Host,
  isForUs,
  type Origin,
  type SourceFile,
  tellWarnings,
  writePlan,
} from "../core/compile.ts";
import { findMarks } from "../core/marks.ts";
import { createWarning, type Warning } from "../core/messages.ts";
import { checkOptions, type Options } from "../core/options.ts";
import type { Outline } from "../core/outline.ts";
import type { Probe } from "../core/plan.ts";
import { DECORATOR_TEXT, MARK_TEXT, pathFromRoot, splitQuery } from "../core/worth-reading.ts";
import { applyPlan } from "./apply-plan.ts";
import type { ParseCode, Types } from "./build-code.ts";
import { maskFile, type Parse, parseExpression, type ReadFile, readFile } from "./read-file.ts";
import { readOutline } from "./read-outline.ts";

/** The parts of Babel's API that the plugin uses; alike in 7 and 8, so that one plugin serves both. */
export interface BabelApi {
  assertVersion(range: string): void;
  /** What runs Babel, as it describes itself. */
  caller<T>(read: (caller: { name?: string; target?: string } | undefined) => T): T;
  types: Types;
  parseSync(code: string, options: object): unknown;
}

interface BabelFile {
  ast: B.File;
  code: string;
  opts: { filename?: string | null; cwd?: string; plugins?: { key?: string }[] };
  inputMap?: { toObject(): unknown } | null;
  path: BabelPath;
}

interface BabelPath {
  node: B.Node;
  scope: { crawl(): void };
  traverse(visitor: Record<string, (path: BabelPath) => void>): void;
}

export interface BabelPlugin {
  name: string;
  parserOverride(code: string, parserOpts: ParserOptions, parse: BabelParse): B.File | undefined;
  pre(this: unknown, file: BabelFile): void;
  visitor: Record<string, never>;
}

type ParserOptions = Record<string, unknown>;
type BabelParse = (code: string, options: ParserOptions) => B.File;

/** Reads the original source of a file from its incoming source map. */
export type ReadOrigin = (map: unknown, filename: string, root: string) => Origin | null;

/** What runs Babel for Node, and says no target. */
const NODE_CALLERS = new Set(["@babel/cli", "@babel/node", "@babel/register", "babel-jest"]);
/** Pieces of ours that a Babel has parsed. */
const parsed = new WeakMap<Types, Map<string, B.File>>();

/**
 * The Babel plugin. Marks are taken out before the parser sees them, and probes are written before any other plugin runs,
 * so that rows are those of the source whatever else compiles it.
 */
export function createBabelPlugin(host: Host, readOrigin: ReadOrigin) {
  return (api: BabelApi, given: Options = {}): BabelPlugin => {
    api.assertVersion("^7.22.0 || ^8.0.0");
    checkOptions(given);
    const isForNode = api.caller((caller) => caller?.target === "node" || NODE_CALLERS.has(caller?.name ?? ""));
    const settings = createSettings(given, { ...host, told: new Set(), isForNode });
    const { options, root } = settings;
    const read = new WeakMap<B.File, (ReadFile | Unread) & { parse: Parse }>();

    return {
      name: "mprof",
      parserOverride(code, parserOpts, babelParse) {
        const [filename] = splitQuery(String(parserOpts.sourceFileName ?? "unknown"));
        const file = { filename, path: pathFromRoot(filename, root), text: code };
        if (!MARK_TEXT.test(code) || !isForUs(file, settings)) return undefined;
        const parse: Parse = (text, changes) => babelParse(text, { ...parserOpts, ...changes });
        const found = tryRead(file, parse);
        if (found === null || !hasMarks(found)) return undefined;
        read.set(found.tree, { ...found, parse });
        return found.tree;
      },
      pre(file) {
        if (options.enabled) compile(file);
      },
      visitor: {},
    };

    function compile(file: BabelFile): void {
      // A bundler's plug-in for Babel may hand in what it calls the module.
      const [filename] = splitQuery(file.opts.filename ?? "unknown");
      const text = file.code ?? "";
      const path = pathFromRoot(filename, root);
      if (!isForUs({ filename, path, text }, settings)) return;
      const origin = file.inputMap ? readOrigin(file.inputMap.toObject(), filename, root) : null;
      const besides = (file.opts.plugins ?? []).flatMap(({ key }) => key ?? []);
      const source: SourceFile = { filename, path, text, origin, besides };
      const seen = read.get(file.ast);
      const known = seen && "outline" in seen ? seen : undefined;
      const compilation = compileFile(source, settings, () => {
        if (seen && "mistake" in seen) throw seen.mistake;
        const outline =
          known && !origin ? known.outline : readOutline(file.ast, known?.outline.text ?? text, origin?.rowOf ?? null);
        // Without our parser (another plugin's, or a tree handed in) marks that need no blanking are still honoured.
        return { outline, marks: known?.marks ?? findMarks(outline, [], text, path, () => null) };
      });
      if (!known && compilation.reading) {
        compilation.warnings.push(...unseenDecorators(file, path, compilation.reading.outline));
      }
      apply(file, source, compilation, seen?.parse ?? parseAlone);
      tellWarnings(compilation.warnings, settings);
      if (compilation.plan) refreshScopes(file, compilation.plan.probes);
    }

    function apply(file: BabelFile, source: SourceFile, compilation: Compilation<B.Node>, parse: Parse): void {
      const { filename, path, text } = source;
      writePlan(source, compilation, (plan) => {
        if (!plan) return;
        const isModule = compilation.reading!.outline.isModule;
        const packageType = host.packageTypeOf(filename);
        applyPlan(file.ast, plan, {
          types: api.types,
          parseCode,
          parsed: piecesOfBabel(api.types),
          runtime: chooseRuntime(options, { name: path, isModule, packageType }),
          runtimeModule: options.runtimeModule ?? RUNTIME_MODULE,
          optionsAt: ({ start, end }) => parseExpression(text.slice(start, end), parse),
        });
      });
    }

    function parseAlone(code: string): B.File {
      return api.parseSync(code, { configFile: false, babelrc: false, parserOpts: { errorRecovery: true } }) as B.File;
    }

    function parseCode(code: string): ReturnType<ParseCode> {
      const plugins = ["explicitResourceManagement"];
      const parserOpts = { errorRecovery: true, plugins, sourceType: "module" };
      return api.parseSync(code, { configFile: false, babelrc: false, parserOpts }) as B.File;
    }
  };
}

function piecesOfBabel(types: Types): Map<string, B.File> {
  const known = parsed.get(types) ?? new Map<string, B.File>();
  parsed.set(types, known);
  return known;
}

/** A file that we could not read, though it parses: a tree without marks above functions, which are no JavaScript. */
interface Unread {
  tree: B.File;
  mistake: unknown;
}

/** @returns `null` where Babel itself can parse the file, or finds the same error in it */
function tryRead(file: { text: string; path: string }, parse: Parse): ReadFile | Unread | null {
  try {
    return readFile(file, null, parse);
  } catch (error) {
    const isSyntaxError = error instanceof SyntaxError && "loc" in error;
    // Above a function a decorator would be the error that Babel reports.
    if (isSyntaxError && DECORATOR_TEXT.test(file.text)) throw error;
    return isSyntaxError ? null : withoutDecorators(file.text, parse, error);
  }
}

function withoutDecorators(text: string, parse: Parse, mistake: unknown): Unread | null {
  try {
    const masked = maskFile(text, parse);
    return masked && { tree: masked.tree, mistake };
  } catch {
    return null;
  }
}

function hasMarks(found: ReadFile | Unread): boolean {
  return "mistake" in found || found.marks.masks.length + found.marks.warnings.length > 0;
}

/** `@profile` above a class member that reached the tree because another plugin parsed the file. */
function unseenDecorators(file: BabelFile, path: string, outline: Outline<B.Node>): Warning[] {
  const warnings: Warning[] = [];
  const others = outline.imports.filter(({ from }) => from !== PACKAGE_NAME).flatMap(({ names }) => names);
  const isElsewhere = outline.shadows.has("profile") || others.some(({ local }) => local === "profile");
  if (isElsewhere || !DECORATOR_TEXT.test(file.code ?? "")) return warnings;
  file.path.traverse({
    Decorator: ({ node }) => {
      const { expression, loc } = node as B.Decorator;
      const name = expression.type === "CallExpression" ? expression.callee : expression;
      if (name.type !== "Identifier" || !/^(no)?profile$/.test(name.name)) return;
      const place = { file: path, line: loc?.start.line ?? 1, column: (loc?.start.column ?? 0) + 1 };
      const cure = "Use the comment form, // @profile above the function, or put mprof before the other plugin.";
      warnings.push(
        createWarning("MPROF_MARK_NOT_SEEN", "another plugin parsed the file before the mark was seen", cure, place),
      );
    },
  });
  return warnings;
}

/** Bodies moved into `try` blocks: plugins that come later ask the scopes. */
function refreshScopes(file: BabelFile, probes: readonly Probe<B.Node>[]): void {
  const entered = new Set(probes.flatMap(({ placement, node }) => (placement.startsWith("enter") ? [node] : [])));
  const refresh = (path: BabelPath) => {
    if (entered.has(path.node)) path.scope.crawl();
  };
  file.path.scope.crawl();
  file.path.traverse({ Function: refresh, StaticBlock: refresh });
}
