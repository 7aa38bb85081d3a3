/** One process of the truth benchmark: `run-truth.js <program>`. Nothing here is profiled. */
import { pathToFileURL } from "node:url";

const { run } = await import(pathToFileURL(process.argv[2]));
const began = performance.now();
await run();
console.log(`took ${(performance.now() - began).toFixed(0)}`);
