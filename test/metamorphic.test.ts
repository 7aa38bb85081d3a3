import assert from "node:assert/strict";
import { type BackEnd, babel, source } from "./support/back-ends.ts";
import { type Fixture, loadFixtures } from "./support/load-fixture.ts";
import {
  breaks,
  comments,
  isSameProgram,
  lineEnds,
  type Mutant,
  type Original,
  parentheses,
  readOriginal,
} from "./support/mutations.ts";
import { treeOf } from "./support/tree-shape.ts";
import { typescript } from "./support/typescript-back-end.ts";
import { compareAll, compareOwn, type Made, make } from "./support/written.ts";

/**
 * What changes nothing in a program changes nothing in what is made of it: comments and line ends between any two tokens of
 * every fixture, parentheses round its expressions, other line ends all through. A mutant is left out where it is another
 * program, by its tree, or where the back-end's parser refuses it. Under a bare `npm test` every eleventh is tried, with
 * MPROF_TEST_ALL=1 every fifth, primes, so that each kind of comment and line end has its turn; `npm run mutations` tries all of them.
 */
const BACK_ENDS: readonly BackEnd[] = [source, babel, typescript];
const { MPROF_TEST_ALL, MPROF_TEST_EVERY = MPROF_TEST_ALL === "1" ? "5" : "11" } = process.env;
const EVERY = Number(MPROF_TEST_EVERY);

interface Mutation {
  mutate(original: Original): Iterable<Mutant>;
  /**
   * Each back-end writes what it wrote; where rows move, the program's own tokens are what stays, and every back-end writes
   * the program that the text's does.
   */
  keepsRows: boolean;
}

const MUTATIONS: Record<string, Mutation> = {
  comments: { mutate: comments, keepsRows: true },
  parentheses: { mutate: parentheses, keepsRows: true },
  lineEnds: { mutate: lineEnds, keepsRows: true },
  breaks: { mutate: breaks, keepsRows: false },
};

interface Subject {
  fixture: Fixture;
  original: Original;
  /** By those back-ends whose parser takes it, the text's first. */
  made: ReadonlyMap<BackEnd, Made>;
}

let subjects: Subject[] | null = null;

/** Parsed and compiled once for all kinds of mutations. */
function readSubjects(): Subject[] {
  subjects ??= loadFixtures().flatMap((fixture) => readSubject(fixture, BACK_ENDS));
  return subjects;
}

function readSubject(fixture: Fixture, backEnds: readonly BackEnd[]): Subject[] {
  const original = readOriginal(fixture);
  const able = backEnds.filter((backEnd) => !backEnd.rejects?.(fixture.input, fixture.path));
  const made = new Map(able.map((backEnd) => [backEnd, make(backEnd, fixture, fixture.input)]));
  return original ? [{ fixture, original, made }] : [];
}

describe("mutations of the fixtures", function () {
  this.timeout(1_200_000);
  const tried = new Map(BACK_ENDS.map(({ name }) => [name, 0]));

  it("are made of programs that all back-ends write alike", () => {
    for (const { fixture, made } of readSubjects()) {
      const [first, ...others] = made.values();
      for (const other of others) assert.equal(compareAll(first!, other), null, fixture.name);
    }
  });

  for (const [kind, mutation] of Object.entries(MUTATIONS)) {
    it(`${kind} change nothing but themselves`, () => {
      let index = 0;
      const failures: string[] = [];
      for (const subject of readSubjects()) {
        for (const mutant of mutation.mutate(subject.original)) {
          if (index++ % EVERY !== 0 || !isSameProgram(mutant, subject.original)) continue;
          for (const [{ name }, problem] of problemsOf(mutant, mutation, subject)) {
            tried.set(name, tried.get(name)! + 1);
            if (problem) failures.push(`${subject.fixture.name}, ${name}: ${problem}\n${mutant.text}`);
          }
        }
      }
      assert.ok(index > 0);
      assert.deepEqual(failures.slice(0, 5), [], `${failures.length} of ${index}`);
    });
  }

  after(() => {
    for (const [name, count] of tried) console.log(`    ${count} mutations by ${name}`);
  });
});

describe("a mutation tells of", () => {
  const input = "// @profile\nexport function run(n) {\n  const a = n + 1;\n  return a;\n}\n";
  const fixture: Fixture = { says: "", name: "", folder: "", path: "a.js", input };
  const FAULTS: Record<string, [spoil: (code: string) => string | null, where: string[]]> = {
    "an operator that is lost": [(code) => code.replace(/(line\(3\); const a = n) \+ 1/, "$1"), Object.keys(MUTATIONS)],
    "a statement that is lost": [
      (code) => code.replace(/(line\(3\);) const a = n \+ 1;/, "$1"),
      Object.keys(MUTATIONS),
    ],
    "a file left alone": [() => null, Object.keys(MUTATIONS)],
    "what is no program": [(code) => `${code})`, Object.keys(MUTATIONS)],
    "a probe that is lost": [(code) => code.replace("__mp.line(3); ", ""), ["comments", "parentheses", "lineEnds"]],
    "a probe of another row": [(code) => code.replace("line(3)", "line(4)"), ["comments", "parentheses", "lineEnds"]],
  };

  for (const [says, [spoil, where]] of Object.entries(FAULTS)) {
    const spoiling: BackEnd = {
      name: "spoiling",
      compile(text, path, options) {
        const result = source.compile(text, path, options);
        return text === input || options.enabled === false
          ? result
          : { ...result, code: result.code && spoil(result.code) };
      },
    };
    it(says, () => {
      const [alone] = readSubject(fixture, [spoiling]);
      for (const kind of where) assert.ok(hasProblem(MUTATIONS[kind]!, alone!), kind);
    });
  }

  function hasProblem(mutation: Mutation, subject: Subject): boolean {
    const mutants = [...mutation.mutate(subject.original)].filter((each) => isSameProgram(each, subject.original));
    return mutants.some((mutant) => [...problemsOf(mutant, mutation, subject)].some(([, problem]) => problem !== null));
  }
});

/** What is wrong with what each back-end makes of a mutant. */
function* problemsOf(
  { text }: Mutant,
  { keepsRows }: Mutation,
  { fixture, made }: Subject,
): Generator<[BackEnd, string | null]> {
  let byText: Made | null = null;
  for (const [backEnd, original] of made) {
    if (backEnd.rejects?.(text, fixture.path)) continue;
    const compare = keepsRows || byText ? compareAll : compareOwn;
    const expected = keepsRows ? original : (byText ?? original);
    const problem = problemOrError(() => {
      const actual = make(backEnd, fixture, text);
      byText ??= actual;
      return compare(expected, actual);
    });
    yield [backEnd, problem?.includes("no program") && !isPrintable(backEnd, fixture, text) ? null : problem];
  }
}

/** What throws is a failure of one mutant among others. */
function problemOrError(find: () => string | null): string | null {
  try {
    return find();
  } catch (error) {
    return String(error);
  }
}

/** Whether what a back-end prints is a program where nothing of ours is in it: Babel puts line ends behind `abstract`. */
function isPrintable(backEnd: BackEnd, { path, options = {} }: Fixture, text: string): boolean {
  const { code } = backEnd.compile(text, path, { ...options, enabled: false });
  return code === null || treeOf(code, path) !== null;
}
