import { dirname, resolve } from "node:path";
import {
  type Cache,
  createFilesMatcher,
  createPathsMatcher,
  findTsconfig,
  type PathsMatcher,
  parseTsconfig,
  type TsConfigJsonResolved,
} from "get-tsconfig";

export type CompilerOptions = NonNullable<TsConfigJsonResolved["compilerOptions"]>;

/** What the tsconfig.json that a file belongs to says, `extends` followed. */
export interface Project {
  /** Of the tsconfig.json. */
  path: string;
  compilerOptions: CompilerOptions;
  /** The files that an alias of `paths` may mean; `null` without `paths`. */
  pathsOf: PathsMatcher | null;
  /** Every file that was read for it. */
  files: string[];
}

interface Candidate extends Project {
  includes(filename: string): boolean;
}

/** By the path of a tsconfig.json: itself and those that it references. */
const known = new Map<string, Candidate[]>();
const nearest = new Map<string, string | undefined>();

/**
 * The project of a file: the nearest tsconfig.json, or that of its references which includes the file, as editors have it;
 * `null` if there is none.
 *
 * @throws Error for a tsconfig.json that cannot be read
 */
export function projectOf(filename: string): Project | null {
  const folder = dirname(filename);
  if (!nearest.has(folder)) nearest.set(folder, findTsconfig(folder));
  const path = nearest.get(folder);
  if (path === undefined) return null;
  const candidates = known.get(path) ?? readAll(path);
  known.set(path, candidates);
  return candidates.find((each) => each.includes(filename)) ?? candidates[0]!;
}

function readAll(path: string, seen = new Set([path])): Candidate[] {
  const { candidate, references } = read(path);
  const others = references.filter((each) => !seen.has(each));
  for (const each of others) seen.add(each);
  return [candidate, ...others.flatMap((each) => readAll(each, seen))];
}

function read(path: string): { candidate: Candidate; references: string[] } {
  const cache: Cache = new Map();
  const config = parseTsconfig(path, cache);
  const matches = createFilesMatcher({ path, config });
  const candidate = {
    path,
    compilerOptions: config.compilerOptions ?? {},
    pathsOf: createPathsMatcher({ path, config }),
    files: [path, ...filesIn(cache)],
    includes: (filename: string) => matches(filename) !== undefined,
  };
  const references = (config.references ?? []).map((each) => {
    const target = resolve(dirname(path), each.path);
    return target.endsWith(".json") ? target : resolve(target, "tsconfig.json");
  });
  return { candidate, references };
}

/** What get-tsconfig keeps is named by the call that it was got by. */
function filesIn(cache: Cache): string[] {
  return [...cache.keys()].flatMap((key) => /^readFileSync:(.*):utf8$/.exec(key)?.[1] ?? []);
}
