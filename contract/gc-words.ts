import type { GcOption } from "./values.ts";

/** What a report says of it; nothing where garbage is left to V8. */
export function gcWords(gc: GcOption): string {
  if (gc === false) return "";
  if (gc === "call") return "garbage collected at the ends of calls";
  return gc === "young" ? "young garbage collected before each" : "garbage collected before each";
}
