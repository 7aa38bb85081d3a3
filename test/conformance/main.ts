/**
 * npm run conformance -- --test262 DIR [--sample N --seed S] [--back-end source|babel|typescript|attached|all]
 *                        [--path test/language] [--jobs N] [--state FILE]
 * npm run conformance -- --package DIR --test "CMD" [--include GLOB] [--exclude GLOB] [--back-end …]
 */
import { resolve } from "node:path";
import { parseArgs } from "node:util";
import { ATTACHED_BACK_END } from "./attached.ts";
import { comparePackage } from "./package.ts";
import { backEndsNamed, runTest262 } from "./test262.ts";

const { values } = parseArgs({
  options: {
    test262: { type: "string" },
    sample: { type: "string" },
    seed: { type: "string", default: "1" },
    path: { type: "string", multiple: true },
    jobs: { type: "string", default: "2" },
    state: { type: "string" },
    "back-end": { type: "string" },
    package: { type: "string" },
    test: { type: "string" },
    include: { type: "string", multiple: true },
    exclude: { type: "string", multiple: true },
  },
});

async function main(): Promise<boolean> {
  if (values.test262 !== undefined) {
    return runTest262({
      root: resolve(values.test262),
      backEnds: backEndsNamed(values["back-end"] ?? "all", ATTACHED_BACK_END),
      paths: values.path ?? ["test/language", "test/built-ins"],
      sample: values.sample === undefined ? null : Number(values.sample),
      seed: Number(values.seed),
      jobs: Number(values.jobs),
      state: values.state ?? null,
    });
  }
  if (values.package !== undefined && values.test !== undefined) {
    const [backEnd] = backEndsNamed(values["back-end"] ?? "source");
    const { include = [], exclude = [] } = values;
    return comparePackage({
      folder: resolve(values.package),
      command: values.test,
      backEnd: backEnd!,
      include,
      exclude,
    });
  }
  throw new Error('give --test262 DIR, or --package DIR --test "COMMAND"');
}

try {
  process.exitCode = (await main()) ? 0 : 1;
} catch (error) {
  console.error(`conformance: ${(error as Error).message}`);
  process.exitCode = 2;
}
