/** As many decimals as `toFixed` writes. */
const EXACT = 100;

/**
 * Python's `%.{decimals}f`: rounded from the exact binary value, ties half to even. `toFixed` rounds ties away from
 * zero, and ties are common: resident memory moves in pages of 0.00390625 MiB.
 * @param decimals 0 to 99
 */
export function formatFixed(value: number, decimals: number): string {
  const sign = Object.is(value, -0) ? "-" : "";
  const exact = value.toFixed(EXACT);
  const end = exact.length - EXACT + decimals;
  const kept = exact.slice(0, end).replace(/\.$/, "");
  const isTieToEven = /^50*$/.test(exact.slice(end)) && /[02468]$/.test(kept);
  return sign + (isTieToEven ? kept : value.toFixed(decimals));
}
