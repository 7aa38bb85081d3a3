import type { UnpluginInstance } from "unplugin";
import type { Options } from "../core/options.ts";
import { createPlugin } from "./plugin.ts";

export type { Options } from "../core/options.ts";

/** `mprof/rolldown`: options as in docs/options.md. Without unplugin, whose loading a small build would feel. @throws MprofError */
const mprof: UnpluginInstance<Options | undefined, false>["rolldown"] = (options) => {
  const { esbuild, ...hooks } = createPlugin(options ?? {}, "rolldown");
  return hooks as never;
};

export default mprof;
