import type TS from "typescript";
import type { Host } from "../core/compile.ts";
import { MprofError } from "../core/messages.ts";
import { checkOptions, type Options } from "../core/options.ts";
import { pathFromRoot } from "../core/worth-reading.ts";
import { FileTransformer } from "./compile-files.ts";
import type { Ts } from "./reader.ts";
import { unreachedReferences } from "./unreached-references.ts";

/** An entry of `plugins` in tsconfig.json: our options, and what ts-patch takes of it. */
export interface PluginConfig extends Options {
  transform?: string;
  transformProgram?: boolean;
  import?: string;
}

const OF_TS_PATCH = [
  "transform",
  "transformProgram",
  "import",
  "type",
  "after",
  "afterDeclarations",
  "tsConfig",
  "resolvePathAliases",
  "isEsm",
  "name",
];

/** The code under which our errors appear among TypeScript's. */
const DIAGNOSTIC_CODE = 90100;

type Emit = (
  file: TS.SourceFile | undefined,
  write: TS.WriteFileCallback | undefined,
  cancellation: TS.CancellationToken | undefined,
  onlyDeclarations: boolean | undefined,
  transformers: TS.CustomTransformers | undefined,
  ...rest: unknown[]
) => TS.EmitResult;

/**
 * The program of a build. Nothing of it is bound or checked yet, so marks can be taken off its trees: then the checker
 * has nothing to say about them, whoever asks it, builders included. Probes are written when it emits, before any other
 * transformer.
 */
export function transformProgram(
  program: TS.Program,
  compilerHost: TS.CompilerHost | undefined,
  config: PluginConfig,
  ts: Ts,
  host: Host,
): TS.Program {
  const { options, error } = readConfig(config, ts);
  const own = { ...host, isForNode: isForNode(program, ts) };
  const compiler = new FileTransformer(error ? { enabled: false } : options, own, ts);
  const isAmbient = program.getSourceFiles().filter((file) => compiler.prepare(file));
  const result = isAmbient.length > 0 ? withGlobals(program, compilerHost, isAmbient[0]!, ts) : program;
  prependTransformer(result, compiler.createTransformer(result));
  if (error) addDiagnostic(result, error, ts);
  else if (options.enabled !== false && host.enabled) sayUnreached(program, options, host);
  return result;
}

/** What is written by Node's own rules of modules runs there; other modules may go into a page. */
export function isForNode(program: TS.Program | undefined, { ModuleKind }: Ts): boolean {
  const { module = ModuleKind.None } = program?.getCompilerOptions() ?? {};
  return module === ModuleKind.CommonJS || (module >= ModuleKind.Node16 && module <= ModuleKind.NodeNext);
}

/** Errors of the build these are not: it is what it was without us. */
function sayUnreached(program: TS.Program, options: Options, host: Host): void {
  const { root = host.cwd, onWarning = ({ message }) => host.print(message) } = options;
  for (const warning of unreachedReferences(program, (file) => pathFromRoot(file, root))) onWarning(warning);
}

function readConfig(config: PluginConfig, ts: Ts): { options: Options; error: MprofError | null } {
  const options = Object.fromEntries(Object.entries(config).filter(([name]) => !OF_TS_PATCH.includes(name))) as Options;
  try {
    checkVersion(ts);
    checkOptions(options);
    return { options, error: null };
  } catch (error) {
    if (!(error instanceof MprofError)) throw error;
    return { options, error };
  }
}

/** @throws MprofError before anything is asked of a TypeScript that is too old or too new */
export function checkVersion({ version, versionMajorMinor }: Pick<Ts, "version" | "versionMajorMinor">): void {
  const [major, minor] = versionMajorMinor.split(".").map(Number) as [number, number];
  if (major > 5 ? major < 7 : major === 5 && minor >= 2) return;
  const cure = major >= 7 ? "Build with mprof build, or through a bundler." : "Install typescript 5.2 or later.";
  throw new MprofError(
    "MPROF_TYPESCRIPT_VERSION",
    `mprof/typescript needs TypeScript >=5.2 <7, this is ${version}`,
    cure,
  );
}

/** The same program with our ambient `profile`, unless the name is known. */
function withGlobals(
  program: TS.Program,
  compilerHost: TS.CompilerHost | undefined,
  caller: TS.SourceFile,
  ts: Ts,
): TS.Program {
  const bundler = { moduleResolution: ts.ModuleResolutionKind.Bundler, module: ts.ModuleKind.ESNext };
  const host = compilerHost ?? ts.createCompilerHost(program.getCompilerOptions());
  const globals = ts.resolveModuleName("mprof/globals", caller.fileName, bundler, host).resolvedModule
    ?.resolvedFileName;
  if (!globals || program.getSourceFile(globals)) return program;
  const known = program.getTypeChecker().getSymbolsInScope(caller, ts.SymbolFlags.Value);
  if (known.some(({ name }) => name === "profile")) return program;
  return ts.createProgram({
    rootNames: [...program.getRootFileNames(), globals],
    options: program.getCompilerOptions(),
    host: {
      ...host,
      getSourceFile: (name, ...rest) => program.getSourceFile(name) ?? host.getSourceFile(name, ...rest),
    },
    projectReferences: program.getProjectReferences(),
    configFileParsingDiagnostics: program.getConfigFileParsingDiagnostics(),
  });
}

/** Innermost, so that ours runs before those that ts-patch or the caller add. */
function prependTransformer(program: TS.Program, transformer: TS.TransformerFactory<TS.SourceFile>): void {
  const patched = program as { emit: Emit; originalEmit?: Emit };
  const slot = patched.originalEmit ? "originalEmit" : "emit";
  const emit = patched[slot]!;
  patched[slot] = (file, write, cancellation, onlyDeclarations, transformers, ...rest) => {
    const all = { ...transformers, before: [transformer, ...(transformers?.before ?? [])] };
    return emit(file, write, cancellation, onlyDeclarations, all, ...rest);
  };
}

function addDiagnostic(program: TS.Program, error: MprofError, ts: Ts): void {
  const all = program.getOptionsDiagnostics;
  program.getOptionsDiagnostics = (...args) => [...all(...args), diagnosticOf(error, ts)];
}

/** An error of ours among TypeScript's. */
export function diagnosticOf({ message: messageText }: MprofError, ts: Ts): TS.Diagnostic {
  const nowhere = { file: undefined, start: undefined, length: undefined };
  return { category: ts.DiagnosticCategory.Error, code: DIAGNOSTIC_CODE, source: "mprof", messageText, ...nowhere };
}
