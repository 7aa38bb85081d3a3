import type { Sampler } from "./sampler.ts";

/** What lines have of a stretch in which nothing seems to run, because they are not read each time. */
export class GapBlur {
  private readonly sampler: Sampler;
  /** What they had when this was asked before. */
  private readonly ran = new Float64Array(1);

  constructor(sampler: Sampler) {
    this.sampler = sampler;
  }

  /**
   * The share of what has come since it was asked before that such lines have: 0 to 1. If they ran, what they have of all that
   * has come since they are not read each time: that is what they are given (hot-pool.ts).
   */
  share(): number {
    const { sampler, ran } = this;
    if (!sampler.isSampling) return 0;
    const grown = sampler.lookAhead();
    const have = sampler.windows.ran;
    const share = have > ran[0]! ? Math.min(1, have / Math.max(1, grown)) : 0;
    ran[0] = have;
    sampler.skip(1 - share);
    return share;
  }
}
