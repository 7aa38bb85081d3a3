/** The profile of the open page in the terminal: its latest state, once it has come to rest or after a while. */
export class TerminalReport {
  private readonly print: (text: string) => void;
  private readonly rest: number;
  private readonly longest: number;
  private text = "";
  private printed = "";
  private timer: NodeJS.Timeout | undefined;
  private waitingSince = 0;

  /** @param rest milliseconds without news after which a report is printed. @param longest milliseconds after which it is in any case */
  constructor(print: (text: string) => void, { rest = 1000, longest = 10_000 } = {}) {
    this.print = print;
    this.rest = rest;
    this.longest = longest;
  }

  update(text: string): void {
    // Sources may hold characters that a terminal takes for commands.
    // biome-ignore lint/suspicious/noControlCharactersInRegex: these are meant
    this.text = text.replace(/[\x00-\x08\x0b-\x1f\x7f-\x9f]/g, "");
    if (this.text === this.printed) return;
    const now = Date.now();
    if (this.timer === undefined) this.waitingSince = now;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.flush(), Math.min(this.rest, this.waitingSince + this.longest - now));
    this.timer.unref();
  }

  /** Prints at once what has not been printed. */
  flush(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    if (this.text === this.printed) return;
    this.printed = this.text;
    this.print(this.text);
  }
}
