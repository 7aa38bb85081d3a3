/** Sources and names may hold characters that a terminal takes for commands. */
export function withoutCommands(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are meant
  return text.replace(/[\x00-\x08\x0b-\x1f\x7f-\x9f]/g, "");
}
