import type { Warning } from "../core/messages.ts";
import { type InstrumentOptions, instrument } from "../source/instrument.ts";
import { createHost } from "./host.ts";
import { factsOf } from "./project-facts.ts";

export interface PrintedPlan {
  /** What would be written, with the source beside it; `null` if nothing would. */
  plan: string | null;
  warnings: Warning[];
}

/** For `mprof plan`: a text is compiled, and what is shown is why the result is as it is. */
export function planText(code: string, options: InstrumentOptions): PrintedPlan {
  let plan: string | null = null;
  const host = { ...createHost(factsOf), isForNode: true };
  const print = (text: string) => {
    plan = text;
  };
  const result = instrument(code, { ...options, debug: "plan" }, { ...host, print });
  return { plan, warnings: result?.warnings ?? [] };
}
