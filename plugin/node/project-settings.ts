import { dirname } from "node:path";
import { getTsconfig, type TsConfigJsonResolved } from "get-tsconfig";

/** What the compiler options of a project mean for running its files; the rest is for type checkers. */
export interface ProjectSettings {
  legacyDecorators: boolean;
  /** Class fields are assigned, not defined. */
  assignFields: boolean;
  jsx: "classic" | "automatic";
  jsxImportSource: string | undefined;
  jsxFactory: string | undefined;
  jsxFragmentFactory: string | undefined;
  keepUnusedImports: boolean;
  /** Options that need the type checker or other files, and so are not honoured. */
  unsupported: string[];
}

const cache = new Map<string, ProjectSettings>();

/** The settings of the nearest tsconfig.json, `extends` followed. */
export function settingsFor(filename: string): ProjectSettings {
  const folder = dirname(filename);
  const known = cache.get(folder);
  if (known) return known;
  const settings = readSettings(getTsconfig(folder)?.config.compilerOptions ?? {});
  cache.set(folder, settings);
  return settings;
}

function readSettings(options: NonNullable<TsConfigJsonResolved["compilerOptions"]>): ProjectSettings {
  const target = options.target?.toLowerCase();
  const isOldTarget = target !== undefined && !/^(es2022|es2023|es2024|es2025|esnext)$/.test(target);
  const unsupported = [];
  if (options.emitDecoratorMetadata) unsupported.push("emitDecoratorMetadata");
  if (options.paths) unsupported.push("paths");
  return {
    legacyDecorators: options.experimentalDecorators === true,
    assignFields:
      options.useDefineForClassFields === false || (isOldTarget && options.useDefineForClassFields !== true),
    jsx: options.jsx?.toLowerCase() === "react" ? "classic" : "automatic",
    jsxImportSource: options.jsxImportSource,
    jsxFactory: options.jsxFactory,
    jsxFragmentFactory: options.jsxFragmentFactory,
    keepUnusedImports: options.verbatimModuleSyntax === true,
    unsupported,
  };
}
