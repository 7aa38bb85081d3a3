// npm run demo: the classic example as a newcomer would run it, then the same with --gc.
import { spawnSync } from "node:child_process";

for (const args of [["examples/classic.ts"], ["--gc", "examples/classic.ts"]]) {
  console.log(`\n$ npx mprof ${args.join(" ")}\n`);
  const { status } = spawnSync(process.execPath, ["dist/esm/cli/bin.js", ...args], { stdio: "inherit" });
  if (status !== 0) process.exit(status ?? 1);
}
