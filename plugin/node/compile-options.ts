import { OPTIONS } from "../../contract/options.ts";
import { checkOptions, type Options } from "../core/options.ts";

/** What JSON can hold of the options. */
export type CompileOptions = Pick<
  Options,
  "functions" | "func" | "mode" | "excludeFunc" | "include" | "exclude" | "root" | "literal" | "jsx" | "debug"
>;

/** @throws MprofError if a value is not what the option takes */
export function readCompileOptions(env: NodeJS.ProcessEnv): CompileOptions {
  const written = env[OPTIONS.compile.variable.name];
  if (!written) return {};
  const options = JSON.parse(written) as CompileOptions;
  checkOptions(options);
  return options;
}
