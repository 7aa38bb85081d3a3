import { join } from "node:path";
import type TS from "typescript";
import { withoutOurDiagnostics } from "../typescript/language-service.ts";

/**
 * `mprof/tsserver`: the language-service plugin for editors. CommonJS, because tsserver requires its plugins; it finds
 * them in a folder of their own, because it does not read `exports`.
 */
export function init({ typescript }: { typescript: typeof TS }): TS.server.PluginModule {
  const globals = join(__dirname, "..", "..", "..", "..", "globals.d.ts");
  return {
    create: ({ languageService }) => withoutOurDiagnostics(languageService, typescript),
    getExternalFiles: () => [globals],
  };
}
