import type TS from "typescript";
import { RUNTIME_MODULE } from "../../contract/runtime-module.ts";
import {
  compileFile,
  createSettings,
  type Host,
  isForUs,
  type Settings,
  tellWarnings,
  writePlan,
} from "../core/compile.ts";
import { createWarning, type Warning } from "../core/messages.ts";
import type { Options } from "../core/options.ts";
import { MARK_TEXT, pathFromRoot } from "../core/worth-reading.ts";
import { applyPlan } from "./apply-plan.ts";
import { chooseRuntimeForm } from "./choose-runtime.ts";
import { liftMarks } from "./lift-marks.ts";
import { hasSyntaxErrors, type ReadFile, readFile } from "./read-file.ts";
import type { Ts } from "./reader.ts";

/** What was read before checking: the tree no longer says it afterwards. Watchers hand in the same files again. */
const prepared = new WeakMap<TS.SourceFile, ReadFile>();

/** Compiles the files of a build, one by one. */
export class FileTransformer {
  private readonly ts: Ts;
  private readonly settings: Settings;

  constructor(options: Options, host: Host, ts: Ts) {
    this.ts = ts;
    this.settings = createSettings(options, host);
  }

  /** Before a file is bound: takes marks off its tree. @returns whether it calls `profile` without importing it */
  prepare(file: TS.SourceFile): boolean {
    if (file.isDeclarationFile || !MARK_TEXT.test(file.text) || !this.isForUs(file)) return false;
    const read = prepared.get(file) ?? this.tryRead(file);
    if (read && !prepared.has(file)) {
      prepared.set(file, read);
      liftMarks(file, read, this.ts);
    }
    return read?.isAmbient ?? false;
  }

  /** What goes wrong is told when the file is compiled. */
  private tryRead(file: TS.SourceFile): ReadFile | null {
    try {
      return readFile(file, this.pathOf(file), this.ts);
    } catch {
      return null;
    }
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
    const { ts, settings } = this;
    if (!this.isForUs(file)) return file;
    const path = this.pathOf(file);
    if (ts.getOriginalNode(file) !== file) {
      tellWarnings([changedBefore(path)], settings);
      return file;
    }
    this.prepare(file);
    const { fileName: filename, text } = file;
    const source = { filename, path, text, origin: null };
    const compilation = compileFile(source, settings, () => prepared.get(file) ?? readFile(file, path, ts));
    const { reading } = compilation;
    const result = reading
      ? writePlan(source, compilation, (plan) => {
          if (!plan && reading.marks.masks.length === 0) return file;
          const { isModule } = reading.outline;
          const emitted = { file, path, isModule, packageType: settings.host.packageTypeOf(filename) };
          const runtime = chooseRuntimeForm(
            emitted,
            settings.options,
            transformation.getCompilerOptions(),
            program,
            ts,
          );
          const runtimeModule = settings.options.runtimeModule ?? RUNTIME_MODULE;
          return applyPlan(file, plan, { ts, transformation, masks: reading.marks.masks, runtime, runtimeModule });
        })
      : file;
    tellWarnings(compilation.warnings, settings);
    return result;
  }

  private isForUs(file: TS.SourceFile): boolean {
    const { fileName, text, isDeclarationFile } = file;
    if (isDeclarationFile || fileName.endsWith(".json")) return false;
    return isForUs({ filename: fileName, path: this.pathOf(file), text }, this.settings) && !hasSyntaxErrors(file);
  }

  private pathOf({ fileName }: TS.SourceFile): string {
    return pathFromRoot(fileName, this.settings.root);
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
