import type { UnpluginInstance } from "unplugin";
import type { Options } from "../core/options.ts";
import { createPlugin } from "./plugin.ts";

export type { Options } from "../core/options.ts";

/** `mprof/vite`: options as in docs/options.md. Without unplugin, whose loading a small build would feel. @throws MprofError */
const mprof: UnpluginInstance<Options | undefined, false>["vite"] = (options) => {
  const { vite, esbuild, ...hooks } = createPlugin(options ?? {}, "vite");
  return { ...hooks, ...vite } as never;
};

export default mprof;
