/** The shortest unambiguous end of each dotted name: `app.load` -> `load`, unless there is another `load`. */
export function shortNames(names: readonly string[]): Map<string, string> {
  const unique = [...new Set(names)];
  const ends = (name: string) => {
    const parts = name.split(".");
    return parts.map((_, index) => parts.slice(parts.length - 1 - index).join("."));
  };
  const counts = new Map<string, number>();
  for (const end of unique.flatMap(ends)) counts.set(end, (counts.get(end) ?? 0) + 1);
  return new Map(unique.map((name) => [name, ends(name).find((end) => counts.get(end) === 1) ?? name]));
}
