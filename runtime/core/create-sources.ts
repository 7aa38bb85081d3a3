/** The sources of a host that says single numbers: browsers, Deno, Bun. For those of Node see `select.ts`. */
import { MprofError } from "../../contract/errors.ts";
import type { CustomSource, Sources } from "./sources.ts";
import type { Reader } from "./state.ts";

/** `gauges`: by name, the default first, what this host can measure. */
export function createSources(gauges: Record<string, () => number>): Sources {
  const names = Object.keys(gauges);
  const readers = new Map<string | CustomSource, Reader>();
  return {
    fallback: () => names[0]!,
    select(backend, gc) {
      const known = readers.get(backend);
      if (known && !gc) return known;
      const isName = typeof backend === "string";
      const measure = isName ? names.includes(backend) && gauges[backend] : () => backend.read();
      if (gc || !measure) {
        const what = gc ? "gc" : `backend ${JSON.stringify(backend)}`;
        throw new MprofError(
          `MPROF_${gc ? "GC" : "BACKEND"}_MISSING`,
          `not available on this host: ${what}`,
          `It has ${names.join(", ")}.`,
        );
      }
      const name = isName ? backend : backend.name;
      const now = new Float64Array(1);
      const reader: Reader = {
        name,
        metrics: [name],
        now,
        read() {
          now[0] = measure();
        },
      };
      readers.set(backend, reader);
      return reader;
    },
  };
}
