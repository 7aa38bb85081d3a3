/** Amounts of memory as people write them, and how much more is too much. */
import type { Text, Value } from "./values.ts";

const UNITS: Readonly<Record<string, number>> = {
  b: 1,
  kb: 1000,
  mb: 1000 ** 2,
  gb: 1000 ** 3,
  kib: 1024,
  mib: 1024 ** 2,
  gib: 1024 ** 3,
};
const EXPECTED = "a size with its unit, as 5MiB or 512 KiB (B, kB, MB, GB, KiB, MiB, GiB)";

/** Bytes; undefined for what is no size. */
export function readSize(text: string): number | undefined {
  const [, number, unit] = /^(\d+(?:\.\d+)?) ?([a-z]+)$/i.exec(text.trim()) ?? [];
  const factor = UNITS[unit?.toLowerCase() ?? ""];
  return factor === undefined ? undefined : Number(number) * factor;
}

export const SIZE: Text<number> = { expected: EXPECTED, read: readSize };

/** A size that stays as it is written. */
export const SIZE_TEXT: Value<string> = {
  expected: EXPECTED,
  fits: (value): value is string => typeof value === "string" && readSize(value) !== undefined,
};

/** `load=5MiB`. */
export const NAMED_SIZE: Text<{ name: string; bytes: number }> = {
  expected: `a name and ${EXPECTED}: load=5MiB`,
  read(text) {
    const [, name, size] = /^(.+)=([^=]+)$/.exec(text) ?? [];
    const bytes = size === undefined ? undefined : readSize(size);
    return name !== undefined && bytes !== undefined ? { name, bytes } : undefined;
  },
};

/** 0.1 for `10%`. */
export const PERCENT: Text<number> = {
  expected: "a percentage, as 10%",
  read: (text) => (/^\d+(\.\d+)?%$/.test(text) ? Number.parseFloat(text) / 100 : undefined),
};
