import { MprofError } from "../contract/errors.ts";
import type { TextSink } from "../contract/values.ts";

/** Takes one message: a function, or an object with a method named for the level, or with `log`. */
export type Logger = ((message: string) => unknown) | object;

export interface LogStreamOptions {
  /** Only lines whose increment, as printed, is above zero, the name of the file and the heading. @default false */
  onlyIncrements?: boolean;
  /** Name of the logger's method. @default "info" */
  level?: string;
}

/**
 * A stream that hands reports to a logger, a message a line, without blank lines.
 *
 * @example configure({ stream: logStream(pino(), { onlyIncrements: true }) });
 * @throws MprofError if the logger can take nothing
 */
export function logStream(logger: Logger, { onlyIncrements = false, level = "info" }: LogStreamOptions = {}): TextSink {
  const log = messageTaker(logger, level);
  return {
    write(text) {
      for (const line of text.split("\n")) {
        if (line.trim() !== "" && (!onlyIncrements || isWorthLogging(line))) log(line);
      }
    },
  };
}

function messageTaker(logger: Logger, level: string): (message: string) => unknown {
  if (typeof logger === "function") return (message) => logger(message);
  const methods = logger as Record<string, unknown>;
  const name = [level, "log"].find((each) => typeof methods?.[each] === "function");
  if (name === undefined) {
    const cure = `It is a function, or an object with a method ${JSON.stringify(level)} or "log".`;
    throw new MprofError("MPROF_LOGGER", `this logger takes no messages: ${describe(logger)}`, cure);
  }
  return (message) => (methods[name] as (message: string) => unknown).call(logger, message);
}

function describe(logger: object): string {
  return logger === null ? "null" : `${typeof logger} with ${Object.keys(logger).join(", ") || "nothing"}`;
}

/** The cells stand within 20 columns: figures in the text of a line without figures are further right. */
const ROW = /^ *\d+ {1,9}-?[\d.]+ MiB {1,9}(-?[\d.]+) MiB /;

function isWorthLogging(line: string): boolean {
  if (/^(Filename: |Line # )/.test(line)) return true;
  return Number(ROW.exec(line)?.[1] ?? 0) > 0;
}
