/** A test262 file's header -> what has to be run. The header is a small part of YAML; no more of it is read. */

export type Mode = "sloppy" | "strict" | "module" | "raw";

export interface Variant {
  mode: Mode;
  /**
   * The test's own code inside a profiled function: code at the top level of a script has no rows, so that most of a test
   * would not be instrumented otherwise.
   */
  inFunction: boolean;
}

export interface TestHeader {
  flags: string[];
  includes: string[];
  negative: { phase: string; type: string } | null;
}

export function readHeader(text: string): TestHeader {
  const header = /\/\*---\r?\n?([\s\S]*?)---\*\//.exec(text)?.[1] ?? "";
  const phase = /^ +phase: *(\w+)/m.exec(header)?.[1];
  const type = /^ +type: *(\w+)/m.exec(header)?.[1];
  return {
    flags: readList(header, "flags"),
    includes: readList(header, "includes"),
    negative: /^negative:/m.test(header) && phase && type ? { phase, type } : null,
  };
}

/** `key: [a, b]`, or one `- a` a line. */
function readList(header: string, key: string): string[] {
  const inline = new RegExp(`^${key}: *\\[([^\\]]*)\\]`, "m").exec(header)?.[1];
  const block = new RegExp(`^${key}:[ \\t]*\\r?\\n((?:[ \\t]+-.*\\r?\\n?)+)`, "m").exec(header)?.[1];
  const items =
    inline === undefined ? (block ?? "").split("\n").map((line) => line.replace(/^\s*-/, "")) : inline.split(",");
  return items.map((item) => item.trim()).filter((item) => item !== "");
}

/** The runs that the header asks for, and each script's also inside a function. */
export function variantsOf({ flags, negative }: TestHeader): Variant[] {
  if (flags.includes("raw")) return [{ mode: "raw", inFunction: false }];
  if (flags.includes("module")) return [{ mode: "module", inFunction: false }];
  const modes: Mode[] = flags.includes("onlyStrict")
    ? ["strict"]
    : flags.includes("noStrict")
      ? ["sloppy"]
      : ["sloppy", "strict"];
  const plain = modes.map((mode) => ({ mode, inFunction: false }));
  return negative ? plain : [...plain, ...modes.map((mode) => ({ mode, inFunction: true }))];
}

/** The text that is run, and instrumented, for a variant. */
export function textOf(text: string, { mode, inFunction }: Variant): string {
  const body = inFunction ? `(function () { "use profile"; ${text}\n}).call(this);` : text;
  return mode === "strict" ? `"use strict";\n${body}` : body;
}

export function nameOf({ mode, inFunction }: Variant): string {
  return inFunction ? `${mode}, in a function` : mode;
}
