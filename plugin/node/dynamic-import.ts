import type { EncodedSourceMap } from "@jridgewell/trace-mapping";
import { TraceMap } from "@jridgewell/trace-mapping";
import { init, parse } from "es-module-lexer";
import MagicString from "magic-string";
import { encodeMap, leadOn } from "./compose-maps.ts";
import type { Transpiled } from "./transpile.ts";

/**
 * What TypeScript makes of `import()` in CommonJS: the exports of a module that was compiled to CommonJS, and not the
 * namespace that Node makes of it, in which they are one `default`.
 */
const EXPORTS_OF =
  '.then((m) => m.default && typeof m.default === "object" && "__esModule" in m.default ? m.default : m)';

/** Lets each `import()` say what `import` says. */
export async function mendDynamicImports(transpiled: Transpiled): Promise<Transpiled> {
  const { code, map } = transpiled;
  if (!/\bimport\s*\(/.test(code)) return transpiled;
  await init;
  const [imports] = parse(code);
  const edits = new MagicString(code);
  for (const { type, importEnd } of imports) if (type === "dynamic") edits.appendRight(importEnd, EXPORTS_OF);
  if (!edits.hasChanged()) return transpiled;
  const moved = edits.generateMap({ hires: "boundary" }) as EncodedSourceMap;
  const inner = new TraceMap(map);
  return {
    code: edits.toString(),
    map: encodeMap(
      leadOn(moved, () => inner),
      map,
    ),
  };
}
