/** One plugin for every bundler, over the text path: each file with a mark is instrumented before anything else compiles it. */
import type { PluginBuild } from "esbuild";
import type { UnpluginOptions } from "unplugin";
import { isQuiet } from "../../contract/options.ts";
import { RUNTIME_MODULE } from "../../contract/runtime-module.ts";
import { BuildNews } from "../core/build-news.ts";
import type { Host } from "../core/compile.ts";
import type { ProjectFacts } from "../core/jsx-flavour.ts";
import type { Warning } from "../core/messages.ts";
import { checkOptions, type Options, opensPackages } from "../core/options.ts";
import { isComponent, MARK_TEXT, selectsUnmarked, splitQuery } from "../core/worth-reading.ts";
import { createHost } from "../node/host.ts";
import type { Instrumented } from "../source/instrument.ts";
import { runsInNode } from "./runs-in-node.ts";
import { reportForThreads } from "./test-threads.ts";
import { configureVite } from "./vite-config.ts";
import { showProfiles } from "./vite-dev.ts";

export type { Warning } from "../core/messages.ts";
export { MprofError } from "../core/messages.ts";
export type { Options, Pattern } from "../core/options.ts";

/** Nobody asks before there is something to compile. */
const NO_FACTS: ProjectFacts = { jsxImportSource: null, dependencies: [] };

/** Bundlers for which a file is a module whatever it contains. */
const MODULES_ONLY = new Set(["rollup", "vite"]);
/** Bundlers without single-file components. */
const NO_COMPONENTS = new Set(["esbuild", "bun"]);

const SCRIPT = /\.[cm]?[jt]sx?$/;
const SCRIPT_OR_COMPONENT = /\.(?:[cm]?[jt]sx?|vue|svelte)(?:\?|$)/;

/** The plugin as unplugin takes it; Rollup and its kin take the same object. @throws MprofError for a wrong option */
export function createPlugin(given: Options, framework: string): UnpluginOptions {
  checkOptions(given);
  const host = createHost(() => NO_FACTS);
  const compiler = new FileInstrumenter(given, host, framework);
  const isSelective = !selectsUnmarked(given);
  /** What Rolldown builds for. */
  let platform: string | undefined;
  const plugin: UnpluginOptions = {
    name: "mprof",
    enforce: "pre",
    transform: {
      filter: {
        id: {
          include: NO_COMPONENTS.has(framework) ? SCRIPT : SCRIPT_OR_COMPONENT,
          ...(opensPackages(given.include) ? {} : { exclude: /[\\/]node_modules[\\/]/ }),
        },
        ...(isSelective ? { code: "profile" } : {}),
      },
      async handler(code, id, ...rest: unknown[]) {
        // The filter above is the bundler's own, and fast, but old ones have none; and a word in a comment loads no parser.
        if (!SCRIPT_OR_COMPONENT.test(id) || (isSelective && !MARK_TEXT.test(code))) return null;
        const [given] = rest as [{ ssr?: boolean }?];
        const isForNode = platform === "node" || runsInNode(this, framework === "vite" ? given?.ssr : undefined);
        const result = await compiler.compile(code, id, isForNode, (message) => this.warn(message));
        return result && result.code !== code ? { code: result.code, map: result.map as never } : null;
      },
    },
    ...(framework === "rolldown" && {
      buildStart(options?: { platform?: string }) {
        platform = options?.platform;
      },
    }),
    buildEnd() {
      if (!isQuiet(process.env)) for (const line of compiler.news()) host.print(line);
    },
    esbuild: { onLoadFilter: SCRIPT, setup: resolveRuntime },
  };
  if (framework === "vite") {
    const { name, enforce, transform } = plugin;
    const withoutMarks = (code: string, id: string) => compiler.withoutMarks(code, id);
    const isOn = given.enabled !== false && host.enabled;
    const config = configureVite({ name, enforce, transform }, withoutMarks, { ...given, enabled: isOn });
    // Who brings another runtime along need not have this package where the page's modules come from.
    const isOurs = (given.runtimeModule ?? RUNTIME_MODULE) === RUNTIME_MODULE;
    const configResolved = () => reportForThreads(process.env);
    plugin.vite =
      isOn && isOurs ? { ...config, ...showProfiles(() => compiler.expectChanges()), configResolved } : config;
  }
  return plugin;
}

/**
 * CommonJS in a bundle of ES modules: `require("mprof/runtime")` would bring CommonJS along, and with it a `require` of
 * Node's own modules, which does not exist there. The same runtime as an ES module needs none.
 */
function resolveRuntime(build: PluginBuild): void {
  if (build.initialOptions.format !== "esm") return;
  const filter = new RegExp(`^${RUNTIME_MODULE}$`);
  build.onResolve({ filter }, ({ path, kind, resolveDir }) =>
    kind === "require-call" ? build.resolve(path, { kind: "import-statement", resolveDir }) : undefined,
  );
}

const NO_PAGES = "[mprof] mode auto: Node shows what was profiled, a page shows nothing; build pages in mode exact";

class FileInstrumenter {
  private readonly options: Options;
  private readonly host: Host;
  private readonly framework: string;
  private hot = false;
  /** Something that was built for pages has no figures there. */
  private isLost = false;
  private readonly summary: BuildNews;

  constructor(options: Options, host: Host, framework: string) {
    this.options = options;
    this.host = host;
    this.framework = framework;
    this.summary = new BuildNews(options, "func");
  }

  /** Files are compiled anew while the program runs. */
  expectChanges(): void {
    this.hot = true;
  }

  /** What the build has to say at its end. */
  news(): string[] {
    // A server has no end to say it at, and shows what it profiles.
    if (this.hot || this.options.enabled === false || !this.host.enabled) return [];
    const lines = this.summary.lines();
    return this.isLost && lines.length > 0 ? [...lines, NO_PAGES] : lines;
  }

  async compile(
    code: string,
    id: string,
    isForNode: boolean,
    warn: (message: string) => void,
  ): Promise<Instrumented | null> {
    const { instrument, factsOf, instrumentOnDeepStack } = await loadInstrumenter();
    const filename = fileOf(id);
    if (filename === null) return null;
    const onWarning = ({ message }: Warning) => warn(message);
    const { hot } = this;
    const settings = { onWarning, ...this.settings(code, filename), noCheck: this.isChecked(filename), hot };
    const { onPlan } = this.summary;
    const host = { ...this.host, factsOf, onPlan, isForNode };
    const result = instrument(code, settings, host, instrumentOnDeepStack);
    this.isLost ||= !isForNode && result?.table?.listings.some(({ slots }) => slots) === true;
    this.summary.add(filename, result?.table ?? null);
    return result;
  }

  /** The file as it would be without us: what reads sources by itself does not stumble over decorators. */
  async withoutMarks(code: string, id: string): Promise<string | null> {
    const { instrument } = await loadInstrumenter();
    const filename = fileOf(id);
    if (filename === null) return null;
    const settings = { ...this.settings(code, filename), enabled: false, sourceMap: false };
    return instrument(code, settings, this.host)?.code ?? null;
  }

  private settings(code: string, filename: string): Options & { filename: string; packageType?: "module" } {
    // What a dev server shows comes from pages.
    const settings = { ...this.options, ...(this.hot && { mode: "exact" as const }), filename };
    return MODULES_ONLY.has(this.framework) && !isCommonJs(code) ? { ...settings, packageType: "module" } : settings;
  }

  /** ts-loader checks the types of what it is handed; the program's types are checked where it is built without us. */
  private isChecked(filename: string): boolean {
    return this.framework === "webpack" && /\.[cm]?tsx?$/.test(filename);
  }
}

/** The parser is a fifth of a second: a build without marks does not wait for it. */
async function loadInstrumenter() {
  const [{ instrument }, { factsOf }, { instrumentOnDeepStack }] = await Promise.all([
    import("../source/instrument.ts"),
    import("../node/project-facts.ts"),
    import("../node/deep-stack.ts"),
  ]);
  return { instrument, factsOf, instrumentOnDeepStack };
}

/** The file of a module, or `null` for what is none: virtual modules, and the parts into which others cut a component. */
function fileOf(id: string): string | null {
  if (id.startsWith("\0") || id.startsWith("virtual:")) return null;
  const [file, query] = splitQuery(id);
  if (query === null) return file;
  return isComponent(file) || /(^|&)(raw|url|inline|worker|sharedworker)(&|=|$)/.test(query) ? null : file;
}

function isCommonJs(code: string): boolean {
  return (
    /\brequire\s*\(|\bmodule\s*\.\s*exports\b|\bexports\s*\.\s*\w/.test(code) && !/^\s*(import|export)\b/m.test(code)
  );
}
