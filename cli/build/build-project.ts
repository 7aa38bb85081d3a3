import { readFileSync, rmSync } from "node:fs";
import { dirname, join, resolve, sep } from "node:path";
import type { EncodedSourceMap } from "@jridgewell/trace-mapping";
import { BuildNews, instrumentForBuild } from "../../plugin/node/build-file.ts";
import type { Io } from "../command.ts";
import { type Compiler, findCompiler } from "./compiler.ts";
import { composeMaps } from "./compose-maps.ts";
import { commonFolder, isInside, Mirror } from "./mirror.ts";
import { placeProjects } from "./place-projects.ts";
import { type Project, readProjects } from "./read-projects.ts";
import { bundlerOnly, elsewhere, entryMissing } from "./unreached.ts";

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

const MIRRORS = ".mprof";
/** What a project that is only checked, or bundled, says against. */
const WRITES = { noEmit: false, emitDeclarationOnly: false };
const SOURCE = /(?<!\.d)\.[cm]?[jt]sx?$/;

/**
 * Compiles a project, and those that it references before it, twice each, for compilers that have no plugins. The sources
 * without marks are checked, so that errors are those of the program; the sources with probes are emitted unchecked. Both are
 * mirrored below the output folder.
 *
 * @returns the exit code
 */
export async function buildProject(request: BuildRequest, io: Io): Promise<number> {
  const { config, outDir, options, quiet } = request;
  const compiler = findCompiler(dirname(config), io.cwd);
  removeMirrors(outDir);
  const projects = await readProjects(compiler, request);
  const places = placeProjects(projects, outDir);
  const news = new BuildNews(options, "--func");
  const unreached = new Set<string>();
  let code = 0;
  try {
    for (const project of projects.filter(({ files }) => files.length > 0)) {
      removeMirrors(outDir);
      const listed = await listFiles(compiler, project.config);
      for (const line of elsewhere(project, listed, places.packages, request, io.cwd)) unreached.add(line);
      const build = new Build({ ...request, config: project.config, outDir: places.outDirOf(project) }, project, {
        listed,
        packages: places.packages,
        mirrors: join(outDir, MIRRORS),
        compiler,
        news,
        io,
      });
      const ended = await build.run();
      code ||= ended;
    }
    for (const name of places.finish()) unreached.add(entryMissing(name));
  } finally {
    removeMirrors(outDir);
  }
  if (!quiet) {
    const lines = [...unreached, ...projects.flatMap(bundlerOnly(io.cwd))];
    for (const line of [...news.lines(), ...lines.map((each) => `mprof: ${each}`)]) io.error(`${line}\n`);
  }
  return code;
}

function removeMirrors(outDir: string): void {
  rmSync(join(outDir, MIRRORS), { recursive: true, force: true });
}

/** Every file of the program but those of packages and of the compiler. */
async function listFiles(compiler: Compiler, config: string): Promise<string[]> {
  const { output } = await compiler.run("-p", config, "--listFilesOnly");
  const listed = output.split(/\r?\n/).filter((line) => /\.(json|[cm]?[jt]sx?)$/.test(line));
  return listed.map((line) => resolve(line)).filter((file) => !file.split(sep).includes("node_modules"));
}

/** What the projects of a build share, and what the compiler lists of this one. */
interface Surroundings {
  listed: readonly string[];
  packages: ReadonlyMap<string, string>;
  mirrors: string;
  compiler: Compiler;
  news: BuildNews;
  io: Io;
}

class Build {
  private readonly request: BuildRequest;
  private readonly project: Project;
  private readonly around: Surroundings;
  private readonly files: string[];
  private readonly base: string;

  constructor(request: BuildRequest, project: Project, around: Surroundings) {
    this.request = request;
    this.project = project;
    this.around = around;
    const { listed, mirrors } = around;
    const sources = [...new Set([...project.files, ...listed])];
    this.base = commonFolder([request.config, ...sources.filter((file) => !/\.d\.[cm]?ts$/.test(file))]);
    this.files = sources.filter((file) => isInside(file, this.base) && !isInside(file, dirname(mirrors)));
  }

  async run(): Promise<number> {
    const checked = await this.check();
    if (checked !== 0 && this.project.compilerOptions.noEmitOnError === true) return checked;
    const emitted = await this.emit();
    return checked === 0 ? emitted : checked;
  }

  /** The program without marks: its errors, and its declarations if it makes any. */
  private async check(): Promise<number> {
    const mirror = this.mirror("checked");
    for (const file of this.files) mirror.add(file, this.instrument(file, false)?.code ?? null);
    const { declaration, composite } = this.project.compilerOptions;
    const emits = declaration === true || composite === true;
    const { code, output } = await this.compile(mirror, {
      declaration: emits,
      noEmit: !emits,
      emitDeclarationOnly: emits,
    });
    this.around.io.out(output);
    return code;
  }

  /** The program with probes. */
  private async emit(): Promise<number> {
    const mirror = this.mirror("instrumented");
    const maps = new Map<string, EncodedSourceMap>();
    for (const file of this.files) {
      const result = this.instrument(file, true);
      if (result?.map) maps.set(file, result.map);
      mirror.add(file, result?.code ?? null);
    }
    const { hasNoCheck, rewritesExtensions } = this.around.compiler;
    const { allowImportingTsExtensions } = this.project.compilerOptions;
    const { code, output } = await this.compile(mirror, {
      ...(hasNoCheck ? { noCheck: true } : {}),
      ...WRITES,
      ...(allowImportingTsExtensions && rewritesExtensions ? { rewriteRelativeImportExtensions: true } : {}),
      declaration: false,
      declarationMap: false,
      isolatedDeclarations: false,
      noEmitOnError: false,
    });
    composeMaps(this.request.outDir, mirror, maps);
    // An older compiler checks our calls along with the program, which was checked before.
    if (!hasNoCheck) return 0;
    this.around.io.out(output);
    return code;
  }

  private mirror(name: string): Mirror {
    const { mirrors, packages } = this.around;
    return new Mirror(join(mirrors, name), this.base, packages);
  }

  private sourceFolder(): string {
    return commonFolder(this.files.filter((file) => SOURCE.test(file)));
  }

  /** Aliases of packages that are built along lead to their sources. */
  private withoutPackages(paths: object): object {
    const { packages } = this.around;
    return Object.fromEntries(Object.entries(paths).filter(([alias]) => !packages.has(alias.replace(/\/\*$/, ""))));
  }

  private instrument(file: string, enabled: boolean) {
    if (!SOURCE.test(file)) return null;
    const onWarning = ({ message }: { message: string }) => this.around.io.error(`${message}\n`);
    const options = { ...this.request.options, filename: file, ...(enabled ? { onWarning } : { enabled }) };
    return instrumentForBuild(readFileSync(file, "utf8"), options, this.around.news);
  }

  /** Runs the compiler on a mirror, with the project's configuration at the same place in it. */
  private async compile(mirror: Mirror, changes: Record<string, unknown>): Promise<{ code: number; output: string }> {
    const { config, outDir, compilerArguments } = this.request;
    const { tsBuildInfoFile: _, plugins: __, ...options } = this.project.compilerOptions;
    const compilerOptions = { ...options, composite: false, incremental: false, ...changes, outDir };
    if (options.declarationDir)
      Object.assign(compilerOptions, { declarationDir: changes.declaration ? outDir : undefined });
    // What writes nothing has no need to say where its files lie.
    if (options.noEmit && !options.rootDir)
      Object.assign(compilerOptions, { rootDir: mirror.pathOf(this.sourceFolder()) });
    if (options.paths) Object.assign(compilerOptions, { paths: this.withoutPackages(options.paths) });
    const files = this.project.files.map((file) => mirror.pathOf(file));
    const derived = join(dirname(config), "tsconfig.json");
    mirror.add(derived, JSON.stringify({ compilerOptions, files }, null, 2));
    const { code, output } = await this.around.compiler.run("-p", mirror.pathOf(derived), ...compilerArguments);
    return { code, output: mirror.translate(output, this.around.io.cwd) };
  }
}
