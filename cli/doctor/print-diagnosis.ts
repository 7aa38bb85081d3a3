import type { Diagnosis } from "./diagnose.ts";
import type { Finding } from "./gather-facts.ts";

/** Names in one column, what is said of them in another. */
export function printDiagnosis({ versions, project, paths, marks, blocks }: Diagnosis): string {
  const sections: [string, readonly Finding[]][] = [
    ["Versions", versions],
    ["Project", project],
    ["On the way into Node", paths],
    ["Marks", marks],
  ];
  const width = Math.max(...sections.flatMap(([, findings]) => findings.map(({ name }) => name.length)));
  const lines = sections.flatMap(([title, findings]) => [
    title,
    ...findings.map(({ name, value }) => `  ${name.padEnd(width)}  ${value}`),
    "",
  ]);
  const said = blocks.map(({ what, cure }) => `  ${what}: ${cure}`);
  const end = blocks.length === 0 ? ["Nothing keeps a result away."] : ["What keeps a result away", ...said];
  return `${[...lines, ...end].join("\n")}\n`;
}
