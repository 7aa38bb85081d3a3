import { formatFixed } from "../../runtime/reporters/format-fixed.ts";

export const MIB = 2 ** 20;
const TIME = "time";

export const unitOf = (metric: string): string => (metric === TIME ? "ms" : "MiB");

/** Without its unit, which stands in the heading; rounded as the tables of the terminal. */
export function format(value: number, metric: string, decimals: number): string {
  const text = metric === TIME ? value.toFixed(3) : formatFixed(value / MIB, decimals);
  return text.replace("-", "\u2212");
}

/** Every byte, for whoever asks. */
export function exactly(value: number, metric: string): string {
  return metric === TIME ? `${value} ms` : `${grouped(value)} bytes`;
}

export function grouped(value: number): string {
  return String(value)
    .replace(/\B(?=(\d{3})+(?!\d))/g, "\u202f")
    .replace("-", "\u2212");
}

/** A time of the run. */
export function seconds(value: number): string {
  return value < 1 ? `${Math.round(value * 1000)} ms` : `${value.toFixed(2)} s`;
}
