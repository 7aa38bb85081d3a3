import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { ROOT } from "./load-fixture.ts";

/** Whether tests may install other versions of what they need. */
const MAY_INSTALL = process.env.MPROF_TEST_ALL === "1";
export const HOW_TO_ENABLE =
  "MPROF_TEST_ALL=1 npm test installs other versions of TypeScript into .cache/ and tests them";

/** Folders of packages of these versions, installed together on demand below `.cache/`; `null` if they may not be. */
export function installedPackages(versions: Readonly<Record<string, string>>): Record<string, string> | null {
  const wanted = Object.entries(versions).map(([name, version]) => `${name}@${version}`);
  const folder = join(ROOT, ".cache/packages", wanted.join("+"));
  const folders = Object.fromEntries(Object.keys(versions).map((name) => [name, join(folder, "node_modules", name)]));
  if (Object.values(folders).every((path) => existsSync(join(path, "package.json")))) return folders;
  if (!MAY_INSTALL) return null;
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "package.json"), "{}");
  const flags = ["--no-save", "--no-audit", "--no-fund", "--legacy-peer-deps"];
  execFileSync("npm", ["install", ...flags, ...wanted], { cwd: folder, stdio: "ignore" });
  return folders;
}
