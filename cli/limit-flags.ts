import { InvalidArgumentError, Option, type Command as Program } from "commander";
import { ENVIRONMENT, EXCEED_ACTIONS, type ExceedAction } from "../contract/environment.ts";
import { UsageError } from "./command.ts";

export interface LimitFlags {
  maxMem?: number;
  onExceed?: ExceedAction;
}

/** The flags that look at a maximum of memory. */
export function withLimitFlags(command: Program): Program {
  return command
    .option(
      "--pdb-mmem, --max-mem <MiB>",
      "stop in the debugger after the first line of a profiled function that leaves more memory than this",
      mebibytes,
    )
    .addOption(
      new Option("--on-exceed <action>", "what happens then (default: debugger)").choices([...EXCEED_ACTIONS]),
    );
}

/** The flags as the runtime reads them. @throws UsageError for an action without a maximum */
export function limitEnvironment({ maxMem, onExceed }: LimitFlags): Record<string, string | undefined> {
  if (onExceed !== undefined && maxMem === undefined)
    throw new UsageError(`--on-exceed ${onExceed} without a maximum`, "Add --max-mem <MiB>.");
  return { [ENVIRONMENT.maxMemory]: maxMem?.toString(), [ENVIRONMENT.onExceed]: onExceed };
}

function mebibytes(text: string): number {
  const value = Number(text);
  if (!(value > 0)) throw new InvalidArgumentError("It is a number of MiB, above 0.");
  return value;
}
