/** Where holders stand in the sources: by the maps that Node knows, and by the declaration of a variable. */
import { findSourceMap, type SourceMapping } from "node:module";
import type { Holder } from "../../../heap/name-holders.ts";
import { fileURLToPath, readFileSync, relative } from "../builtins.ts";
import { currentFolder } from "../main-context.ts";

const VARIABLE = /^variable ([\p{ID_Start}$_][\p{ID_Continue}$]*)$/u;

export class Places {
  private readonly root = currentFolder();
  private readonly texts = new Map<string, string[] | undefined>();

  /** As `variable cache (src/store.ts:3)`. */
  show(holder: Holder): string {
    const place = this.placeOf(holder);
    return place === undefined ? holder.name : `${holder.name} (${place})`;
  }

  private placeOf({ name, file, line, column }: Holder): string | undefined {
    if (file === undefined) return undefined;
    const path = file.startsWith("file:") ? fileURLToPath(file) : file;
    // Node keeps maps by what it was asked to load.
    const map = findSourceMap(file) ?? findSourceMap(path);
    const entry = line === undefined ? undefined : map?.findEntry(line - 1, (column ?? 1) - 1);
    const origin = entry && isMapping(entry) ? entry : undefined;
    const source = originOf(origin?.originalSource ?? map?.payload.sources[0]) ?? path;
    const shown = relative(this.root, source).replaceAll("\\", "/");
    const at = origin ? origin.originalLine + 1 : (line ?? this.lineOf(source, VARIABLE.exec(name)?.[1]));
    return at === undefined ? shown : `${shown}:${at}`;
  }

  /** Of the one declaration of a name; of several nobody knows which. */
  private lineOf(source: string, name: string | undefined): number | undefined {
    if (name === undefined) return undefined;
    const declares = new RegExp(`\\b(?:const|let|var|class|function)\\s+${name.replaceAll("$", "\\$")}(?![\\w$])`);
    const found = (this.linesOf(source) ?? []).flatMap((text, index) => (declares.test(text) ? [index + 1] : []));
    return found.length === 1 ? found[0] : undefined;
  }

  private linesOf(source: string): string[] | undefined {
    if (!this.texts.has(source)) this.texts.set(source, readLines(source));
    return this.texts.get(source);
  }
}

/** Node returns an empty object for a place that the map says nothing of. */
function isMapping(entry: object): entry is SourceMapping {
  return "originalSource" in entry;
}

function originOf(source: string | undefined): string | undefined {
  if (source === undefined) return undefined;
  return source.startsWith("file:") ? fileURLToPath(source) : source;
}

function readLines(path: string): string[] | undefined {
  try {
    return readFileSync(path, "utf8").split("\n");
  } catch {
    return undefined;
  }
}
