export type ThemeName = "light" | "dark";

/** Colours of a picture. Curves and functions are told apart by hue and lightness, on both grounds. */
export interface Theme {
  ground: string;
  text: string;
  grid: string;
  peak: string;
  slope: string;
  /** By file. */
  curves: string[];
  /** By child process. */
  children: string[];
  /** By function, round and round. */
  functions: string[];
}

/** The dark colour for each light one: a page holds its data once, and changes only these. */
export function darkOf(): Record<string, string> {
  const { light, dark } = THEMES;
  const pairs = (Object.keys(light) as (keyof Theme)[]).flatMap((key) =>
    [light[key]].flat().map((color, i) => [color, [dark[key]].flat()[i]!]),
  );
  return Object.fromEntries(pairs);
}

export const THEMES: Record<ThemeName, Theme> = {
  light: {
    ground: "#ffffff",
    text: "#24292f",
    grid: "#d8dee4",
    peak: "#cf222e",
    slope: "#0a7f86",
    curves: ["#24292f", "#0550ae", "#cf222e", "#1a7f37", "#8250df", "#bc4c00", "#bf3989"],
    children: ["#0969da", "#cf222e", "#1a7f37", "#8250df", "#bc4c00", "#bf3989", "#57606a"],
    functions: ["#0e8a92", "#b08800", "#1a7f37", "#cf222e", "#0969da", "#8250df"],
  },
  dark: {
    ground: "#0d1117",
    text: "#e6edf3",
    grid: "#30363d",
    peak: "#ff7b72",
    slope: "#56d4dd",
    curves: ["#e6edf3", "#79c0ff", "#ff7b72", "#7ee787", "#d2a8ff", "#ffa657", "#ff9bce"],
    children: ["#79c0ff", "#ff7b72", "#7ee787", "#d2a8ff", "#ffa657", "#ff9bce", "#8b949e"],
    functions: ["#56d4dd", "#e3b341", "#7ee787", "#ff7b72", "#79c0ff", "#d2a8ff"],
  },
};
