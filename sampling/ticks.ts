/** What a timer of Node takes: 24.8 days. It makes a millisecond of anything longer. */
const LONGEST_MS = 2 ** 31 - 1;

/**
 * Calls `then` once, after a time of any length.
 *
 * @returns what ends the waiting
 */
export function after(ms: number, then: () => void): () => void {
  const end = performance.now() + ms;
  let timer: NodeJS.Timeout;
  const wait = () => {
    const left = end - performance.now();
    timer = left > LONGEST_MS ? setTimeout(wait, LONGEST_MS) : setTimeout(then, Math.max(0, left));
  };
  wait();
  return () => clearTimeout(timer);
}

/**
 * Calls `tick` now and after each interval, until it says no more. The times are fixed in advance, so that what a tick
 * takes does not add up.
 *
 * @param interval seconds
 * @returns what ends it
 */
export function startTicks(interval: number, tick: () => Promise<boolean>): () => void {
  const period = interval * 1000;
  let next = performance.now();
  let endWaiting = () => {};
  let isStopped = false;
  const run = async () => {
    if (!(await tick()) || isStopped) return;
    next = Math.max(next + period, performance.now());
    endWaiting = after(next - performance.now(), run);
  };
  void run();
  return () => {
    isStopped = true;
    endWaiting();
  };
}
