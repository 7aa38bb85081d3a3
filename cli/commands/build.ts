import { existsSync, statSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { Option, type Command as Program } from "commander";
import { type BuildRequest, buildProject } from "../build/build-project.ts";
import { type Command, type Io, UsageError } from "../command.ts";

interface Flags {
  project: string;
  out: string;
  functions?: "all" | "marked";
  func?: string[];
  root?: string;
}

/** `mprof build`: for compilers without plugins, TypeScript 7 first of all. */
export const build: Command = {
  register(program: Program, io: Io): void {
    program
      .command("build [tsc-args...]")
      .description("compile a TypeScript project with probes in it, by the compiler that it has: 5.2, 6 or 7")
      .option("-p, --project <path>", "the tsconfig.json, or its folder", "tsconfig.json")
      .requiredOption("--out <dir>", "where the compiled program goes")
      .addOption(new Option("--functions <which>", "what is profiled (default: marked)").choices(["marked", "all"]))
      .option("--func <pattern>", "profile functions by name, without a mark; repeatable", collect)
      .option("--root <dir>", "what the paths in the report are relative to (default: the working directory)")
      .addHelpText(
        "after",
        "\nExamples:\n  mprof build --out build-profile\n  mprof build -p app --out out -- --target es2022\n",
      )
      .action(async (compilerArguments: string[], flags: Flags) =>
        io.exit(await buildProject(requestOf(flags, compilerArguments, io), io)),
      );
  },
};

function requestOf(
  { project, out, functions, func, root }: Flags,
  compilerArguments: string[],
  { cwd }: Io,
): BuildRequest {
  const named = resolve(cwd, project);
  const config = existsSync(named) && statSync(named).isDirectory() ? join(named, "tsconfig.json") : named;
  if (!existsSync(config))
    throw new UsageError(`there is no such project: ${project}`, `Looked for ${config}; name it with -p.`);
  const outDir = resolve(cwd, out);
  if (outDir === dirname(config))
    throw new UsageError(`the output would lie among the sources: ${out}`, "Name a folder of its own.");
  return { config, outDir, compilerArguments, options: { functions, func, root: resolve(cwd, root ?? ".") } };
}

function collect(value: string, before: string[] = []): string[] {
  return [...before, value];
}
