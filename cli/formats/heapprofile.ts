import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import type { Format } from "./format.ts";
import { linesOf, tellNegative } from "./lines.ts";

/** As the protocol of V8's inspector names them; lines and columns begin with 0. */
interface Node {
  callFrame: { functionName: string; scriptId: string; url: string; lineNumber: number; columnNumber: number };
  selfSize: number;
  id: number;
  children: Node[];
}

/**
 * V8's sampling heap profile with a node for each line below that of its function: DevTools and VS Code then show memory per
 * line. Files are URLs, or they would not find the sources; a number of a script would be looked for in the open page.
 */
export const HEAPPROFILE: Format = {
  name: "heapprofile",
  extension: "heapprofile",
  render(profile, { root } = {}) {
    let id = 0;
    const node = (functionName: string, url: string, lineNumber: number, selfSize: number, children: Node[]): Node => {
      id++;
      return { callFrame: { functionName, scriptId: "0", url, lineNumber, columnNumber: 0 }, selfSize, id, children };
    };
    const functions = linesOf(profile).map(({ name, file, first, lines }) => {
      const url = root === undefined ? file : pathToFileURL(resolve(root, file)).href;
      const own = lines
        .filter(({ value }) => value > 0)
        .map(({ name: lineName, line, value }) => node(lineName, url, line - 1, value, []));
      return node(name, url, first - 1, 0, own);
    });
    const head = node("(root)", "", -1, 0, functions);
    const leaves = functions.flatMap(({ children }) => children);
    const samples = leaves.map(({ selfSize, id: nodeId }, index) => ({ size: selfSize, nodeId, ordinal: index + 1 }));
    return `${JSON.stringify({ head, samples })}\n`;
  },
  omits: (profile) => tellNegative(profile, "heapprofile"),
};
