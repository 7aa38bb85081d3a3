/** A real package: acorn reads its own source. The benchmark puts the package beside this file. */
import { readFileSync } from "node:fs";
import { parse } from "./packages/acorn.js";

export function run(scale) {
  const text = readFileSync(new URL("packages/acorn.txt", import.meta.url), "utf8");
  let sum = 0;
  for (let round = 0; round < 5 * scale; round++) {
    const tree = parse(text, { ecmaVersion: 2022, sourceType: "module" });
    sum += tree.body.length;
  }
  return sum;
}
