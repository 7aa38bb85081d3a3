import { printable } from "../../contract/recording.ts";
import type { Format } from "./format.ts";
import { linesOf, tellNegative } from "./lines.ts";

/** Collapsed stacks, as flamegraph.pl and others read them: `function (file:line);file:line text bytes`. */
export const COLLAPSED: Format = {
  name: "collapsed",
  extension: "collapsed.txt",
  render: (profile) =>
    linesOf(profile)
      .flatMap(({ name, file, first, lines }) =>
        lines
          .filter(({ value }) => value > 0)
          .map(({ line, text, value }) => {
            const [outer, inner] = [`${name} (${file}:${first})`, `${file}:${line} ${text.trim()}`].map(frame);
            return `${outer};${inner} ${value}\n`;
          }),
      )
      .join(""),
  omits: (profile) => tellNegative(profile, "collapsed"),
};

/** Semicolons part frames, and a line is a stack. */
function frame(text: string): string {
  return printable(text.replaceAll(";", ",").replace(/\s+/g, " ")).trim();
}
