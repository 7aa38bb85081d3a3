/** What of a program `mprof attach` does not see, and the way to it. */

/** @param children ids of the processes of Node that it has started; one of both there is */
export function notLookedAt(workers: number, children: readonly number[]): string {
  const threads = workers === 1 ? "1 worker thread" : `${workers} worker threads`;
  const processes = children.length === 1 ? `process ${children[0]}` : `processes ${children.join(", ")}`;
  const parts = [
    ...(workers > 0 ? [`${threads} (their lines: start the program with mprof)`] : []),
    ...(children.length > 0 ? [`${processes} that it has started (their lines: mprof attach ${children[0]})`] : []),
  ];
  return `not looked at: ${parts.join(", ")}`;
}
