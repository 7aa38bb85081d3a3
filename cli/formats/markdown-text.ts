/** A row of a table. */
export function markdownRow(...values: (string | number)[]): string {
  return `| ${values.join(" | ")} |`;
}

/** At most so many characters, with a sign that there were more. */
export function cut(text: string, most: number): string {
  return text.length > most ? `${text.slice(0, most)}…` : text;
}

/** Text of the program stays text: between more backticks than it has, and a bar ends no cell. */
export function markdownCode(text: string, most = Number.POSITIVE_INFINITY): string {
  const shown = cut(text, most).replaceAll("|", "\\|");
  const longest = Math.max(0, ...(shown.match(/`+/g) ?? []).map(({ length }) => length));
  const fence = "`".repeat(longest + 1);
  return longest > 0 ? `${fence} ${shown} ${fence}` : `${fence}${shown}${fence}`;
}
