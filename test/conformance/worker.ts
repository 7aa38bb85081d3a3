/**
 * A process that runs tests, one after the other: the original in each of its variants, and where it passes, what each
 * back-end makes of it. What an endless test does to it is the parent's to notice.
 */
import { ATTACHED_BACK_END, runWaiting } from "./attached.ts";
import { BACK_ENDS, type CompileJob, countFunctions } from "./compile.ts";
import { nameOf, type Variant, variantsOf } from "./read-test.ts";
import { type Compiler, PASS, readTest, runTest, type Test, type TestOutcome } from "./run-test.ts";

export interface TestTask {
  root: string;
  path: string;
  backEnd: string;
}

export interface Difference {
  variant: string;
  original: TestOutcome;
  instrumented: TestOutcome;
}

export interface TestReport {
  path: string;
  backEnd: string;
  /** Runs of the original that passed, and were compared. */
  compared: number;
  /** Runs that this Node, or the parser of the back-end, does not pass without us. */
  notPassed: number;
  rejected: number;
  /** Functions chosen by `functions: "all"`, and those of them left alone. */
  chosen: number;
  leftAlone: number;
  differences: Difference[];
}

async function report(task: TestTask): Promise<TestReport> {
  const test = readTest(task.root, task.path);
  const result: TestReport = {
    path: task.path,
    backEnd: task.backEnd,
    compared: 0,
    notPassed: 0,
    rejected: 0,
    chosen: 0,
    leftAlone: 0,
    differences: [],
  };
  const compareBy = task.backEnd === ATTACHED_BACK_END ? compareAttached : compare;
  for (const variant of variantsOf(test.header)) await compareBy(test, variant, task.backEnd, result);
  return result;
}

async function compare(test: Test, variant: Variant, backEnd: string, result: TestReport): Promise<void> {
  const original = await runTest(test, variant, null);
  if (!original.startsWith(PASS)) {
    result.notPassed++;
    return;
  }
  const state = { rejected: false };
  const instrumented = await runTest(test, variant, compilerOf(test, variant, backEnd, result, state));
  if (state.rejected && !test.header.negative) {
    result.rejected++;
    return;
  }
  result.compared++;
  if (instrumented === original || sameButQuotes(original, instrumented)) return;
  if (!(await runTest(test, variant, printerOf(backEnd))).startsWith(PASS)) {
    result.compared--;
    result.notPassed++;
    return;
  }
  result.differences.push({ variant: nameOf(variant), original, instrumented });
}

/** Only what can wait in a function. */
async function compareAttached(test: Test, variant: Variant, _backEnd: string, result: TestReport): Promise<void> {
  if (!variant.inFunction) return;
  const original = await runWaiting(test, variant, false);
  if (original.outcome !== PASS) {
    result.notPassed++;
    return;
  }
  const { outcome, chosen, leftAlone } = await runWaiting(test, variant, true);
  result.compared++;
  result.chosen += chosen;
  result.leftAlone += leftAlone;
  if (outcome !== PASS)
    result.differences.push({ variant: nameOf(variant), original: original.outcome, instrumented: outcome });
}

function compilerOf(
  test: Test,
  variant: Variant,
  backEnd: string,
  result: TestReport,
  state: { rejected: boolean },
): Compiler {
  return {
    name: backEnd,
    compile(text, path, isModule) {
      const job: CompileJob = {
        text,
        path,
        isModule,
        options: { functions: "all", runtime: isModule ? "import" : "global" },
      };
      const { code, isRejected } = BACK_ENDS[backEnd]!.compile(job);
      if (path !== test.path) return code;
      if (isRejected) state.rejected = true;
      else if (!variant.inFunction && variant.mode !== "strict") Object.assign(result, countFunctions(job));
      return code;
    },
  };
}

/** Negative tests: the same error, but for source that it quotes. */
function sameButQuotes(original: string, instrumented: string): boolean {
  return original.startsWith(`${PASS} (`) && instrumented.startsWith(`${PASS} (`);
}

/** The tool of a back-end without us. */
function printerOf(backEnd: string): Compiler {
  return {
    name: `${backEnd} alone`,
    compile: (text, path, isModule) => BACK_ENDS[backEnd]!.print({ text, path, isModule, options: {} }),
  };
}

process.on("disconnect", () => process.exit());
process.on("unhandledRejection", () => {});
process.on("uncaughtException", () => {});
process.on("message", async (task: TestTask) => {
  try {
    process.send!(await report(task));
  } catch (error) {
    process.send!({ path: task.path, backEnd: task.backEnd, failure: (error as Error).stack ?? String(error) });
  }
});
