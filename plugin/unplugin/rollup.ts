import { unplugin } from "./index.ts";

export type { Options } from "./index.ts";

/** `mprof/rollup`: options as in docs/options.md. @throws MprofError for a wrong option */
export default unplugin.rollup;
