/**
 * This file, as V8 names it: a path, or a URL of an ES module. A file that is compiled to both kinds of module can say neither
 * `__filename` nor `import.meta.url`. In a bundle it is the bundle.
 */
export function ownFile(): string {
  const limit = Error as ErrorConstructor & { prepareStackTrace?: unknown };
  const { prepareStackTrace } = limit;
  try {
    limit.prepareStackTrace = (_: Error, sites: readonly { getFileName(): unknown }[]) => sites[0]?.getFileName();
    return String(new Error().stack);
  } finally {
    limit.prepareStackTrace = prepareStackTrace;
  }
}
