import { readFileSync } from "node:fs";
import { exportEach } from "./named-exports.ts";

/** What Node says of an import. */
export interface ImportContext {
  importAttributes?: Record<string, string>;
}

/** Imported without `with { type: "json" }`, which TypeScript and bundlers don't ask for. */
export function isBareJson(filename: string, { importAttributes }: ImportContext): boolean {
  return filename.endsWith(".json") && importAttributes?.type === undefined;
}

/** A module with the value as its default export, and each property by its name. @throws SyntaxError for what is no JSON */
export function jsonModule(filename: string): { format: "module"; source: string; shortCircuit: true } {
  const text = readFileSync(filename, "utf8").replace(/^\uFEFF/, "");
  const value: unknown = JSON.parse(text);
  const isObject = typeof value === "object" && value !== null && !Array.isArray(value);
  const names = isObject ? Object.keys(value) : [];
  const load = `const json = JSON.parse(${JSON.stringify(text)}); export default json;`;
  const source = [load, ...exportEach("json", names)].join("\n");
  return { format: "module", source, shortCircuit: true };
}
