import type { Gauges } from "../../runtime/core/sources.ts";
import { CalibratedSources } from "../../runtime/full/calibrated-sources.ts";
import { configureRuntime } from "../../runtime/full/configure.ts";
import { type FinalReport, finalReports } from "../../runtime/full/final-reports.ts";
import type { Configuration } from "../../runtime/full/options.ts";
import { type WholePlatform, WholeRuntime } from "../../runtime/full/whole-runtime.ts";

/** What a test brings along; the rest is a host that measures nothing and prints nowhere. */
export interface TestPlatform extends Partial<WholePlatform> {
  gauges?: Gauges;
}

export class OwnRuntime extends WholeRuntime {
  configure(options: Configuration): void {
    configureRuntime(this, options);
  }

  finalReports(): FinalReport[] {
    return finalReports(this);
  }
}

/** A runtime of its own, with all that Node's has. */
export function createRuntime({ gauges = {}, ...platform }: TestPlatform = {}): OwnRuntime {
  return new OwnRuntime({
    host: { runtime: "test", version: "1", platform: "none", pid: 1 },
    sources: new CalibratedSources(gauges, () => 0),
    now: () => 0,
    print: () => {},
    warn: () => {},
    allocate: (length) => new Float64Array(length),
    isEnabled: true,
    ...platform,
  });
}
