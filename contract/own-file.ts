/**
 * This file, as V8 names it: a path, or a URL of an ES module. A file that is compiled to both kinds of module can say neither
 * `__filename` nor `import.meta.url`. In a bundle it is the bundle.
 */
export function ownFile(): string {
  const v8 = Error as ErrorConstructor & { prepareStackTrace?: unknown };
  const { prepareStackTrace } = v8;
  try {
    v8.prepareStackTrace = (_: Error, sites: readonly { getFileName(): unknown }[]) => sites[0]?.getFileName();
    return String(new Error().stack);
  } catch {
    // Frozen (`--frozen-intrinsics`); then nobody else has set it, either.
    return /((?:file:\/\/)?\/[^\n]*?):\d+:\d+\)?\n/.exec(`${new Error().stack}\n`)?.[1] ?? "";
  } finally {
    if (v8.prepareStackTrace !== prepareStackTrace) v8.prepareStackTrace = prepareStackTrace;
  }
}
