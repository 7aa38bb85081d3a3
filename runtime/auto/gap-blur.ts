import type { Sampler } from "./sampler.ts";

const RAN = 0;
const GROWN = 1;

/** What lines have of a stretch in which nothing seems to run, because they are not read each time. */
export class GapBlur {
  private readonly sampler: Sampler;
  private readonly before = new Float64Array(2);

  constructor(sampler: Sampler) {
    this.sampler = sampler;
  }

  /** The share of what has come since it was asked before that such lines have: 0 to 1. */
  share(): number {
    const { sampler, before } = this;
    if (!sampler.isSampling) return 0;
    const grown = sampler.lookAhead() - before[GROWN]!;
    const ran = sampler.ran - before[RAN]!;
    const share = grown > ran ? Math.max(0, ran / grown) : ran > 0 ? 1 : 0;
    sampler.skip(1 - share);
    before[RAN] = sampler.ran;
    before[GROWN] = sampler.lookedAhead;
    return share;
  }
}
