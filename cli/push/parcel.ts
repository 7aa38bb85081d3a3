/** A profile on its way to Pyroscope: what its ingest API takes. */
import { gzipSync } from "node:zlib";
import type { Profile } from "../../contract/profile.ts";
import { PPROF_BY_NAME } from "../formats/pprof.ts";

/** What is said of a program besides its figures. */
export interface Address {
  application: string;
  labels: readonly (readonly [name: string, value: string])[];
}

export interface Parcel {
  /** The query of the request, with its question mark. */
  search: string;
  /** Gzipped pprof. */
  body: Uint8Array;
}

export function packProfile(profile: Profile, { application, labels }: Address): Parcel {
  const tags = labels.map(([name, value]) => `${name}=${value}`).join(",");
  const query = new URLSearchParams([
    ["format", "pprof"],
    ["from", seconds(profile.started)],
    ["name", tags === "" ? application : `${application}{${tags}}`],
    // Who asks what a profile is of finds Node there.
    ["spyName", "nodespy"],
    ["until", seconds(profile.taken)],
  ]);
  return { search: `?${query}`, body: gzipSync(PPROF_BY_NAME.render(profile)) };
}

function seconds(ms: number): string {
  return String(Math.floor(ms / 1000));
}
