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
  let timer: NodeJS.Timeout | undefined;
  let isStopped = false;
  const run = async () => {
    if (!(await tick()) || isStopped) return;
    next = Math.max(next + period, performance.now());
    timer = setTimeout(run, next - performance.now());
  };
  void run();
  return () => {
    isStopped = true;
    clearTimeout(timer);
  };
}
