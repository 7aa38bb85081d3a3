import { BuildNews } from "../core/build-news.ts";
import { type Instrumented, type InstrumentOptions, instrument } from "../source/instrument.ts";
import { instrumentOnDeepStack } from "./deep-stack.ts";
import { createHost } from "./host.ts";
import { factsOf } from "./project-facts.ts";

export { BuildNews };

/** As `instrument` of `mprof/source`, for a file of a build that says at its end what it carries along. */
export function instrumentForBuild(code: string, options: InstrumentOptions, news: BuildNews): Instrumented | null {
  const host = { ...createHost(factsOf), isForNode: true, onPlan: news.onPlan };
  const result = instrument(code, options, host, instrumentOnDeepStack);
  news.add(options.filename, result?.table ?? null);
  return result;
}
