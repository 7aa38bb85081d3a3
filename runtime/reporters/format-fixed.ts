/** As many decimals as `toFixed` writes. */
const EXACT = 100;

/**
 * Python's `%.{decimals}f`: rounded from the exact binary value, ties half to even. `toFixed` rounds ties away from
 * zero, and ties are common: resident memory moves in pages of 0.00390625 MiB.
 * @param decimals 0 to 99
 */
export function formatFixed(value: number, decimals: number): string {
  const sign = value < 0 || Object.is(value, -0) ? "-" : "";
  const size = Math.abs(value);
  const exact = size.toFixed(EXACT);
  const dropped = exact.slice(exact.length - EXACT + decimals);
  if (!/^50*$/.test(dropped)) return sign + size.toFixed(decimals);
  const kept = exact.slice(0, exact.length - EXACT + decimals).replace(/\.$/, "");
  const isEven = "02468".includes(kept.at(-1)!);
  return sign + (isEven ? kept : size.toFixed(decimals));
}
