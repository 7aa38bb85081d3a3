/** The sources of Node, each readied for its first use. */

import type { AsideReader, ExactReader } from "../core/state.ts";
import { calibrate } from "./calibrate.ts";
import { NodeSources } from "./node-sources.ts";

export class CalibratedSources extends NodeSources {
  private readonly calibrated = new WeakSet<ExactReader>();

  prepare(reader: ExactReader): AsideReader | undefined {
    const aside = this.aside(reader);
    if (reader.isSelfMeasuring && !this.calibrated.has(reader)) {
      this.calibrated.add(reader);
      calibrate(reader, aside);
    }
    return aside;
  }
}
