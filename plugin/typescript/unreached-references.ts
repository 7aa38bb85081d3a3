import type TS from "typescript";
import { createWarning, type Warning } from "../core/messages.ts";

/**
 * References whose output has probes, where the program imports another output of the same folder: by its name, a package
 * leads to what its package.json names, and the probes never run.
 */
export function unreachedReferences(program: TS.Program, pathOf: (file: string) => string): Warning[] {
  return (program.getResolvedProjectReferences() ?? []).flatMap((reference) => {
    const { options, fileNames } = reference?.commandLine ?? {};
    const outDir = options?.outDir;
    if (!reference || !options || outDir === undefined || !hasProbes(options)) return [];
    const config = reference.sourceFile.fileName;
    const folder = `${config.slice(0, config.lastIndexOf("/"))}/`;
    const imported = program.getSourceFiles().find(({ fileName, isDeclarationFile }) => {
      const isOutput = [outDir, options.declarationDir].some((each) => each && fileName.startsWith(`${each}/`));
      const isElsewhere = fileName.startsWith(folder) && !fileName.includes("/node_modules/");
      return isDeclarationFile && isElsewhere && !isOutput && !fileNames?.includes(fileName);
    });
    if (!imported) return [];
    const what = `${pathOf(imported.fileName)} is what the program imports, and not ${pathOf(outDir)}, which is built with probes: they never run`;
    const cure = `Build it by mprof build -p <tsconfig> --out <dir>, which leads imports there; docs/typescript.md has other ways.`;
    return [createWarning("MPROF_NOT_REACHED", what, cure, { file: pathOf(config), line: 1, column: 1 })];
  });
}

function hasProbes({ plugins }: TS.CompilerOptions): boolean {
  const entries: readonly unknown[] = Array.isArray(plugins) ? plugins : [];
  return entries.some(
    (each) => typeof each === "object" && each && "transform" in each && /^mprof\b/.test(String(each.transform)),
  );
}
