import { modeFor } from "../../contract/needs-exact.ts";
import { OPTIONS } from "../../contract/options.ts";
import { checkOptions, type Options } from "../core/options.ts";

/** What JSON can hold of the options. */
export type CompileOptions = Pick<
  Options,
  | "functions"
  | "func"
  | "mode"
  | "excludeFunc"
  | "include"
  | "exclude"
  | "root"
  | "literal"
  | "jsx"
  | "debug"
  | "survivors"
>;

/** Its mode is settled here: what runs takes variables away. @throws MprofError if a value is not what the option takes */
export function readCompileOptions(env: NodeJS.ProcessEnv): CompileOptions {
  const written = env[OPTIONS.compile.variable.name];
  const { mode = modeFor(env) ?? "auto", ...options }: CompileOptions = written ? JSON.parse(written) : {};
  checkOptions({ ...options, mode });
  return { ...options, mode };
}
