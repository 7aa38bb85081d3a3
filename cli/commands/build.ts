import { existsSync, statSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import type { Command as Program } from "commander";
import { type FlagsOf, isQuiet } from "../../contract/options.ts";
import type { BuildRequest } from "../build/build-project.ts";
import { type Command, type Io, UsageError } from "../command.ts";
import { withFlags } from "../flags.ts";

type Flags = FlagsOf<"build">;

/** `mprof build`: for compilers without plugins, TypeScript 7 first of all. */
export const build: Command = {
  register(program: Program, io: Io): void {
    withFlags(program.command("build [tsc-args...]"), "build")
      .description("compile a TypeScript project with probes in it, by its own TypeScript, 5.2 to 7")
      .addHelpText(
        "after",
        "\nExamples:\n  mprof build --out build-profile\n  mprof build -p app --out out -- --target es2022\n",
      )
      .action(async (compilerArguments: string[], flags: Flags) => {
        // The parser takes longer to load than other commands take to run.
        const { buildProject } = await import("../build/build-project.ts");
        io.exit(await buildProject(requestOf(flags, compilerArguments, io), io));
      });
  },
};

function requestOf(
  { project, out, functions, func, mode, root, quiet }: Flags,
  compilerArguments: string[],
  { cwd, env }: Io,
): BuildRequest {
  const named = resolve(cwd, project);
  const config = existsSync(named) && statSync(named).isDirectory() ? join(named, "tsconfig.json") : named;
  if (!existsSync(config))
    throw new UsageError(`there is no such project: ${project}`, `Looked for ${config}; name it with -p.`);
  const outDir = resolve(cwd, out);
  if (outDir === dirname(config))
    throw new UsageError(`the output would lie among the sources: ${out}`, "Name a folder of its own.");
  return {
    config,
    outDir,
    compilerArguments,
    quiet: quiet ?? isQuiet(env),
    options: { functions, func, mode, root: resolve(cwd, root ?? ".") },
  };
}
