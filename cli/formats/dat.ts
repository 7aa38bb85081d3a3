import type { Profile } from "../../contract/profile.ts";
import { writeCommand, writeRest, writeSample } from "../../contract/recording.ts";
import { MIB, TIME } from "../../contract/units.ts";
import { measure } from "../../runtime/reporters/measure.ts";
import type { Format } from "./format.ts";

/** A recording with what a profile knows of time: the reading on the first entry, and how often each function ran, and its peak. */
export const DAT: Format = {
  name: "dat",
  extension: "dat",
  render(profile) {
    const { host, started, taken } = profile;
    const functions = measure(profile).filter(({ metric }) => metric !== TIME);
    const entries = functions.flatMap(({ listing, metric }) => listing.baseline?.[metric] ?? []);
    const first =
      entries.length > 0 ? [{ memory: Math.min(...entries) / MIB, time: started / 1000, children: [] }] : [];
    return [
      writeCommand([host.runtime, host.version]),
      ...first.map(writeSample),
      ...functions.map(({ name, calls, peak, listing }) =>
        writeRest(name, {
          count: calls,
          seconds: (listing.time?.total ?? 0) / 1000,
          highest: { memory: peak / MIB, time: taken / 1000 },
        }),
      ),
    ].join("");
  },
  omits: tellLines,
};

function tellLines(profile: Profile): string | undefined {
  return measure(profile).length > 0
    ? "dat has no lines: the entry, calls and peak of each function are in it; mprof run records memory over time"
    : undefined;
}
