import { createUnplugin } from "unplugin";
import type { Options } from "../core/options.ts";
import { createPlugin } from "./plugin.ts";

export const unplugin = createUnplugin((options: Options | undefined, { framework }) =>
  createPlugin(options ?? {}, framework),
);
