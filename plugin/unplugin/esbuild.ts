import { unplugin } from "./index.ts";

export type { Options } from "../core/options.ts";

/** `mprof/esbuild`: options as in docs/options.md. @throws MprofError for a wrong option */
export default unplugin.esbuild;
