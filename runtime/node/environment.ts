/** The environment variables by which the command and `mprof/register` talk to the runtime. */
import { ENVIRONMENT, EXCEED_ACTIONS, type ExceedAction } from "../../contract/environment.ts";
import { MprofError } from "../../contract/errors.ts";
import { type FunctionOptions, isPrecision, isReportMode } from "../options.ts";
import { BACKENDS, isBackendName } from "../sources/select.ts";

export interface EnvironmentSettings {
  isEnabled: boolean;
  command: FunctionOptions;
  defaultPrecision: number | undefined;
  output: string | undefined;
  json: string | undefined;
  recording: string | undefined;
  /** MiB. */
  maxMemory: number | undefined;
  onExceed: ExceedAction;
  /** One for each value that was not understood; its default applies. */
  problems: MprofError[];
}

/** Reads the variables; a value that is not understood becomes a problem and leaves its default. */
export function readEnvironment(env: Record<string, string | undefined>): EnvironmentSettings {
  const problems: MprofError[] = [];
  function read<T>(name: string, wanted: string, parse: (text: string) => T | undefined): T | undefined {
    const text = env[name];
    if (text === undefined || text === "") return undefined;
    const value = parse(text);
    if (value === undefined) {
      problems.push(
        new MprofError(
          "MPROF_ENVIRONMENT",
          `${name} must be ${wanted}: ${JSON.stringify(text)}`,
          "The default applies.",
        ),
      );
    }
    return value;
  }
  read(ENVIRONMENT.mode, "exact", (text) => (text === "exact" ? text : undefined));
  return {
    isEnabled: !/^(0|off|false)$/i.test(env[ENVIRONMENT.enabled] ?? ""),
    command: {
      precision: read(ENVIRONMENT.precision, "a whole number from 0 to 20", parsePrecision),
      backend: read(ENVIRONMENT.backend, `one of ${BACKENDS.join(", ")}`, (text) =>
        isBackendName(text) ? text : undefined,
      ),
      gc: read(ENVIRONMENT.gc, "0 or 1", (text) => ({ "0": false, "1": true })[text]),
      report: read(ENVIRONMENT.report, "exit, call or none", (text) => (isReportMode(text) ? text : undefined)),
    },
    defaultPrecision: read(ENVIRONMENT.defaultPrecision, "a whole number from 0 to 20", parsePrecision),
    output: env[ENVIRONMENT.output] || undefined,
    json: env[ENVIRONMENT.json] || undefined,
    recording: env[ENVIRONMENT.recording] || undefined,
    maxMemory: read(ENVIRONMENT.maxMemory, "a number of MiB, above 0", (text) =>
      Number(text) > 0 ? Number(text) : undefined,
    ),
    onExceed:
      read(ENVIRONMENT.onExceed, `one of ${EXCEED_ACTIONS.join(", ")}`, (text) =>
        EXCEED_ACTIONS.find((each) => each === text),
      ) ?? "debugger",
    problems,
  };
}

function parsePrecision(text: string): number | undefined {
  const value = /^\d+$/.test(text) ? Number(text) : Number.NaN;
  return isPrecision(value) ? value : undefined;
}
