import { unplugin } from "./index.ts";

export type { Options } from "../core/options.ts";

/** `mprof/webpack`: options as in docs/options.md. @throws MprofError for a wrong option */
export default unplugin.webpack;
