import type { Names } from "./plan.ts";

/**
 * Names for what is written into a file. A name is free when the file's text does not contain it, which needs no scopes
 * and holds for `eval` and `with` too. In plain scripts, whose top level is shared, the module's names end in a hash of
 * the file's path.
 */
export function chooseNames(text: string, script: string | null): Names {
  let base = "__mp";
  for (let number = 2; text.includes(base); number++) base = `__mp${number}_`;
  const suffix = script === null ? "" : `_${hashOf(script)}`;
  return {
    activation: base,
    module: `${base}_m${suffix}`,
    handle: `${base}_t${suffix}`,
    table: `${base}_table`,
    label: `${base}_c`,
    leave: `${base}_s`,
    error: `${base}_e`,
    keep: `${base}_k${suffix}`,
    follow: `${base}_f${suffix}`,
    counters: script === null ? base : `${base}${suffix}_`,
  };
}

/** Whether the text was instrumented before: it has our prologue. */
export function isInstrumented(text: string): boolean {
  return text.includes("__mp") && /\bfunction\s+__mp\w*_m\w*\s*\(\s*\)\s*\{\s*return\b/.test(text);
}

/** FNV-1a, 32 bits, base 36. */
function hashOf(text: string): string {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index++) hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  return (hash >>> 0).toString(36);
}
