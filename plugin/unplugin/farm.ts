import { unplugin } from "./index.ts";

export type { Options } from "../core/options.ts";

/** `mprof/farm`: options as in docs/options.md. @throws MprofError for a wrong option */
export default unplugin.farm;
