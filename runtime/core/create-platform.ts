/** A host by what its global names say: nothing here may fail where a name is missing. */
import type { Profile } from "../../contract/profile.ts";
import { TIME } from "../../contract/units.ts";
import { isOff } from "../../contract/values.ts";
import { renderListing, renderText } from "../reporters/text.ts";
import { PLAIN } from "./charge.ts";
import { createSources } from "./create-sources.ts";
import { detectHost } from "./detect-host.ts";
import { ListingRecord } from "./listing-record.ts";
import type { Platform } from "./platform.ts";

/** `rss` first. */
type MemoryUsage = () => Record<string, number>;

interface Console {
  log(text: string): void;
  error(text: string): void;
  groupCollapsed?(name: string): void;
  groupEnd?(): void;
}

export interface HostGlobals {
  console?: Console;
  setTimeout?(work: () => void, ms: number): unknown;
  performance?: { now(): number; memory?: { usedJSHeapSize: number } };
  process?: {
    memoryUsage?: MemoryUsage;
    env?: Record<string, string | undefined>;
    once?(event: "exit", listener: () => void): void;
  };
  Deno?: { memoryUsage?: MemoryUsage };
}

export function createPlatform(globals: HostGlobals, warn: Platform["warn"]): Platform {
  const { console, process } = globals;
  const host = detectHost(globals as object);
  const gauges = findGauges(globals);
  return {
    host,
    notes: findNotes(gauges),
    sources: createSources(gauges),
    charging: PLAIN,
    now: () => Date.now(),
    deliver(profile, _reporter, stream) {
      const text = renderText(profile);
      if (stream) return stream.write(text);
      if (text) console?.log([text.trimEnd(), ...profile.notes].join("\n\nNote: "));
      if (host.runtime === "browser" && console?.groupCollapsed) printGroups(profile, console);
    },
    warn,
    allocate: (length) => new Float64Array(length),
    Record: ListingRecord,
    // Deno asks its user before a program may look.
    isEnabled: host.runtime === "deno" || !isOff(process?.env?.MPROF),
  };
}

/** The default first. */
function findGauges({ performance, process, Deno }: HostGlobals): Record<string, () => number> {
  const gauges: Record<string, () => number> = {};
  // The object's fields are those of the moment at which it was taken.
  if (performance?.memory) gauges.heap = () => performance.memory!.usedJSHeapSize;
  try {
    const usage = process?.memoryUsage ?? Deno?.memoryUsage;
    for (const name of Object.keys(usage?.() ?? {})) gauges[name] = () => usage!()[name]!;
  } catch {
    // A stand-in for `process`, as some bundlers and edge runtimes have one.
  }
  gauges[TIME] = () => (performance ?? Date).now();
  return gauges;
}

/**
 * Chromium tells a page its memory to the byte only if it is told to: else what is allocated does not show at once.
 * A collection between two readings takes more than that away, so that one of three that shows is enough.
 */
function findNotes({ rss, heap }: Record<string, () => number>): string[] {
  const shows = () => {
    const before = heap!();
    const { byteLength } = new ArrayBuffer(999);
    return heap!() - before >= byteLength;
  };
  return rss || (heap && (shows() || shows() || shows()))
    ? []
    : ["Memory is exact with --enable-precise-memory-info only."];
}

function printGroups(profile: Profile, console: Console): void {
  for (const listing of profile.listings) {
    console.groupCollapsed!(`${listing.name} (${listing.file}:${listing.first})`);
    console.log(renderListing(listing, profile).trimEnd());
    console.groupEnd!();
  }
}
