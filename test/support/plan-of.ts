import { createRequire } from "node:module";
import { join } from "node:path";
import type * as Babel from "@babel/core";
import type * as B from "@babel/types";
import ts from "typescript";
import { type Parse, readFile } from "../../plugin/babel/read-file.ts";
import { createSettings, planFile } from "../../plugin/core/compile.ts";
import type { Options } from "../../plugin/core/options.ts";
import { printProbes } from "../../plugin/core/print-plan.ts";
import { createHost } from "../../plugin/node/host.ts";
import { factsOf } from "../../plugin/node/project-facts.ts";
import { createParser } from "../../plugin/source/parse.ts";
import { readFile as readWithTypeScript } from "../../plugin/typescript/read-file.ts";
import { BABEL_7, BABEL_8, parserPlugins, settingsFor } from "./back-ends.ts";
import { ROOT } from "./load-fixture.ts";
import { parseWithTypeScript } from "./typescript-back-end.ts";

const require = createRequire(import.meta.url);

/** The plan that a back-end's own parser leads to, printed. */
export function planOf(backEnd: string, text: string, path: string, given: Options): string {
  const file = { filename: join(ROOT, path), path, text, origin: null };
  const settings = createSettings(
    { root: ROOT, ...given },
    createHost(factsOf, { MPROF_MODE: process.env.MPROF_MODE }),
  );
  const reading =
    backEnd === "typescript"
      ? readWithTypeScript(parseWithTypeScript(text, path), path, ts)
      : readFile(file, null, parserOf(backEnd, path));
  return printProbes(planFile<B.Node | ts.Node>(reading, file, settings), text);
}

function parserOf(backEnd: string, path: string): Parse {
  if (backEnd === "source") return createParser(path, "module");
  const core = require(backEnd === "babel8" ? BABEL_8! : BABEL_7) as typeof Babel;
  return (text, settings) =>
    core.parseSync(text, {
      ...settingsFor(path),
      filename: join(ROOT, path),
      parserOpts: {
        plugins: parserPlugins(path) as never,
        allowReturnOutsideFunction: true,
        allowNewTargetOutsideFunction: true,
        ...settings,
      },
    }) as unknown as B.File;
}
