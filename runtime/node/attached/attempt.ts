/** A fault of ours is not the program's. @returns what the work returns; undefined if it fails */
export function attempt<T>(work: () => T): T | undefined {
  try {
    return work();
  } catch {
    return undefined;
  }
}
