import type { Gauges } from "../../runtime/core/sources.ts";
import { CalibratedSources } from "../../runtime/full/calibrated-sources.ts";
import { configureRuntime } from "../../runtime/full/configure.ts";
import { finalReports } from "../../runtime/full/final-reports.ts";
import type { Configuration, TextSink } from "../../runtime/full/options.ts";
import { type WholePlatform, WholeRuntime } from "../../runtime/full/whole-runtime.ts";
import { render } from "../../runtime/reporters/render.ts";

/** What a test brings along; the rest is a host that measures nothing and prints nowhere. */
export interface TestPlatform extends Partial<WholePlatform> {
  gauges?: Gauges;
  /** Gets what goes to no stream. */
  print?(text: string): void;
}

export class OwnRuntime extends WholeRuntime {
  configure(options: Configuration): void {
    configureRuntime(this, options);
  }

  finalReports(): { stream: TextSink | undefined; text: string }[] {
    return finalReports(this).map(({ stream, profile, reporter }) => ({ stream, text: reporter.render(profile) }));
  }
}

/** A runtime of its own, with all that Node's has. */
export function createRuntime({ gauges = {}, print = () => {}, ...platform }: TestPlatform = {}): OwnRuntime {
  return new OwnRuntime({
    host: { runtime: "test", version: "1", platform: "none", pid: 1 },
    sources: new CalibratedSources(gauges, () => 0),
    now: () => 0,
    deliver(profile, reporter, stream) {
      const text = render(profile, reporter);
      if (stream) stream.write(text);
      else print(text);
    },
    warn: () => {},
    allocate: (length) => new Float64Array(length),
    isEnabled: true,
    ...platform,
  });
}
