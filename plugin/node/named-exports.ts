/** Statements that export properties of `object`, by any names that an export can have. */
export function exportEach(object: string, names: Iterable<string>): string[] {
  const exportable = [...new Set(names)].filter((name) => name !== "default" && !/\p{Surrogate}/u.test(name));
  return exportable.map((name, i) => {
    const key = JSON.stringify(name);
    return `const value${i} = ${object}?.[${key}]; export { value${i} as ${key} };`;
  });
}

/** What Node makes of a CommonJS module that is imported. @param names of its exports */
export function namespaceOf(filename: string, names: Iterable<string>): string {
  const load = `createRequire(import.meta.url)(${JSON.stringify(filename)})`;
  return [
    'import { createRequire } from "node:module";',
    `const exported = ${load}; export default exported;`,
    ...exportEach("exported", names),
  ].join("\n");
}
