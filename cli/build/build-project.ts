import { readFileSync, rmSync } from "node:fs";
import { dirname, join, resolve, sep } from "node:path";
import type { EncodedSourceMap } from "@jridgewell/trace-mapping";
import { BuildNews, instrumentForBuild } from "../../plugin/node/build-file.ts";
import { type Io, UsageError } from "../command.ts";
import { type Compiler, findCompiler } from "./compiler.ts";
import { composeMaps } from "./compose-maps.ts";
import { isInside, Mirror } from "./mirror.ts";

export interface BuildRequest {
  /** Path of the tsconfig.json. */
  config: string;
  outDir: string;
  /** Passed on to the compiler. */
  compilerArguments: readonly string[];
  /** Say nothing of what was profiled. */
  quiet: boolean;
  options: { functions?: "all" | "marked"; func?: string[]; mode?: "exact" | "auto"; root: string };
}

interface ProjectConfig {
  compilerOptions: Record<string, unknown>;
  /** Roots, absolute. */
  files: string[];
}

const MIRRORS = ".mprof";
const SOURCE = /(?<!\.d)\.[cm]?[jt]sx?$/;

/**
 * Compiles a project twice, for compilers that have no plugins. The sources without marks are checked, so that errors are
 * those of the program; the sources with probes are emitted unchecked. Both are mirrored below the output folder.
 *
 * @returns the exit code
 */
export async function buildProject(request: BuildRequest, io: Io): Promise<number> {
  const { config, outDir } = request;
  const compiler = findCompiler(dirname(config), io.cwd);
  rmSync(join(outDir, MIRRORS), { recursive: true, force: true });
  const project = await readConfig(compiler, request);
  const files = await listFiles(compiler, config);
  try {
    return await new Build(request, project, files, compiler, io).run();
  } finally {
    rmSync(join(outDir, MIRRORS), { recursive: true, force: true });
  }
}

/** @throws UsageError for a configuration that the compiler refuses, or without files of its own */
async function readConfig(
  compiler: Compiler,
  { config, outDir, compilerArguments }: BuildRequest,
): Promise<ProjectConfig> {
  const { code, output } = await compiler.run("-p", config, ...compilerArguments, "--showConfig");
  if (code !== 0) throw new UsageError(`the project cannot be read: ${config}`, output.trim());
  const { compilerOptions, files = [] } = JSON.parse(output) as {
    compilerOptions: Record<string, unknown>;
    files?: string[];
  };
  const own = files.map((file) => resolve(dirname(config), file)).filter((file) => !isInside(file, outDir));
  if (own.length === 0)
    throw new UsageError(`the project has no files of its own: ${config}`, "Name one of its references with -p.");
  return { compilerOptions, files: own };
}

/** Every file of the program but those of packages and of the compiler. */
async function listFiles(compiler: Compiler, config: string): Promise<string[]> {
  const { output } = await compiler.run("-p", config, "--listFilesOnly");
  const listed = output.split(/\r?\n/).filter((line) => /\.(json|[cm]?[jt]sx?)$/.test(line));
  return listed.map((line) => resolve(line)).filter((file) => !file.split(sep).includes("node_modules"));
}

class Build {
  private readonly request: BuildRequest;
  private readonly project: ProjectConfig;
  private readonly compiler: Compiler;
  private readonly io: Io;
  private readonly files: string[];
  private readonly base: string;
  private readonly news: BuildNews;

  constructor(request: BuildRequest, project: ProjectConfig, listed: string[], compiler: Compiler, io: Io) {
    this.request = request;
    this.project = project;
    this.compiler = compiler;
    this.io = io;
    this.news = new BuildNews(request.options, "--func");
    const sources = [...new Set([...project.files, ...listed])];
    this.base = commonFolder([request.config, ...sources.filter((file) => !/\.d\.[cm]?ts$/.test(file))]);
    this.files = sources.filter((file) => isInside(file, this.base) && !isInside(file, request.outDir));
  }

  async run(): Promise<number> {
    const checked = await this.check();
    if (checked !== 0 && this.project.compilerOptions.noEmitOnError === true) return checked;
    const emitted = await this.emit();
    if (!this.request.quiet) for (const line of this.news.lines()) this.io.error(`${line}\n`);
    return checked === 0 ? emitted : checked;
  }

  /** The program without marks: its errors, and its declarations if it makes any. */
  private async check(): Promise<number> {
    const mirror = new Mirror(join(this.request.outDir, MIRRORS, "checked"), this.base);
    for (const file of this.files) mirror.add(file, this.instrument(file, false)?.code ?? null);
    const { declaration, composite } = this.project.compilerOptions;
    const emits = declaration === true || composite === true;
    const { code, output } = await this.compile(mirror, {
      declaration: emits,
      noEmit: !emits,
      emitDeclarationOnly: emits,
    });
    this.io.out(output);
    return code;
  }

  /** The program with probes. */
  private async emit(): Promise<number> {
    const mirror = new Mirror(join(this.request.outDir, MIRRORS, "instrumented"), this.base);
    const maps = new Map<string, EncodedSourceMap>();
    for (const file of this.files) {
      const result = this.instrument(file, true);
      if (result?.map) maps.set(file, result.map);
      mirror.add(file, result?.code ?? null);
    }
    const { hasNoCheck } = this.compiler;
    const { code, output } = await this.compile(mirror, {
      ...(hasNoCheck ? { noCheck: true } : {}),
      declaration: false,
      declarationMap: false,
      isolatedDeclarations: false,
      noEmitOnError: false,
    });
    composeMaps(this.request.outDir, mirror, maps);
    // An older compiler checks our calls along with the program, which was checked before.
    if (!hasNoCheck) return 0;
    this.io.out(output);
    return code;
  }

  private instrument(file: string, enabled: boolean) {
    if (!SOURCE.test(file)) return null;
    const onWarning = ({ message }: { message: string }) => this.io.error(`${message}\n`);
    const options = { ...this.request.options, filename: file, ...(enabled ? { onWarning } : { enabled }) };
    return instrumentForBuild(readFileSync(file, "utf8"), options, this.news);
  }

  /** Runs the compiler on a mirror, with the project's configuration at the same place in it. */
  private async compile(mirror: Mirror, changes: Record<string, unknown>): Promise<{ code: number; output: string }> {
    const { config, outDir, compilerArguments } = this.request;
    const { tsBuildInfoFile: _, plugins: __, ...options } = this.project.compilerOptions;
    const compilerOptions = { ...options, composite: false, incremental: false, ...changes, outDir };
    if (options.declarationDir)
      Object.assign(compilerOptions, { declarationDir: changes.declaration ? outDir : undefined });
    const files = this.project.files.map((file) => mirror.pathOf(file));
    const derived = join(dirname(config), "tsconfig.json");
    mirror.add(derived, JSON.stringify({ compilerOptions, files }, null, 2));
    const { code, output } = await this.compiler.run("-p", mirror.pathOf(derived), ...compilerArguments);
    return { code, output: mirror.translate(output, this.io.cwd) };
  }
}

function commonFolder(files: readonly string[]): string {
  return files.map(dirname).reduce((common, folder) => {
    let shared = common;
    while (folder !== shared && !isInside(folder, shared)) shared = dirname(shared);
    return shared;
  });
}
