import type TS from "typescript";
import { RUNTIME_MODULE } from "../../contract/runtime-module.ts";
import { type Host, planFile } from "../core/compile.ts";
import { createWarning, type Warning } from "../core/messages.ts";
import { isInstrumented } from "../core/names.ts";
import type { Options } from "../core/options.ts";
import { isWorthReading, MARK_TEXT, pathFromRoot } from "../core/worth-reading.ts";
import { applyPlan } from "./apply-plan.ts";
import { chooseRuntimeForm } from "./choose-runtime.ts";
import { liftMarks } from "./lift-marks.ts";
import { hasSyntaxErrors, type ReadFile, readFile } from "./read-file.ts";
import type { Ts } from "./read-outline.ts";

/** What was read before checking: the tree no longer says it afterwards. Watchers hand in the same files again. */
const prepared = new WeakMap<TS.SourceFile, ReadFile>();

/** Compiles the files of a build, one by one. */
export class FileCompiler {
  private readonly ts: Ts;
  private readonly options: Options;
  private readonly host: Host;
  private readonly root: string;

  constructor(options: Options, host: Host, ts: Ts) {
    this.ts = ts;
    this.options = { ...options, enabled: (options.enabled ?? true) && host.enabled };
    this.host = host;
    this.root = options.root ?? host.cwd;
  }

  /** Before a file is bound: takes marks off its tree. @returns whether it calls `profile` without importing it */
  prepare(file: TS.SourceFile): boolean {
    if (file.isDeclarationFile || !MARK_TEXT.test(file.text) || !this.isWorthReading(file)) return false;
    const read = prepared.get(file) ?? readFile(file, this.pathOf(file), this.ts);
    if (!prepared.has(file)) {
      prepared.set(file, read);
      liftMarks(file, read, this.ts);
    }
    return read.isAmbient;
  }

  /** @param program whose options and module formats hold; without one the transformation's options do */
  createTransformer(program: TS.Program | undefined): TS.TransformerFactory<TS.SourceFile> {
    return (transformation) => (file) => this.compile(file, transformation, program);
  }

  private compile(
    file: TS.SourceFile,
    transformation: TS.TransformationContext,
    program: TS.Program | undefined,
  ): TS.SourceFile {
    const { ts, options } = this;
    if (!this.isWorthReading(file)) return file;
    const path = this.pathOf(file);
    const report = options.onWarning ?? ((warning: Warning) => console.warn(warning.message));
    if (ts.getOriginalNode(file) !== file) {
      report(changedBefore(path));
      return file;
    }
    this.prepare(file);
    const { outline, marks } = prepared.get(file) ?? readFile(file, path, ts);
    const plan = options.enabled ? planFile(outline, marks, { path, text: file.text, origin: null }, options) : null;
    plan?.warnings.forEach(report);
    if (!plan?.table && marks.masks.length === 0) return file;
    const emitted = { file, path, isModule: outline.isModule, packageType: this.host.packageTypeOf(file.fileName) };
    const runtime = chooseRuntimeForm(emitted, options, transformation.getCompilerOptions(), program, ts);
    const runtimeModule = options.runtimeModule ?? RUNTIME_MODULE;
    return applyPlan(file, plan, { ts, transformation, masks: marks.masks, runtime: { runtime, runtimeModule } });
  }

  private isWorthReading(file: TS.SourceFile): boolean {
    const { fileName, text, isDeclarationFile } = file;
    if (isDeclarationFile || fileName.endsWith(".json") || isInstrumented(text)) return false;
    return isWorthReading({ path: this.pathOf(file), text }, this.options) && !hasSyntaxErrors(file);
  }

  private pathOf({ fileName }: TS.SourceFile): string {
    return pathFromRoot(fileName, this.root);
  }
}

/** Its nodes have no places any more that rows could be about. */
function changedBefore(file: string): Warning {
  const cure = "Put mprof before the other transformer.";
  return createWarning("MPROF_MARK_NOT_SEEN", "another transformer changed the file before mprof", cure, {
    file,
    line: 1,
    column: 1,
  });
}
