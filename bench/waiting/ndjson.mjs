/** Reads 49 MB of NDJSON line by line and keeps it: `npx mprof [--mode exact] bench/waiting/ndjson.mjs`. */
import { createReadStream, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { Worker } from "node:worker_threads";

const FILE = join(tmpdir(), `mprof-rows-${process.pid}.ndjson`);

/** In a thread of its own: what it takes is given back before anything is measured. */
function makeRows() {
  const note = "x".repeat(70);
  const rows = Array.from({ length: 250_000 }, (_, id) =>
    JSON.stringify({
      id,
      name: `user number ${id}`,
      tags: ["a", `b${id}`, "c"],
      score: id / 7,
      city: "Somewhere",
      note,
    }),
  );
  return `${rows.join("\n")}\n`;
}

// @profile
function parse(line) {
  return JSON.parse(line);
}

// @profile
async function main() {
  const rows = [];
  for await (const line of createInterface({ input: createReadStream(FILE) })) {
    rows.push(parse(line));
  }
  return rows;
}

const code = `require("node:fs").writeFileSync(${JSON.stringify(FILE)}, (${makeRows})())`;
await new Promise((resolve) => new Worker(code, { eval: true }).on("exit", resolve));
const grown = ({ rss, heapUsed, external }) => [rss, heapUsed + external].map((bytes) => bytes / 2 ** 20);
const before = grown(process.memoryUsage());
globalThis.kept = await main();
const after = grown(process.memoryUsage());
console.error(`the process grew by ${after.map((mib, i) => (mib - before[i]).toFixed(1)).join(" MiB rss, ")} MiB heap`);
rmSync(FILE);
