/** Where lines are: in the address of the page, and in an editor. */
import type { FunctionModel } from "./model.ts";

export interface Place {
  file: string;
  line: number;
}

/** `#src/app.ts:3` */
export function hashOf({ file, line }: Place): string {
  return `#${encodeURIComponent(file).replaceAll("%2F", "/")}:${line}`;
}

export function placeOf(hash: string): Place | undefined {
  const [, encoded, line] = /^#(.+):(\d+)$/.exec(hash) ?? [];
  if (encoded === undefined) return undefined;
  try {
    return { file: decodeURIComponent(encoded), line: Number(line) };
  } catch {
    return undefined;
  }
}

/** The innermost function that has the line; of two, the one that was not replaced. */
export function functionAt(models: readonly FunctionModel[], { file, line }: Place): FunctionModel | undefined {
  const length = ({ of }: FunctionModel) => of.texts.length + (of.isSuperseded ? Number.MAX_SAFE_INTEGER / 2 : 0);
  return models
    .filter(({ of }) => of.file === file && line >= of.first && line < of.first + of.texts.length)
    .sort((a, b) => length(a) - length(b))[0];
}

/** `vscode://file/srv/app/src/app.ts:3`; undefined where nobody knows the folder of the file. */
export function editorLink({ file, line }: Place, root: string | undefined): string | undefined {
  const isAbsolute = /^(\/|[A-Za-z]:[\\/])/.test(file);
  if (!isAbsolute && (root === undefined || /^[a-z][a-z+.-]+:/i.test(file))) return undefined;
  const path = (isAbsolute ? file : `${root}/${file}`).replaceAll("\\", "/").replace(/^\/?/, "/");
  return `vscode://file${path.split("/").map(encodeURIComponent).join("/").replaceAll("%3A", ":")}:${line}`;
}
