/** The entry `mprof` for `import`; node-cjs.ts is the one for `require`. They differ in how they find the sampler. */
import { fileURLToPath } from "node:url";
import { setSamplerFile } from "../sampling/sampler-client.ts";

export * from "./node-api.ts";

setSamplerFile(fileURLToPath(new URL("../sampling/sampler-process.js", import.meta.url)));
