import type { UnpluginInstance } from "unplugin";
import type { Options } from "../core/options.ts";
import { createPlugin } from "./plugin.ts";

export type { Options } from "../core/options.ts";

/** `mprof/rollup`: options as in docs/options.md. Without unplugin, whose loading a small build would feel. @throws MprofError */
const mprof: UnpluginInstance<Options | undefined, false>["rollup"] = (options) => {
  const { esbuild, ...hooks } = createPlugin(options ?? {}, "rollup");
  return hooks as never;
};

export default mprof;
