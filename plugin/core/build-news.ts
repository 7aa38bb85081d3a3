import type { ModuleTable } from "../../contract/module-table.ts";
import { OPTIONS } from "../../contract/options.ts";
import type { Options } from "./options.ts";
import { unmatchedNames } from "./unmatched-names.ts";

/** What a build has to say at its end: what it carries along, and names by which options select and no function has. */
export class BuildNews {
  private readonly options: Pick<Options, "func">;
  private readonly spelled: string;
  /** Functions with probes, by file; what is compiled twice counts once. */
  private readonly profiled = new Map<string, number>();
  private readonly names = new Set<string>();
  private told = "";

  /** @param spelled the option `func` as it was written */
  constructor(options: Pick<Options, "func">, spelled: string) {
    this.options = options;
    this.spelled = spelled;
  }

  /** For `Host.onPlan`. */
  readonly onPlan = ({ found }: { found: readonly string[] }): void => {
    if (this.options.func !== undefined) for (const name of found) this.names.add(name);
  };

  add(filename: string, table: ModuleTable | null): void {
    const listings = table?.listings ?? [];
    this.profiled.set(filename, listings.length);
    for (const { name } of listings) this.names.add(name);
  }

  /** Lines; none if there is nothing to say, or it has been said by the build before. */
  lines(): string[] {
    const count = [...this.profiled.values()].reduce((sum, each) => sum + each, 0);
    const { name } = OPTIONS.enabled.variable;
    const what = `${count} function${count === 1 ? "" : "s"} profiled in this build; ${name}=0 builds without`;
    const unmatched = unmatchedNames(this.options, [...this.names], { spelled: this.spelled, where: "of this build" });
    const lines = [...(count > 0 ? [what] : []), ...unmatched].map((line) => `mprof: ${line}`);
    const isNews = this.told !== lines.join();
    this.told = lines.join();
    return isNews ? lines : [];
  }
}
