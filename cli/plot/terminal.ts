import type { Curves } from "./curves.ts";

const BLOCKS = " ▁▂▃▄▅▆▇█";

/** The main curve as columns of blocks: the largest value of each stretch of time. */
export function renderTerminal({ title, main, peak }: Curves, width: number, height: number): string {
  const end = main.at(-1)?.time || 1;
  const lowest = main.reduce((low, { memory }) => Math.min(low, memory), Number.POSITIVE_INFINITY);
  const floor = Math.max(0, lowest - (peak.memory - lowest) * 0.05);
  const columns = new Array<number>(width).fill(Number.NaN);
  for (const { time, memory } of main) {
    const column = Math.max(0, Math.min(width - 1, Math.floor((time / end) * width)));
    if (!(columns[column]! > memory)) columns[column] = memory;
  }
  for (let column = 1; column < width; column++)
    if (Number.isNaN(columns[column])) columns[column] = columns[column - 1]!;
  const heights = columns.map((memory) => ((memory - floor) / (peak.memory - floor || 1)) * height * 8);
  const rows = Array.from({ length: height }, (_, row) => {
    const base = (height - 1 - row) * 8;
    const cells = heights.map((value) => BLOCKS[Math.max(0, Math.min(8, Math.round(value - base)))]);
    const memory = floor + ((height - row) / height) * (peak.memory - floor);
    return `${memory.toFixed(1).padStart(9)} MiB │${cells.join("")}`;
  });
  const axis = `${" ".repeat(14)}└${"─".repeat(width)}`;
  const times = `${" ".repeat(15)}0 s${`${end.toFixed(2)} s`.padStart(width - 3)}`;
  return `${title}\n${rows.join("\n")}\n${axis}\n${times}\npeak ${peak.memory.toFixed(3)} MiB at ${peak.time.toFixed(2)} s\n`;
}
