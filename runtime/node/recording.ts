/** Appends the calls of profiled functions to the recording that `mprof run` makes of this process. */
import { appendFileSync } from "node:fs";
import { performance } from "node:perf_hooks";
import { MIB } from "../../contract/units.ts";
import type { Timeline } from "../timeline.ts";

/** Records are kept until there are this many, so that memory does not grow with calls. */
const RECORDS_AT_ONCE = 500;

interface Begun {
  /** MiB. */
  memory: number;
  /** Seconds since the epoch. */
  time: number;
  level: number;
}

export interface RecordedTimeline extends Timeline {
  /** Writes what is left. */
  flush(): void;
}

/** @param rss bytes. A recording that cannot be written is given up: the command that made it says so. */
export function createTimeline(file: string, rss: () => number): RecordedTimeline {
  const begun = new WeakMap<object, Begun>();
  let records: string[] = [];
  let level = 0;
  const now = () => (performance.timeOrigin + performance.now()) / 1000;
  const flush = () => {
    try {
      if (records.length > 0) appendFileSync(file, records.join(""));
    } catch {}
    records = [];
  };
  return {
    begin(call) {
      begun.set(call, { memory: rss() / MIB, time: now(), level: level++ });
    },
    end(call, path, name) {
      const start = begun.get(call);
      if (start === undefined) return;
      begun.delete(call);
      level--;
      const enter = `${start.memory.toFixed(4)} ${start.time.toFixed(4)}`;
      const exit = `${(rss() / MIB).toFixed(4)} ${now().toFixed(4)}`;
      records.push(`FUNC ${nameOf(path, name)} ${enter} ${exit} ${start.level}\n`);
      if (records.length >= RECORDS_AT_ONCE) flush();
    },
    flush,
  };
}

/** `app.load`, of a block `.name`; the reference splits records at blanks, so that one in a name becomes a no-break space. */
function nameOf(path: string, name: string): string {
  const module = path.slice(path.lastIndexOf("/") + 1).replace(/\.[^.]*$/, "");
  return `${module}.${name}`.replace(/\s/g, "\u00a0");
}
