import { checkValues } from "../contract/check-options.ts";
import { MprofError } from "../contract/errors.ts";
import { readSize, SIZE_TEXT } from "../contract/sizes.ts";
import { MIB } from "../contract/units.ts";
import { COLLECTOR } from "../runtime/node/collect.ts";
import { getProfile } from "../runtime/node/index.ts";
import { formatFixed } from "../runtime/reporters/format-fixed.ts";
import { measure } from "../runtime/reporters/measure.ts";
import { memit } from "./memit.ts";

const MOST_ROWS = 5;

/** What is asked of a function; both run it, wait for its promise, and throw what it throws. */
export interface MemoryExpectation {
  /**
   * Resident memory never rises by more than this while it runs.
   *
   * @param limit as `10 MiB`
   * @throws MprofError with one line, and the five rows of profiled functions that took most
   */
  toStayUnder(limit: string): Promise<void>;
  /** It leaves no more than this on the heap, and in buffers, once garbage is collected. @throws MprofError as `toStayUnder` */
  toKeepUnder(limit: string): Promise<void>;
}

/**
 * A budget in a test, whatever runs it: mocha, node:test, Jest, Vitest.
 *
 * @example await expectMemory(() => load("a.csv")).toStayUnder("10 MiB");
 */
export function expectMemory(call: () => unknown): MemoryExpectation {
  return {
    async toStayUnder(limit) {
      const most = bytesOf(limit);
      const before = rowsNow();
      const { increment } = await memit(call, { quiet: true, interval: 0.01 });
      check("memory rose by", increment * MIB, most, limit, before);
    },
    async toKeepUnder(limit) {
      const most = bytesOf(limit);
      const rows = rowsNow();
      COLLECTOR.full();
      const before = heapNow();
      await call();
      COLLECTOR.full();
      check("what stays allocated grew by", heapNow() - before, most, limit, rows);
    },
  };
}

function bytesOf(limit: string): number {
  checkValues({ limit }, { limit: SIZE_TEXT }, { of: " of expectMemory", cure: 'Write "10 MiB".' });
  return readSize(limit)!;
}

function heapNow(): number {
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

interface RowNow {
  place: string;
  text: string;
  increment: number;
}

/** Rows of profiled functions, by their place. */
function rowsNow(): Map<string, RowNow> {
  return new Map(
    measure(getProfile()).flatMap(({ file, name, rows }) =>
      rows.map(({ line, text, increment }) => [
        JSON.stringify([file, name, line]),
        { place: `${file}:${line}`, text: text.trim(), increment },
      ]),
    ),
  );
}

function check(what: string, bytes: number, most: number, limit: string, before: ReadonlyMap<string, RowNow>): void {
  if (bytes <= most) return;
  const grown = [...rowsNow()]
    .map(([key, row]) => ({ ...row, grew: row.increment - (before.get(key)?.increment ?? 0) }))
    .filter(({ grew }) => grew > 0)
    .sort((a, b) => b.grew - a.grew)
    .slice(0, MOST_ROWS)
    .map(({ place, text, grew }) => `+${mib(grew)}  ${place}  ${text}`);
  const rows =
    grown.length > 0 ? grown.join("\n  ") : "Mark functions with @profile, and the rows that took it stand here.";
  throw new MprofError("MPROF_BUDGET", `${what} ${mib(bytes)}: more than ${limit}`, rows);
}

function mib(bytes: number): string {
  return `${formatFixed(bytes / MIB, 3)} MiB`;
}
