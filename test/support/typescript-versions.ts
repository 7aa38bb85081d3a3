import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { ROOT } from "./load-fixture.ts";

/** Whether tests may install other versions of what they need. */
export const MAY_INSTALL = process.env.MPROF_TEST_ALL === "1";
export const HOW_TO_ENABLE =
  "MPROF_TEST_ALL=1 npm test installs other versions of TypeScript into .cache/ and tests them";

/** The folder of a package of that version, installed on demand below `.cache/`; `null` if it is not there and may not be. */
export function installedPackage(name: string, version: string): string | null {
  const folder = join(ROOT, ".cache/packages", `${name.replace("/", "-")}-${version}`);
  const installed = join(folder, "node_modules", name);
  if (existsSync(join(installed, "package.json"))) return installed;
  if (!MAY_INSTALL) return null;
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "package.json"), "{}");
  execFileSync("npm", ["install", "--no-save", "--no-audit", "--no-fund", "--force", `${name}@${version}`], {
    cwd: folder,
    stdio: "ignore",
  });
  return installed;
}
