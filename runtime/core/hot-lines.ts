/** The lines of a listing that are not read each time. Bytes by metric. */
export interface HotLines {
  /**
   * So much has come while calls of the listing ran and nothing was read: theirs alone.
   *
   * @param grown what V8's heap has grown by meanwhile
   * @param time another number each time: who is told twice is given it once
   */
  addOwn(bytes: Float64Array, grown: number, time: number): void;
  /**
   * What they would have if they were asked now, into `into`.
   *
   * @param ahead what the heap has grown by that nothing is made of yet
   */
  foretell(now: Float64Array, ahead: number, into: Float64Array): void;
  /** The share of it that calls of other listings, which wait, have not: 0 to 1. */
  readonly outside: number;
}
