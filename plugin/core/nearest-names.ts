/** The names that somebody may have meant who wrote another: at most `most`, the nearest first; none that is far off. */
export function nearestNames(written: string, names: Iterable<string>, most: number): string[] {
  const wanted = lastPart(written).replaceAll("*", "").toLowerCase();
  const near = [...new Set(names)].flatMap((name) => {
    const last = lastPart(name).toLowerCase();
    const isPart = wanted.length > 1 && (last.includes(wanted) || (last.length > 1 && wanted.includes(last)));
    const distance = isPart ? 1 : distanceOf(wanted, last);
    return distance <= Math.max(1, Math.ceil(wanted.length / 2)) ? [{ name, distance }] : [];
  });
  return near
    .sort((a, b) => a.distance - b.distance)
    .slice(0, most)
    .map(({ name }) => name);
}

function lastPart(name: string): string {
  return name.slice(name.lastIndexOf(".") + 1);
}

/** Levenshtein's: how many characters are to be written, left out or replaced. */
function distanceOf(a: string, b: string): number {
  let above = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const replaced = above[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1);
      row.push(Math.min(replaced, above[j]! + 1, row[j - 1]! + 1));
    }
    above = row;
  }
  return above[b.length]!;
}
