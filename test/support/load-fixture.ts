import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Options } from "../../plugin/core/options.ts";

/** `[usage MiB, increment MiB, occurrences]` by line number: every row that has data. */
export type ExpectedRows = Record<string, [number, number, number]>;

export interface FixtureCall {
  args: unknown[];
  returns?: unknown;
  /** `TypeError`, or `TypeError: message`. */
  throws?: string;
  logs?: unknown[];
  lines?: ExpectedRows;
  listings?: Record<string, ExpectedRows>;
}

export interface FixtureCase {
  says: string;
  options?: Options;
  calls?: FixtureCall[];
  /** Display names of the listings, in source order. */
  marked?: string[];
  /** Codes, in order of their places. */
  warnings?: string[];
  /** The error, `TS1136`, by which TypeScript's parser refuses the input; then no question is asked of it. */
  refused?: string;
  /** Syntax that is compiled away where the engine at hand lacks it: `using`, `decorators`. */
  needs?: string;
}

export interface Fixture extends FixtureCase {
  /** `if/without-braces` */
  name: string;
  folder: string;
  /** Path of the input relative to the repository. */
  path: string;
  input: string;
}

export const ROOT = process.cwd();

/** Every case under `fixtures/syntax`, or the ones that FIXTURE names; of these the share that FIXTURE_SHARE asks for. */
export function loadFixtures(): Fixture[] {
  const fixtures = loadAll();
  if (!process.env.FIXTURE_SHARE) return fixtures;
  const match = /^(\d+)\/(\d+)$/.exec(process.env.FIXTURE_SHARE);
  if (!match) throw new Error("FIXTURE_SHARE must be as 0/3, the first of every three");
  return fixtures.filter((_, index) => index % Number(match[2]) === Number(match[1]));
}

function loadAll(): Fixture[] {
  const fixtures: Fixture[] = [];
  const base = "fixtures/syntax";
  for (const construct of foldersIn(base)) {
    for (const name of foldersIn(join(base, construct))) {
      const folder = `${base}/${construct}/${name}`;
      if (process.env.FIXTURE && !`${construct}/${name}`.includes(process.env.FIXTURE)) continue;
      const file = readdirSync(folder).find((entry) => entry.startsWith("input."));
      if (!file || !existsSync(join(folder, "case.json"))) throw new Error(`${folder} has no input or no case.json`);
      const path = `${folder}/${file}`;
      const said = JSON.parse(readFileSync(join(folder, "case.json"), "utf8")) as FixtureCase;
      fixtures.push({ ...said, name: `${construct}/${name}`, folder, path, input: readFileSync(path, "utf8") });
    }
  }
  return fixtures;
}

export function foldersIn(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name)
    .sort();
}
