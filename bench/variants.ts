/** The ways in which the overhead benchmark runs a workload. */
import { join } from "node:path";
import { ROOT } from "../test/support/load-fixture.ts";
import type { WorkloadFiles } from "./workload-files.ts";

const RUN = join(ROOT, "bench", "run-workload.js");
const COMMAND = join(ROOT, "dist", "esm", "cli", "bin.js");

export interface Variant {
  name: string;
  /** Mode `exact`: less work, once. */
  isSlow?: true;
  form: "plain" | "ours" | "istanbul";
  /** Between `node` and the program. */
  flags(files: WorkloadFiles): string[];
  env?(files: WorkloadFiles): Record<string, string>;
}

function command(files: WorkloadFiles, ...flags: string[]): string[] {
  const output = ["--json", join(files.scrap, "profile.json"), "-o", join(files.scrap, "report.txt"), "-q"];
  return [COMMAND, "--functions", "all", ...output, ...flags];
}

export const VARIANTS: readonly Variant[] = [
  { name: "plain", form: "plain", flags: () => [] },
  { name: "off", form: "ours", flags: () => [], env: () => ({ MPROF: "0" }) },
  {
    name: "auto 5%",
    form: "plain",
    flags: (files) => command(files, "--mode", "auto", "--overhead", "5%", "--backend", "heap"),
  },
  {
    name: "auto 1%",
    form: "plain",
    flags: (files) => command(files, "--mode", "auto", "--overhead", "1%", "--backend", "heap"),
  },
  {
    name: "auto leaks",
    form: "plain",
    flags: (files) => command(files, "--mode", "auto", "--overhead", "5%", "--leaks"),
  },
  {
    name: "exact heap",
    form: "plain",
    isSlow: true,
    flags: (files) => command(files, "--mode", "exact", "--backend", "heap"),
  },
  {
    name: "exact rss",
    form: "plain",
    isSlow: true,
    flags: (files) => command(files, "--mode", "exact", "--backend", "rss"),
  },
  {
    name: "auto time",
    form: "plain",
    flags: (files) => command(files, "--mode", "auto", "--time", "--backend", "heap"),
  },
  {
    name: "exact time",
    form: "plain",
    isSlow: true,
    flags: (files) => command(files, "--mode", "exact", "--time", "--backend", "heap"),
  },
  { name: "istanbul", form: "istanbul", flags: () => [] },
  { name: "heap-prof", form: "plain", flags: ({ scrap }) => ["--heap-prof", "--heap-prof-dir", scrap] },
  { name: "v8 coverage", form: "plain", flags: () => [], env: ({ scrap }) => ({ NODE_V8_COVERAGE: scrap }) },
];

/** What follows `node`, and the environment. */
export function commandLine(
  variant: Variant,
  workload: string,
  work: { scale: number; rounds: number; patience?: number },
  files: WorkloadFiles,
): { args: string[]; env: NodeJS.ProcessEnv } {
  const file = join(files[variant.form], `${workload}.js`);
  const { scale, rounds, patience } = work;
  const args = [...variant.flags(files), RUN, file, ...[scale, rounds, patience ?? []].flat().map(String)];
  const { MPROF: _, NODE_V8_COVERAGE: __, ...env } = process.env;
  return { args, env: { ...env, ...variant.env?.(files) } };
}
