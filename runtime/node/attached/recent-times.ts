/** In a row, from which it is known what something takes just now: machines have busy moments. */
const RECENT = 32;

/** What something has taken of late: the middle one, in milliseconds. */
export class RecentTimes {
  usual: number;
  private readonly times = new Float64Array(RECENT);
  private count = 0;

  constructor(usual: number) {
    this.usual = usual;
  }

  add(ms: number): void {
    this.times[this.count++ % RECENT] = ms;
    if (this.count % RECENT === 0) this.usual = this.times.slice().sort()[RECENT >> 1]!;
  }
}
