import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { ROOT } from "./load-fixture.ts";

/**
 * A package that only some tests need, such as another major of a compiler: installed into `.cache/packages` when
 * MPROF_TEST_ALL=1 (as `.ci/run` sets it) or when it is there already.
 *
 * @returns the folder whose `node_modules` has it, or `null`, and then a line has said how to enable the tests
 */
export function fetchPackage(name: string, version: string, ...besides: string[]): string | null {
  const folder = join(ROOT, ".cache", "packages", [`${name}@${version}`, ...besides].join("+").replaceAll("/", "-"));
  if (existsSync(join(folder, "node_modules", name, "package.json"))) return folder;
  if (process.env.MPROF_TEST_ALL !== "1") {
    console.log(
      `  not tested: ${[`${name} ${version}`, ...besides].join(" with ")}; MPROF_TEST_ALL=1 npm test fetches it`,
    );
    return null;
  }
  const wanted = [`${name}@${version}`, ...besides];
  execFileSync(
    "npm",
    ["install", "--prefix", folder, "--no-save", "--no-audit", "--no-fund", "--loglevel=error", ...wanted],
    {
      stdio: ["ignore", "ignore", "inherit"],
    },
  );
  return folder;
}
