/** The environment variables by which the command and `mprof/register` talk to the runtime. */
import { MprofError } from "../../contract/errors.ts";
import { type Settings, variables } from "../../contract/options.ts";

export interface Environment {
  /** What the variables say; those that say nothing, or nothing that is understood, are undefined. */
  settings: Settings;
  /** One for each value that was not understood. */
  problems: MprofError[];
}

export function readEnvironment(env: Readonly<Record<string, string | undefined>>): Environment {
  const settings: Record<string, unknown> = {};
  const problems: MprofError[] = [];
  for (const { name, standing } of variables()) {
    const written = env[standing.name];
    if (written === undefined || written === "") continue;
    const value = standing.takes.read(written);
    if (value !== undefined) settings[name] = value;
    else {
      const what = `${standing.name} must be ${standing.takes.expected}: ${JSON.stringify(written)}`;
      problems.push(new MprofError("MPROF_ENVIRONMENT", what, "The default applies."));
    }
  }
  return { settings, problems };
}
