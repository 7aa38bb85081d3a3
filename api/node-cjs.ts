/** The entry `mprof` for `require`; node.ts is the one for `import`. They differ in how they find the sampler. */
import { join } from "node:path";
import { setSamplerFile } from "../sampling/sampler-client.ts";

export * from "./node-api.ts";

setSamplerFile(join(__dirname, "..", "sampling", "sampler-process.js"));
