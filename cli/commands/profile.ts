import { existsSync, statSync } from "node:fs";
import { resolve } from "node:path";
import type { Command as Program } from "commander";
import { type FlagsOf, OPTIONS } from "../../contract/options.ts";
import { FREED_BACKENDS } from "../../contract/units.ts";
import { startChild, waitForChild } from "../child.ts";
import { type Command, EXIT_USAGE, type Io, UsageError } from "../command.ts";
import { checkLimit, environmentOf, withFlags } from "../flags.ts";
import { watchProgram } from "../last-word.ts";
import { nodeArguments } from "../node-arguments.ts";
import type { Beside, RunPage } from "../report/write-page.ts";
import { wantsColor } from "../terminal/wants-color.ts";

type Flags = FlagsOf<"profile">;

/** `mprof [options] <script> [args…]`: runs a program and prints its report at exit, as `python -m memory_profiler` does. */
export const profile: Command = {
  register(program: Program, io: Io): void {
    withFlags(program, "profile")
      .argument("<script>", "the program: .js .cjs .mjs .ts .cts .mts .jsx .tsx")
      .argument("[args...]", "its own arguments, passed on untouched")
      .passThroughOptions()
      .action((script: string, args: string[], flags: Flags) => run(script, args, flags, io));
  },
};

async function run(script: string, args: string[], flags: Flags, io: Io): Promise<void> {
  const file = resolve(io.cwd, script);
  if (!existsSync(file)) throw new UsageError(`there is no such script: ${script}`, `Looked for ${file}.`);
  if (statSync(file).isDirectory()) throw new UsageError(`the script is a folder: ${script}`, "Name the file to run.");
  checkMode(flags);
  checkLimit(flags);
  checkFreed(flags, io);
  const node = nodeArguments(flags.nodeArg ?? [], [file, ...args]);
  const { functions, func, root, mode } = flags;
  const options = {
    functions,
    func,
    mode,
    root: fromHere(root, io),
    survivors: flags.leaks && true,
  };
  const page = await pageFor(flags, io);
  const env = {
    ...io.env,
    ...environmentFor({ ...withHeap(flags, io), json: page?.json ?? flags.json }, options, io),
  };
  const watch = watchProgram(options, env, io);
  const child = await startChild(process.execPath, node, { ...env, ...watch.env });
  let isWritten = true;
  const code = await waitForChild(child, io, async (how) => {
    await watch.tell(how);
    isWritten = page?.finish() ?? true;
  });
  io.exit(code === 0 && !isWritten ? EXIT_USAGE : code);
}

/** Objects are smaller than what resident memory shows, and what is freed is not known of it. */
function withHeap(flags: Flags, { env }: Io): Flags {
  if ((flags.leaks === undefined && !flags.freed) || env[OPTIONS.backend.variable.name]) return flags;
  return { ...flags, backend: flags.backend ?? "heap" };
}

/** Made of the profile that the program writes at its end, or that is kept of it. */
async function pageFor(flags: Flags, io: Io): Promise<RunPage | undefined> {
  const { html, root } = flags;
  if (html === undefined) return undefined;
  const { checkApart, preparePage } = await import("../report/write-page.ts");
  const [json, ...others] = (["json", "output", "profile"] as const).map((name) => besideOf(name, flags, io));
  checkApart(
    html,
    json,
    others.filter((each) => each !== undefined),
    io.cwd,
  );
  return preparePage(html, json?.path, resolve(io.cwd, root ?? "."), io);
}

/** What a flag, or the variable of the same option, says is written. */
function besideOf(name: "json" | "output" | "profile", flags: Flags, io: Io): Beside | undefined {
  const variable = OPTIONS[name].variable.name;
  const path = fromHere(flags[name] ?? (io.env[variable] || undefined), io);
  return path === undefined ? undefined : { by: flags[name] === undefined ? variable : `--${name}`, path };
}

/** Of what V8 does not collect nobody knows what was freed. */
function checkFreed({ freed, backend, gc }: Flags, { env }: Io): void {
  if (freed && gc && gc !== "call")
    throw new UsageError(
      `--freed with --gc${gc === true ? "" : `=${gc}`}: every reading would collect what the one before left`,
      "Leave one of them out, or take --gc=call.",
    );
  const source = backend ?? env[OPTIONS.backend.variable.name];
  if (!freed || !source || FREED_BACKENDS.includes(source)) return;
  throw new UsageError(
    `--freed with --backend ${source}: what is freed of it is not known`,
    `Choose one of ${FREED_BACKENDS.join(", ")}.`,
  );
}

/** What needs a reading at every line. */
function checkMode({ mode, gc, report, backend, maxMem, self }: Flags): void {
  if (mode !== "auto") return;
  const asked = {
    "--gc": gc,
    "--report call": report === "call",
    "--backend all": backend === "all",
    "--max-mem": maxMem,
    "--self": self,
  };
  for (const [flag, value] of Object.entries(asked))
    if (value)
      throw new UsageError(
        `--mode auto cannot do ${flag}: that takes a reading at every line`,
        "Leave one of them out.",
      );
}

/** The flags as the register hook and the runtime read them. */
function environmentFor(flags: Flags, options: object, io: Io): Record<string, string> {
  const { output, json, profile, color } = flags;
  const compile = JSON.stringify(options);
  return environmentOf({
    ...flags,
    compile,
    color: wantsColor(color, io) || undefined,
    output: fromHere(output, io),
    json: fromHere(json, io),
    profile: fromHere(profile, io),
  });
}

function fromHere(path: string | undefined, { cwd }: Io): string | undefined {
  return path === undefined ? undefined : resolve(cwd, path);
}
