import type TS from "typescript";
import type { CommentOutline } from "../core/outline.ts";
import type { TreeReader, Ts } from "./reader.ts";

/**
 * The comments of a file that could hold a mark. TypeScript keeps no comments: they stand in the gaps between nodes, where
 * there are only keywords, punctuation, white space and they themselves.
 */
export function readComments(file: TS.SourceFile, ts: Ts, reader: TreeReader): CommentOutline[] {
  const comments: CommentOutline[] = [];
  let last = 0;
  for (const { index } of file.text.matchAll(/@(?:no)?profile\b/g)) {
    if (index < last) continue;
    const gap = gapAt(file, index, ts);
    const comment = gap && commentIn(file.text, gap, index, ts);
    if (!comment) continue;
    last = comment.end;
    const text = file.text.slice(comment.start + 2, comment.isBlock ? comment.end - 2 : comment.end);
    comments.push({ ...reader.spanOf(comment.start, comment.end), text });
  }
  return comments;
}

/** What lies between the two nodes around an offset; `null` inside a name, a literal, JSX text. */
function gapAt(file: TS.SourceFile, offset: number, ts: Ts): { start: number; end: number } | null {
  let node: TS.Node = file;
  for (;;) {
    let [start, end] = [node.pos, node.end];
    let inside: TS.Node | undefined;
    let hasChildren = false;
    ts.forEachChild(node, (child) => {
      hasChildren = true;
      if (child.pos <= offset && offset < child.end) inside ??= child;
      else if (child.end <= offset) start = Math.max(start, child.end);
      else end = Math.min(end, child.pos);
    });
    if (!inside) {
      // Nodes without children that consist of several tokens are gaps too: `{ }`, `[]`, `return;`.
      if (hasChildren || node.kind > ts.SyntaxKind.LastToken) return { start, end };
      // The text of a JSX element has no comments; before any other token there are.
      const token = ts.isJsxText(node) ? node.pos : node.getStart(file);
      return offset < token ? { start: node.pos, end: token } : null;
    }
    node = inside;
  }
}

function commentIn(
  text: string,
  gap: { start: number; end: number },
  offset: number,
  ts: Ts,
): { start: number; end: number; isBlock: boolean } | null {
  const scanner = ts.createScanner(
    ts.ScriptTarget.Latest,
    false,
    ts.LanguageVariant.Standard,
    text,
    undefined,
    gap.start,
    gap.end - gap.start,
  );
  for (;;) {
    const kind = scanner.scan();
    const [start, end] = [scanner.getTokenStart(), scanner.getTokenEnd()];
    if (kind === ts.SyntaxKind.EndOfFileToken || start > offset) return null;
    if (offset >= end) continue;
    const isBlock = kind === ts.SyntaxKind.MultiLineCommentTrivia;
    return isBlock || kind === ts.SyntaxKind.SingleLineCommentTrivia ? { start, end, isBlock } : null;
  }
}
