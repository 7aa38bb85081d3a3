import assert from "node:assert/strict";
import type { ModuleTable } from "../contract/module-table.ts";
import type { Options } from "../plugin/core/options.ts";
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
import { planOf } from "./support/plan-of.ts";
import { type Token, tokensOf, treeOf } from "./support/tree-shape.ts";
import { typescript } from "./support/typescript-back-end.ts";

/**
 * What changes nothing in a program changes nothing in what is made of it: comments and line ends between any two tokens of
 * every fixture, parentheses round its expressions, other line ends all through. Under a bare `npm test` every eleventh
 * mutation is tried, a prime, so that each kind of comment and line end has its turn; with MPROF_TEST_ALL=1 all of them. A mutant is left out where it is another program, by its tree, or
 * where the back-end's parser refuses it.
 */
const BACK_ENDS: readonly BackEnd[] = [source, babel, typescript];
const EVERY = process.env.MPROF_TEST_ALL === "1" ? 1 : 11;

/** Whether what a back-end prints is a program where nothing of ours is in it: Babel puts line ends behind `abstract`. */
function isPrintable(backEnd: BackEnd, { path, options = {} }: Fixture, text: string): boolean {
  const { code } = backEnd.compile(text, path, { ...options, enabled: false });
  return code === null || treeOf(code, path) !== null;
}

/** What a back-end makes of a text. */
class Written {
  readonly table: ModuleTable;
  private readonly code: string;
  private readonly path: string;
  private tree: string | null = null;
  private tokens: string[] | null = null;

  constructor(code: string, table: ModuleTable, path: string) {
    this.code = code;
    this.table = table;
    this.path = path;
  }

  /** Asked for by every mutant. */
  getTree(): string {
    this.tree ??= this.orFail(treeOf(this.code, this.path));
    return this.tree;
  }

  getOwnTokens(): string[] {
    this.tokens ??= ownTokens(this.orFail(tokensOf(this.code, this.path)));
    return this.tokens;
  }

  private orFail<T>(found: T | null): T {
    assert.ok(found, `no program:\n${this.code}`);
    return found;
  }
}

interface Made {
  /** `null` if the text is left alone. */
  written: Written | null;
  warnings: string[];
}

let lastPlan = { text: "", path: "", plan: "" };

interface Mutation {
  mutate(original: Original): Iterable<Mutant>;
  /** @returns what is wrong with what was made of a mutant */
  compare(expected: Written, actual: Written): string | null;
  /** The rows stay, so every back-end plans what it planned; else all of them plan the same. */
  keepsRows: boolean;
}

const MUTATIONS: Record<string, Mutation> = {
  comments: { mutate: comments, compare: compareAll, keepsRows: true },
  parentheses: { mutate: parentheses, compare: compareAll, keepsRows: true },
  lineEnds: { mutate: lineEnds, compare: compareAll, keepsRows: true },
  breaks: { mutate: breaks, compare: compareOwn, keepsRows: false },
};

describe("mutations of the fixtures", function () {
  this.timeout(1_200_000);
  const tried = new Map(BACK_ENDS.map(({ name }) => [name, 0]));
  for (const [kind, mutation] of Object.entries(MUTATIONS)) {
    it(`${kind} change nothing but themselves`, () => {
      let index = 0;
      const failures: string[] = [];
      for (const { fixture, original, made } of readSubjects()) {
        for (const mutant of mutation.mutate(original)) {
          if (index++ % EVERY !== 0 || !isSameProgram(mutant, original)) continue;
          for (const [backEnd, expected] of made) {
            if (backEnd.rejects?.(mutant.text, fixture.path)) continue;
            tried.set(backEnd.name, tried.get(backEnd.name)! + 1);
            const problem = problemOrError(() => problemOf(mutant, mutation, backEnd, fixture, expected));
            if (problem) failures.push(`${fixture.name}, ${backEnd.name}: ${problem}\n${mutant.text}`);
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

interface Subject {
  fixture: Fixture;
  original: Original;
  /** By those back-ends whose parser takes it. */
  made: ReadonlyMap<BackEnd, Made>;
}

let subjects: Subject[] | null = null;

function readSubjects(): Subject[] {
  subjects ??= loadFixtures().flatMap((fixture) => {
    const original = readOriginal(fixture);
    const able = BACK_ENDS.filter((backEnd) => !backEnd.rejects?.(fixture.input, fixture.path));
    const made = new Map(able.map((backEnd) => [backEnd, compile(backEnd, fixture, fixture.input)]));
    return original ? [{ fixture, original, made }] : [];
  });
  return subjects;
}

/** What throws is a failure of one mutant among others. */
function problemOrError(find: () => string | null): string | null {
  try {
    return find();
  } catch (error) {
    return String(error);
  }
}

function problemOf(
  { text }: Mutant,
  { compare, keepsRows }: Mutation,
  backEnd: BackEnd,
  fixture: Fixture,
  expected: Made,
): string | null {
  const { path, options = {} } = fixture;
  const actual = compile(backEnd, fixture, text);
  if (`${actual.warnings}` !== `${expected.warnings}`) return `it warns of ${actual.warnings.join(", ") || "nothing"}`;
  if (!expected.written) return actual.written ? "something is written" : null;
  if (!actual.written) return "left alone";
  const [before, after] = [expected.written, actual.written];
  const problem = problemOrError(() => compare(before, after));
  if (problem && !isPrintable(backEnd, fixture, text)) return null;
  if (problem || keepsRows || backEnd === source) return problem;
  const [plan, others] = [planOf(backEnd.name, text, path, options), planByText(text, path, options)];
  return plan === others ? null : difference(others.split("\n"), plan.split("\n"), "\n");
}

/** Of the text's back-end; the last one is asked for again by the next back-end. */
function planByText(text: string, path: string, options: Options): string {
  if (lastPlan.text !== text || lastPlan.path !== path)
    lastPlan = { text, path, plan: planOf(source.name, text, path, options) };
  return lastPlan.plan;
}

function compile(backEnd: BackEnd, { path, options = {} }: Fixture, text: string): Made {
  const { code, table, warnings } = backEnd.compile(text, path, options);
  assert.ok(!warnings.some((warning) => warning.code === "MPROF_INTERNAL"), warnings[0]?.message);
  const written = code === null || !table ? null : new Written(code, table, path);
  return { written, warnings: warnings.map((warning) => warning.code) };
}

/** The same tree, and the same table but for the text of its rows. */
function compareAll(expected: Written, actual: Written): string | null {
  const [tree, others] = [expected.getTree(), actual.getTree()];
  if (tree !== others) return difference(tree.split("\n"), others.split("\n"), " ");
  return difference(rowsOf(expected.table), rowsOf(actual.table), "\n");
}

function rowsOf({ listings, functions }: ModuleTable): string[] {
  const rows = listings.map(({ name, first, lines, options }) => {
    // The column of a function without a name may move.
    const shown = name.replace(/:\d+\)$/, ")");
    return JSON.stringify([shown, first, lines.length, options]);
  });
  return [...rows, ...functions.map((each) => JSON.stringify(each))];
}

/** The program's own tokens: probes move with the rows. */
function compareOwn(expected: Written, actual: Written): string | null {
  return difference(expected.getOwnTokens(), actual.getOwnTokens(), " ");
}

/** Probes, and what is written round bodies; brackets, commas and semicolons are left out before. */
const FORMS: readonly [RegExp, string][] = [
  [/ const __mp\w* = __mp\w*_m\w* \. enter \d+ try(?= )/g, ""],
  [/ __mp\w* \. resume try(?= )/g, ""],
  [/ finally __mp\w* \. (exit|suspend)(?= )/g, ""],
  [/ __mp\w* \. ((line|back|at) \d+|suspend|resume)(?= )/g, ""],
  // Where arriving is no start.
  [/ (for|while)(?= )/g, " loop"],
];

function ownTokens(tokens: readonly Token[]): string[] {
  const signs = new Set(["(", ")", "{", "}", ";", ","]);
  const written = ` ${tokens
    .map(({ text }) => text)
    .filter((text) => !signs.has(text))
    .join(" ")} `;
  return FORMS.reduce((text, [form, by]) => text.replace(form, by), written)
    .trim()
    .split(" ");
}

function difference(expected: readonly string[], actual: readonly string[], separator: string): string | null {
  const at = expected.findIndex((each, index) => each !== actual[index]);
  if (at < 0 && expected.length === actual.length) return null;
  const from = Math.max(0, (at < 0 ? expected.length : at) - 8);
  const part = (all: readonly string[]) => all.slice(from, from + 20).join(separator);
  return `${part(actual)}\n  instead of ${part(expected)}`;
}
