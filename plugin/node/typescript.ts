import { createTypeScriptPlugin } from "../typescript/index.ts";
import { createHost } from "./host.ts";
import { factsOf } from "./project-facts.ts";

export { MprofError } from "../core/messages.ts";
export type { Options } from "../core/options.ts";
export type { PluginConfig } from "../typescript/program.ts";

const plugin = createTypeScriptPlugin(createHost(factsOf));

/**
 * `mprof/typescript`: the program transformer for ts-patch.
 *
 * @example
 * { "compilerOptions": { "plugins": [{ "transform": "mprof/typescript", "transformProgram": true }] } }
 */
export default plugin.transformProgram;

/**
 * The transformer alone, for those who emit a program themselves. `@profile` on plain functions stays an error of the
 * type checker there; comments, directives and calls are fine.
 *
 * @example
 * program.emit(undefined, undefined, undefined, false, { before: [createTransformer(program, {}, ts)] });
 */
export const createTransformer = plugin.createTransformer;
