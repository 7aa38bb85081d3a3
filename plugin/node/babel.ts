import { createBabelPlugin } from "../babel/index.ts";
import { readOrigin } from "../source/origin.ts";
import { createHost } from "./host.ts";
import { factsOf } from "./project-facts.ts";

export type { Options } from "../core/options.ts";

/** `mprof/babel`: the Babel plugin, for Babel 7.22 to 8. */
export default createBabelPlugin(createHost(factsOf), readOrigin);
