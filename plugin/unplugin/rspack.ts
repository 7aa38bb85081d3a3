import { unplugin } from "./index.ts";

export type { Options } from "../core/options.ts";

/** `mprof/rspack`: options as in docs/options.md. @throws MprofError for a wrong option */
export default unplugin.rspack;
