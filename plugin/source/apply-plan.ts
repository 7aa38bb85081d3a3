import type MagicString from "magic-string";
import { fillIn, type Piece, piecesOf, type Values, valuesOf } from "../core/forms.ts";
import type { Plan } from "../core/plan.ts";
import { blankOut, type Range } from "../core/source-text.ts";

/**
 * Plan -> edits of the source text: pieces are printed at offsets, and no tree is known. Nothing is printed anew, so every
 * token that survives keeps its place and the map is exact by construction; no newline is ever inserted, so unmapped stack
 * traces keep their lines.
 *
 * @param isRunning for a script that runs: what begins and ends a body of several lines stands on the lines of its first and
 * last statement, so that the lines with its braces stay what they were. V8 finds functions again by comparing lines.
 */
export function applyPlan<N>(edits: MagicString, { probes, names }: Plan<N>, isRunning = false): void {
  const writer = new Writer(edits.original, isRunning);
  for (const probe of probes) {
    const values = valuesOf(probe, names);
    for (const piece of piecesOf(probe)) writer.add(piece, values);
  }
  writer.write(edits);
}

/** Overwrites marks by blanks, but for calls whose options are evaluated where they stand. */
export function applyMasks<N>(edits: MagicString, masks: readonly Range[], plan: Plan<N> | null): void {
  const kept = (plan?.probes ?? []).flatMap((probe) =>
    probe.placement === "options" ? [probe.runtimeOptions.call] : [],
  );
  for (const { start, end } of masks) {
    if (start === end || kept.some((call) => start >= call.start && end <= call.end)) continue;
    edits.update(start, end, blankOut(edits.original.slice(start, end), [{ start: 0, end: end - start }]));
  }
}

interface Hole {
  name: string;
  /** Stands for statements. */
  isStatement: boolean;
  /** Stands for all of a block, a case or a body. */
  isList: boolean;
}

const HOLE = /\$[a-z]\w*/g;
const IDENTIFIER = /[\p{ID_Continue}$]/u;

/**
 * Pieces come outermost first: what opens at an offset is appended in that order, what closes there is put in front of what
 * is there already.
 */
class Writer {
  private readonly text: string;
  private readonly opening = new Map<number, string>();
  private readonly closing = new Map<number, string>();
  /** Written over, and moved to an offset. */
  private readonly over: (Range & { by: string })[] = [];
  private readonly moves: (Range & { to: number })[] = [];
  private readonly isRunning: boolean;

  constructor(text: string, isRunning: boolean) {
    this.text = text;
    this.isRunning = isRunning;
  }

  add(piece: Piece, values: Values): void {
    const { range, holes = { $it: range }, brought = {} } = piece;
    const { strings, holes: found } = splitAtHoles(piece);
    const codes = strings.map((code) => fillIn(code, values));
    const last = found.at(-1);
    if (!last) return this.insert(range, codes[0]!);
    let at = range.start;
    for (const [index, hole] of found.entries()) {
      const before = codes[index]!;
      const elsewhere = brought[hole.name];
      if (elsewhere) {
        this.open(elsewhere.start, index === 0 ? this.spaced(at, before) : before, hole);
        if (elsewhere.start === at) at = elsewhere.end;
        else this.moves.push({ ...elsewhere, to: at });
        continue;
      }
      const place = holes[hole.name]!;
      if (place.start === place.end && at === range.end) {
        // An empty body: what opens and closes there is one.
        const code = codes.slice(index).join("");
        this.fillEmpty(at, hole.isList && this.endsWithDirective(at) ? `;${code}` : code, index > 0);
        return;
      }
      if (at < place.start) this.insert({ start: at, end: place.start }, before);
      else this.open(at, before, hole);
      at = place.end;
    }
    if (at < range.end) this.insert({ start: at, end: range.end }, codes.at(-1)!);
    else this.close(range, codes.at(-1)!, last);
  }

  private fillEmpty(offset: number, code: string, isBehindMoved: boolean): void {
    const isSpaced = /\s/.test(this.text[offset] ?? "");
    const written = (isSpaced ? code.trimEnd() : code.replace(/ {2,}/, " ")) + this.spaceBehind(offset, true);
    if (!isBehindMoved) this.insert({ start: offset, end: offset }, written);
    else this.opening.set(offset, written + (this.opening.get(offset) ?? ""));
  }

  /** Over the range; of an empty one, before what follows. */
  private insert({ start, end }: Range, code: string): void {
    if (start < end) this.over.push({ start, end, by: code });
    else this.closing.set(start, this.spaced(start, code) + (this.closing.get(start) ?? ""));
  }

  private open(at: number, code: string, { isList }: Hole): void {
    const offset = this.isRunning && isList ? this.firstIn(at) : at;
    const written = isList && this.endsWithDirective(offset) ? `;${code}` : this.spaced(offset, code);
    const isSpaced = /\s/.test(this.text[offset] ?? "");
    this.opening.set(offset, (this.opening.get(offset) ?? "") + (isSpaced ? written.trimEnd() : written));
  }

  private close({ start, end: at }: Range, code: string, { isStatement, isList }: Hole): void {
    if (code === "") return;
    const end = this.isRunning && isList ? this.lastIn(start, at) : at;
    const separator = isStatement && needsSemicolon(this.text.slice(start, end), code) ? ";" : "";
    const written = /[ \t]/.test(this.text[end - 1] ?? "") ? code.trimStart() : code;
    this.closing.set(end, separator + written + this.spaceBehind(end, isStatement) + (this.closing.get(end) ?? ""));
  }

  /** `yield/x/`, `await[x]`, `{const`: what is written does not run into the word before it. */
  private spaced(offset: number, code: string): string {
    const before = this.text[offset - 1] ?? "";
    const isWord = IDENTIFIER.test(code[0] ?? "");
    return before === ">" || (isWord && (IDENTIFIER.test(before) || /[{;:]/.test(before))) ? ` ${code}` : code;
  }

  private spaceBehind(offset: number, isStatement: boolean): string {
    return isStatement && this.text[offset] === "}" ? " " : "";
  }

  /** Where the first line of a body begins, if that is another than its brace's. */
  private firstIn(start: number): number {
    const blank = /^\s*/.exec(this.text.slice(start))![0];
    return blank.includes("\n") ? start + blank.length : start;
  }

  /** Where the last line of a body ends; not behind what may be a comment to the end of the line. */
  private lastIn(start: number, end: number): number {
    const last = start + this.text.slice(start, end).trimEnd().length;
    const line = this.text.slice(this.text.lastIndexOf("\n", last - 1) + 1, last);
    return this.text.slice(last, end).includes("\n") && !line.includes("//") ? last : end;
  }

  /** A directive that ends with its line. */
  private endsWithDirective(offset: number): boolean {
    let at = offset;
    while (/\s/.test(this.text[at - 1] ?? "")) at--;
    return /["']/.test(this.text[at - 1] ?? "");
  }

  write(edits: MagicString): void {
    for (const { start, end, by } of this.over) edits.update(start, end, by);
    // From left to right, so that the place of each is next to the last one.
    const offsets = new Set([...this.opening.keys(), ...this.closing.keys()]);
    for (const offset of [...offsets].sort((a, b) => a - b)) {
      const [closing, opening] = [this.closing.get(offset), this.opening.get(offset)];
      if (closing) edits.appendLeft(offset, closing);
      if (opening) edits.appendRight(offset, opening);
    }
    for (const { start, end, to } of this.moves) edits.move(start, end, to);
  }
}

/** What stands behind a statement is another one, unless it ends a block; a block ends by itself. */
function needsSemicolon(statements: string, behind: string): boolean {
  if (/^\s*\}/.test(behind) || /;\s*$/.test(statements)) return false;
  return !(statements.startsWith("{") && statements.endsWith("}"));
}

/** Pieces by where they go and how they read. */
const known = new Map<string, SplitCode>();

interface SplitCode {
  /** Between the holes. */
  strings: string[];
  holes: Hole[];
}

function splitAtHoles(piece: Piece): SplitCode {
  const key = piece.slot + piece.code;
  const split = known.get(key) ?? splitCode(piece);
  known.set(key, split);
  return split;
}

function splitCode({ code, slot }: Piece): SplitCode {
  const strings: string[] = [];
  const holes: Hole[] = [];
  let last = 0;
  for (const { index, 0: name } of code.matchAll(HOLE)) {
    const end = index + name.length;
    const holdsStatements = slot === "statement" || slot === "list";
    const isStatement = holdsStatements && code[end] === ";" && /(?:^|[{};] )$/.test(code.slice(0, index));
    strings.push(code.slice(last, index));
    holes.push({ name, isStatement, isList: isStatement && slot === "list" });
    last = isStatement ? end + 1 : end;
  }
  return { strings: [...strings, code.slice(last)], holes };
}
