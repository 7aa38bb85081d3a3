/** `mprof/runtime` on hosts other than Node: the core, and what bundlers leave out of a program that does not use it. */
import { table } from "./index.ts";

export * from "./api-types.ts";
export { configure, MprofError, noprofile, profile, report, timestamp } from "./generic-api.ts";
export { getProfile, reset, start, stop, table } from "./index.ts";

/** What compiled modules import. */
export default { table };
