import type { Profile } from "../../../contract/profile.ts";
import { ChangedTables, type Screen } from "./changed-tables.ts";

export interface TerminalReportOptions {
  /** Milliseconds without news after which a report is printed. @default 1000 */
  rest?: number;
  /** Milliseconds after which it is in any case. @default 10_000 */
  longest?: number;
  /** Asked for when something is printed. @default that of standard output; without end if it is no terminal */
  screen?: () => Screen;
}

/** The profile of the open page in the terminal: what changed of it, once it has come to rest or after a while. */
export class TerminalReport {
  private readonly print: (text: string) => void;
  private readonly options: Required<TerminalReportOptions>;
  private readonly tables = new ChangedTables();
  private profile: Profile | null = null;
  private timer: NodeJS.Timeout | undefined;
  private waitingSince = 0;

  constructor(print: (text: string) => void, options: TerminalReportOptions = {}) {
    this.print = print;
    this.options = { rest: 1000, longest: 10_000, screen: ownScreen, ...options };
  }

  update(profile: Profile): void {
    this.profile = profile;
    const now = Date.now();
    if (this.timer === undefined) this.waitingSince = now;
    clearTimeout(this.timer);
    const { rest, longest } = this.options;
    this.timer = setTimeout(() => this.flush(), Math.min(rest, this.waitingSince + longest - now));
    this.timer.unref();
  }

  /** Prints at once what has not been printed. */
  flush(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    if (this.profile === null) return;
    const text = this.tables.render(this.profile, this.options.screen());
    this.profile = null;
    if (text !== "") this.print(text);
  }
}

function ownScreen(): Screen {
  const { rows = Infinity, columns = Infinity } = process.stdout;
  return { rows, columns };
}
