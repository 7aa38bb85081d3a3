/**
 * What servers refuse, as their sources say: those of profiles that are sent, and Parca, which asks for them.
 *
 * What Pyroscope's server refuses of what comes to `/ingest?format=pprof`, (`main` of August 2026, version
 * 2: `api/model/labelset`, `pkg/og/convert/pprof`, `pkg/validation` with the limits that hold where none are set). How old a
 * profile may be is left out: those of tests are.
 */
import type { Pprof } from "./read-pprof.ts";

const MOST_SAMPLES = 16_000;
const MOST_BYTES = 4 * 2 ** 20;
/** The server adds four of its own. */
const MOST_LABELS = 30 - 4;
const LONGEST_NAME = 1024;
const LONGEST_VALUE = 2048;

export interface Refusal {
  status: number;
  text: string;
}

/** @returns what the server answers; undefined if it takes the profile */
export function refusalOf(query: URLSearchParams, profile: Pprof): Refusal | undefined {
  const name = problemOfName(query.get("name") ?? "");
  if (name !== undefined) return { status: 400, text: `name: ${name}` };
  if (query.get("format") !== "pprof") return { status: 422, text: "another format" };
  const problem = problemOfProfile(profile);
  return problem === undefined ? undefined : { status: 422, text: problem };
}

/** `shop{region=eu,pod=a}`. */
function problemOfName(name: string): string | undefined {
  const [, service = "", , labels = ""] = /^([^{]*)(\{(.*)\}.*)?$/s.exec(name) ?? [];
  if (service.trim() === "") return "service name is required";
  if (!/^[\w./-]+$/.test(service.trim())) return `invalid service name: ${service}`;
  const pairs = labels === "" ? [] : labels.split(",").map((each) => each.split("="));
  for (const [label = "", value = ""] of pairs) {
    if (!/^[\w.]+$/.test(label.trim()) || /^\d/.test(label)) return `invalid label name: ${label}`;
    if (label.length > LONGEST_NAME || Buffer.byteLength(value) > LONGEST_VALUE) return `too long: ${label}`;
  }
  return pairs.length > MOST_LABELS ? `${pairs.length} labels` : undefined;
}

function problemOfProfile(profile: Pprof): string | undefined {
  const { sampleTypes, samples, valueCounts, locationIds, functionIds, texts, isUtf8, size, timeNanos } = profile;
  if (sampleTypes.length === 0) return "empty profile";
  if (new Date(timeNanos / 1e6).getFullYear() === 1970) return "a time of 1970 is taken for another unit";
  if (size > MOST_BYTES) return `the profile is of ${size} bytes`;
  if (samples.length > MOST_SAMPLES) return `the profile has ${samples.length} samples`;
  if ([...locationIds, ...functionIds].includes(0)) return "an id is 0";
  if (valueCounts.some((count) => count !== sampleTypes.length)) return "sample value length mismatch";
  if (texts[0] !== "") return "string 0 should be empty string";
  if (sampleTypes.flat().some((text) => text === undefined)) return "sample type string index out of range";
  if (samples.some(({ stack }) => stack.some((frame) => frame === undefined || frame.startsWith("undefined@"))))
    return "location or function index out of range";
  if (sampleTypes.some(([type]) => type.includes("-"))) return "sample type contains -";
  // By the last one it names the profile, if none is of a kind that it knows.
  if (sampleTypes.at(-1)![0] === "") return "invalid metric name";
  return isUtf8 ? undefined : "invalid utf8 string";
}

/** What Parca refuses of pprof (`pkg/normalizer`, July 2026): ids have to be in order from 1 on. */
export function problemForParca({ functionIds, locationIds, texts, valueCounts, sampleTypes, samples }: Pprof) {
  const isInOrder = (ids: readonly number[]) => ids.every((id, i) => id === i + 1);
  if (texts[0] !== "") return "the first text is not empty";
  if (!isInOrder(functionIds)) return "function id is not sequential";
  if (!isInOrder(locationIds)) return "location id is not sequential";
  if (sampleTypes.length === 0 && samples.length > 0) return "missing sample type information";
  if (valueCounts.some((count) => count !== sampleTypes.length)) return "values do not fit their types";
  const isFrame = (frame: string | undefined) => frame !== undefined && !frame.startsWith("undefined@");
  return samples.every(({ stack }) => stack.every(isFrame)) ? undefined : "a location is out of range";
}
