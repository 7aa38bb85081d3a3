/** The sources of Node, each readied for its first use. */
import { calibrate } from "./calibrate.ts";
import { NodeSources } from "./sources/select.ts";
import type { AsideReader, ExactReader } from "./state.ts";

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
