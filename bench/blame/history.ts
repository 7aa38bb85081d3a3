/** What git knows of the lines of two versions. Nothing is written into the repository. */
import { execFileSync } from "node:child_process";
import { normalise } from "../../cli/diff/align.ts";

const SOURCE = /(?<!\.d|\.min)\.[cm]?[jt]sx?$/;
const SOURCES = ["js", "ts", "jsx", "tsx", "mjs", "mts", "cjs", "cts"].map((ending) => `*.${ending}`);
const ALGORITHMS = ["myers", "minimal", "patience", "histogram"];

export interface Commits {
  base: string;
  changed: string;
}

/** Lines from 1. */
export interface Place {
  file: string;
  line: number;
}

/** Lines that stand in place of others. */
interface Hunk {
  old: Lines;
  now: Lines;
}
interface Lines {
  /** Of the first; of none, where the first would be. */
  first: number;
  count: number;
}

export class History {
  private readonly folder: string;

  /** @param folder a checkout, or a bare repository */
  constructor(folder: string) {
    this.folder = folder;
  }

  /** Of the main line that touch JavaScript or TypeScript, the last first. */
  commits(): string[] {
    return this.git("log", "--first-parent", "--format=%H", "HEAD", "--", ...SOURCES)
      .split("\n")
      .filter(Boolean);
  }

  /** Files that are there before, after or both, and differ. */
  changedBetween({ base, changed }: Commits): string[] {
    return this.git("diff", "--no-renames", "--name-only", base, changed)
      .split("\n")
      .filter((file) => SOURCE.test(file));
  }

  /** `null` if there is no such file. */
  textOf(commit: string, file: string): string | null {
    return this.git("ls-tree", "--name-only", commit, "--", file) === "" ? null : this.git("show", `${commit}:${file}`);
  }

  git(...args: string[]): string {
    const options = ["-c", "core.quotePath=false", "-C", this.folder];
    return execFileSync("git", [...options, ...args], { encoding: "utf8", maxBuffer: 2 ** 30 });
  }
}

/** Two versions of all files; of each, git is asked once. */
export class Versions {
  private readonly history: History;
  private readonly commits: Commits;
  private readonly blamed = new Map<string, Blamed>();
  private readonly hunks = new Map<string, Hunk[][]>();
  private readonly counts = new Map<string, Map<string, number>>();

  constructor(history: History, commits: Commits) {
    this.history = history;
    this.commits = commits;
  }

  /** Where blame says that a line of the later version stood in the base. */
  originOf({ file, line }: Place): Place | undefined {
    return this.blame(file).origins.get(line);
  }

  /** Where in the same file blame says that a line of the base stands now: moved, or copied, in several places. */
  whereNow({ file, line }: Place): readonly Place[] {
    return this.blame(file).heirs.get(line) ?? [];
  }

  /** Whether a line of that text stands in either version of a file more than once. */
  isRepeated(text: string, file: string): boolean {
    return Object.values(this.commits).some((commit) => (this.countsOf(commit, file).get(normalise(text)) ?? 0) > 1);
  }

  /** Whether one of git's ways to compare takes both for one line, or for lines that take each other's place. */
  mayBeOne(before: Place, after: Place): boolean {
    if (before.file !== after.file) return false;
    return this.hunksOf(after.file).some((hunks) => {
      const hunk = hunks.find(({ old }) => holds(old, before.line));
      if (hunk) return holds(hunk.now, after.line);
      const above = hunks.findLast(({ old }) => old.first + old.count <= before.line);
      const shift = above ? above.now.first + above.now.count - (above.old.first + above.old.count) : 0;
      return before.line + shift === after.line;
    });
  }

  private blame(file: string): Blamed {
    const known = this.blamed.get(file);
    if (known) return known;
    const { base, changed } = this.commits;
    const blamed: Blamed = { origins: new Map(), heirs: new Map() };
    this.blamed.set(file, blamed);
    if (this.history.textOf(changed, file) === null) return blamed;
    const paths = new Map<string, string>();
    let [commit, line, now] = ["", 0, 0];
    const range = `${base}..${changed}`;
    const said = this.history.git("blame", "-M", "-w", "--first-parent", "--porcelain", range, "--", file);
    for (const each of said.split("\n")) {
      const head = /^([0-9a-f]{40}) (\d+) (\d+)/.exec(each);
      if (head) [commit, line, now] = [head[1]!, Number(head[2]), Number(head[3])];
      else if (each.startsWith("filename ")) paths.set(commit, each.slice("filename ".length));
      else if (each.startsWith("\t") && commit === base) {
        const origin = paths.get(commit)!;
        blamed.origins.set(now, { file: origin, line });
        if (origin === file) blamed.heirs.set(line, [...(blamed.heirs.get(line) ?? []), { file, line: now }]);
      }
    }
    return blamed;
  }

  /** By each of git's algorithms, with blanks and without. */
  private hunksOf(file: string): Hunk[][] {
    const known = this.hunks.get(file);
    if (known) return known;
    const { base, changed } = this.commits;
    const found = ALGORITHMS.flatMap((algorithm) =>
      [[], ["-w"]].map((blanks) => {
        const ways = ["-U0", "--no-renames", `--diff-algorithm=${algorithm}`, ...blanks];
        const said = this.history.git("diff", ...ways, base, changed, "--", file);
        return [...said.matchAll(/^@@ -(\d+)(?:,(\d+))? \+(\d+)(?:,(\d+))? @@/gm)].map(
          ([, a, n, b, m]): Hunk => ({ old: linesOf(a!, n), now: linesOf(b!, m) }),
        );
      }),
    );
    this.hunks.set(file, found);
    return found;
  }

  private countsOf(commit: string, file: string): Map<string, number> {
    const key = `${commit}:${file}`;
    const known = this.counts.get(key);
    if (known) return known;
    const counts = new Map<string, number>();
    for (const line of (this.history.textOf(commit, file) ?? "").split("\n")) {
      const text = normalise(line);
      counts.set(text, (counts.get(text) ?? 0) + 1);
    }
    this.counts.set(key, counts);
    return counts;
  }
}

interface Blamed {
  /** By line of the later version. */
  origins: Map<number, Place>;
  /** By line of the base. */
  heirs: Map<number, Place[]>;
}

/** As a hunk says it: of no lines it names the one above. */
function linesOf(first: string, count = "1"): Lines {
  return { first: Number(first) + (count === "0" ? 1 : 0), count: Number(count) };
}

function holds({ first, count }: Lines, line: number): boolean {
  return line >= first && line < first + count;
}
