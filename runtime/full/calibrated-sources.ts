/** The sources of Node, each readied for its first use. */

import type { AsideReader, Charging, ExactReader } from "../core/state.ts";
import { calibrate, settle } from "./calibrate.ts";
import { NodeSources } from "./node-sources.ts";

export class CalibratedSources extends NodeSources {
  private readonly calibrated = new WeakSet<ExactReader>();

  /** What the probes of this host charge by, where that is not `EXACT`. */
  charging: Charging | undefined;

  prepare(reader: ExactReader): AsideReader | undefined {
    const aside = this.aside(reader);
    if (!this.calibrated.has(reader)) {
      this.calibrated.add(reader);
      if (reader.isSelfMeasuring) calibrate(reader, aside, this.charging);
      else if (reader.settle !== undefined) settle(reader, aside, this.charging);
    }
    return aside;
  }
}
