import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
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
    tellOnce(`${[`${name} ${version}`, ...besides].join(" with ")}; MPROF_TEST_ALL=1 npm test fetches it`);
    return null;
  }
  install(folder, [`${name}@${version}`, ...besides]);
  return folder;
}

/**
 * Packages that some tests need together, of exact versions, as `fetchPackage` does for one.
 *
 * @returns the folder whose `node_modules` has them, or `null`
 */
export function fetchPackages(label: string, wanted: Readonly<Record<string, string>>): string | null {
  const folder = join(ROOT, ".cache", "packages", label);
  const manifest = `${JSON.stringify({ private: true, dependencies: wanted }, null, 2)}\n`;
  const kept = join(folder, "package.json");
  if (existsSync(join(folder, "node_modules")) && existsSync(kept) && readFileSync(kept, "utf8") === manifest)
    return folder;
  if (process.env.MPROF_TEST_ALL !== "1") {
    tellOnce(`${label} (${Object.keys(wanted).join(", ")}); MPROF_TEST_ALL=1 npm test fetches them`);
    return null;
  }
  mkdirSync(folder, { recursive: true });
  // Written last: a folder whose installation was interrupted is not taken for a whole one.
  rmSync(kept, { force: true });
  install(
    folder,
    Object.entries(wanted).map(([name, version]) => `${name}@${version}`),
  );
  writeFileSync(kept, manifest);
  return folder;
}

function install(folder: string, wanted: readonly string[]): void {
  const flags = ["--no-save", "--no-audit", "--no-fund", "--loglevel=error", "--legacy-peer-deps"];
  execFileSync("npm", ["install", "--prefix", folder, ...flags, ...wanted], { stdio: ["ignore", "ignore", "inherit"] });
}

const told = new Set<string>();

/** Several test files may need the same. */
function tellOnce(what: string): void {
  if (!told.has(what)) console.log(`  not tested: ${what}`);
  told.add(what);
}
