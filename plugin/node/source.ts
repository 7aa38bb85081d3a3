import { type Instrumented, type InstrumentOptions, instrument as instrumentText } from "../source/instrument.ts";
import { instrumentOnDeepStack } from "./deep-stack.ts";
import { createHost } from "./host.ts";
import { factsOf } from "./project-facts.ts";

export type { Warning } from "../core/messages.ts";
export { MprofError } from "../core/messages.ts";
export type { Pattern } from "../core/options.ts";
export type { Instrumented, InstrumentOptions } from "../source/instrument.ts";

/**
 * `mprof/source`: instruments a text.
 *
 * @example
 * const result = instrument(code, { filename: "src/load.ts" });
 * if (result) console.log(result.code, result.map, result.warnings);
 */
export function instrument(code: string, options: InstrumentOptions): Instrumented | null {
  return instrumentText(code, options, createHost(factsOf), instrumentOnDeepStack);
}
