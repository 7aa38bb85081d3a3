/** The source map that another compiler left for a file: rows then are those of what it compiled. */
import { readFileSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import type { EncodedSourceMap } from "@jridgewell/trace-mapping";

export interface InputMap {
  /** With the text of its one source. */
  map: EncodedSourceMap;
  /** The path of that source. */
  original: string;
  /** The files that were read for it. */
  files: string[];
}

const COMMENT = /^\/\/[#@] sourceMappingURL=(\S+)[ \t]*$/gm;
const INLINE = /^data:application\/json[^,]*?(;base64)?,(.*)$/s;

/** @returns `null` without a map that can be read and leads to one source whose text is known: rows are those of the file then */
export function readInputMap(filename: string, text: string): InputMap | null {
  const url = [...text.matchAll(COMMENT)].at(-1)?.[1];
  if (url === undefined) return null;
  try {
    const inline = INLINE.exec(url);
    const path = inline ? filename : resolve(dirname(filename), decodeURIComponent(url));
    const map: EncodedSourceMap = JSON.parse(inline ? inlineText(inline) : readFileSync(path, "utf8"));
    const [source, ...others] = map.sources;
    if (typeof source !== "string" || others.length > 0) return null;
    // A folder without its slash would be taken for a file.
    const from = new URL(map.sourceRoot ? `${map.sourceRoot.replace(/\/?$/, "/")}` : ".", pathToFileURL(path));
    const original = fileURLToPath(new URL(source, from));
    const content = map.sourcesContent?.[0] ?? readFileSync(original, "utf8");
    const { sourceRoot: _, ...rest } = map;
    return {
      // In a map a source is a URL: these signs would end it.
      map: { ...rest, sources: [original.replace(/[%?#]/g, encodeURIComponent)], sourcesContent: [content] },
      original,
      files: inline ? [original] : [path, original],
    };
  } catch {
    return null;
  }
}

function inlineText([, isBase64, data]: RegExpExecArray): string {
  return isBase64 ? Buffer.from(data!, "base64").toString("utf8") : decodeURIComponent(data!);
}
