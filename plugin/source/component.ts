/**
 * Single-file components of Vue and Svelte. Their scripts are read where they stand, with everything around them blanked,
 * so that offsets and lines are the file's; both scripts of a component end up in one module, and so have one outline.
 */
import type * as B from "@babel/types";
import { readFile } from "../babel/read-file.ts";
import type { SourceFile } from "../core/compile.ts";
import type { Outline } from "../core/outline.ts";
import type { Reading } from "../core/read-file.ts";
import { blankOut, type Range } from "../core/source-text.ts";
import { createParser } from "./parse.ts";

/** A script block; the range is its content's. */
export interface Script extends Range {
  /** `js`, `ts`, `jsx` or `tsx`. */
  lang: string;
  /** Runs once a module, not once an instance. */
  isModuleLevel: boolean;
}

export type ReadComponent = Reading<B.Node> & { scripts: Script[] };

/** @throws what the parser throws */
export function readComponent(file: SourceFile): ReadComponent {
  const scripts = findScripts(file);
  const read = scripts.map((script) => {
    const around = [
      { start: 0, end: script.start },
      { start: script.end, end: file.text.length },
    ];
    const text = blankOut(file.text, around);
    return readFile({ path: file.path, text }, null, createParser(`${file.path}.${script.lang}`, "module"));
  });
  const masks = read.flatMap(({ marks }) => marks.masks);
  return {
    scripts,
    outline: mergeOutlines(
      read.map(({ outline }) => outline),
      blankOut(file.text, masks),
    ),
    marks: {
      marks: read.flatMap(({ marks }) => marks.marks),
      masks,
      warnings: read.flatMap(({ marks }) => marks.warnings),
    },
  };
}

/** Where a text goes that belongs to the module: into its script, or into one of its own at the end. */
export function placeInModule(
  { path, text }: SourceFile,
  scripts: readonly Script[],
): { offset: number; before: string; after: string } {
  const script = scripts.find(({ isModuleLevel }) => isModuleLevel);
  if (script) return { offset: script.start, before: "", after: "" };
  const lang = scripts.map((each) => each.lang).find((each) => each !== "js");
  const attributes = `${path.endsWith(".vue") ? "" : ` ${svelteModule(text)}`}${lang ? ` lang="${lang}"` : ""}`;
  return { offset: text.length, before: `\n<script${attributes}>`, after: "</script>\n" };
}

/** Svelte 5, which has runes, complains about the older attribute in components that use them. */
function svelteModule(text: string): string {
  return /\$(state|derived|effect|props|bindable)\b/.test(text) ? "module" : 'context="module"';
}

function findScripts({ path, text }: SourceFile): Script[] {
  return (path.endsWith(".vue") ? rootBlocks(text) : svelteScripts(text)).flatMap(({ attributes, start, end }) => {
    const type = attributeOf(attributes, "type");
    if (attributeOf(attributes, "src") !== null || (type !== null && !/^(module|text\/(java|type)script)$/.test(type)))
      return [];
    const isModuleLevel = path.endsWith(".vue")
      ? attributeOf(attributes, "setup") === null
      : attributeOf(attributes, "module") !== null || attributeOf(attributes, "context") === "module";
    const lang = (attributeOf(attributes, "lang") || "js").replace(/^(type|java)script$/, (name) => `${name[0]}s`);
    return /^[jt]sx?$/.test(lang) ? [{ start, end, lang, isModuleLevel }] : [];
  });
}

interface Block extends Range {
  attributes: string;
}

const ATTRIBUTES = `((?:"[^"]*"|'[^']*'|[^>"'])*)`;

/** The scripts among the blocks of a Vue component. Templates nest; other blocks end at their first end tag. */
function rootBlocks(text: string): Block[] {
  const blocks: Block[] = [];
  const open = new RegExp(`<!--[\\s\\S]*?-->|<([a-z][\\w-]*)${ATTRIBUTES}>`, "gi");
  for (let match = open.exec(text); match; match = open.exec(text)) {
    const [, name, attributes = ""] = match;
    if (name === undefined || attributes.endsWith("/")) continue;
    const start = open.lastIndex;
    const end = endOfBlock(text, name, start);
    if (name.toLowerCase() === "script") blocks.push({ attributes, start, end });
    open.lastIndex = end;
  }
  return blocks;
}

function endOfBlock(text: string, name: string, start: number): number {
  const tag = new RegExp(`<(/?)${name}(?=[\\s/>])${ATTRIBUTES}>`, "gi");
  tag.lastIndex = start;
  let depth = 1;
  for (let match = tag.exec(text); match; match = tag.exec(text)) {
    if (match[1] === "/") depth--;
    else if (name.toLowerCase() === "template" && !match[2]!.endsWith("/")) depth++;
    if (depth === 0) return match.index;
  }
  return text.length;
}

/** The scripts of a Svelte component, but for those that it writes into the page's head. */
function svelteScripts(text: string): Block[] {
  const blocks: Block[] = [];
  const open = new RegExp(
    `<!--[\\s\\S]*?-->|<svelte:head\\b[\\s\\S]*?</svelte:head\\s*>|<script(?=[\\s>])${ATTRIBUTES}>`,
    "gi",
  );
  for (let match = open.exec(text); match; match = open.exec(text)) {
    if (match[1] === undefined) continue;
    const start = open.lastIndex;
    const end = endOfBlock(text, "script", start);
    blocks.push({ attributes: match[1], start, end });
    open.lastIndex = end;
  }
  return blocks;
}

/** `""` for an attribute without a value, `null` for one that isn't there. */
function attributeOf(attributes: string, name: string): string | null {
  const match = new RegExp(`(?:^|\\s)${name}(?:\\s*=\\s*(?:"([^"]*)"|'([^']*)'|([^\\s"'>]+)))?(?=\\s|$)`, "i").exec(
    attributes,
  );
  return match && (match[1] ?? match[2] ?? match[3] ?? "");
}

function mergeOutlines(outlines: readonly Outline<B.Node>[], text: string): Outline<B.Node> {
  const declaredNames = new Map<string, number>();
  for (const outline of outlines) {
    for (const [name, count] of outline.declaredNames) declaredNames.set(name, (declaredNames.get(name) ?? 0) + count);
  }
  return {
    text,
    isModule: true,
    directives: outlines.flatMap(({ directives }) => directives),
    body: outlines.flatMap(({ body }) => body),
    imports: outlines.flatMap(({ imports }) => imports),
    comments: outlines.flatMap(({ comments }) => comments),
    declaredNames,
    shadows: mergeLists(outlines.map(({ shadows }) => shadows)),
    references: mergeLists(outlines.map(({ references }) => references)),
  };
}

function mergeLists<T>(maps: readonly ReadonlyMap<string, readonly T[]>[]): Map<string, readonly T[]> {
  const merged = new Map<string, readonly T[]>();
  for (const map of maps) for (const [name, list] of map) merged.set(name, [...(merged.get(name) ?? []), ...list]);
  return merged;
}
