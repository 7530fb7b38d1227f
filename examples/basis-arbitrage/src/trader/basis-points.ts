/** Basis points as exact integers: one bp is 10,000n, so that a value has four decimal places and sums are exact. */
import { divideDown, divideUp, FIXED_ONE, parseFixed } from "../market/fixed-point.ts";

/** Decimal places of a value in basis points. */
const BPS_PLACES = 4;

/** One basis point. */
export const ONE_BP = 10_000n;

/** The whole, in basis points: a ratio of 1 is 10,000 bp of 10,000 each. */
const WHOLE = 10_000n * ONE_BP;

const FIXED_PER_STEP = FIXED_ONE / ONE_BP;

/** `part / whole` in basis points, rounded towards minus infinity; `whole` must be positive. */
export function ratioBpsDown(part: bigint, whole: bigint): bigint {
  return divideDown(part * WHOLE, whole);
}

/** `part / whole` in basis points, rounded towards plus infinity; `whole` must be positive. */
export function ratioBpsUp(part: bigint, whole: bigint): bigint {
  return divideUp(part * WHOLE, whole);
}

/** With four decimals always: `37000n` is `"3.7000"`. */
export function formatBps(value: bigint): string {
  const digits = (value < 0n ? -value : value).toString().padStart(BPS_PLACES + 1, "0");
  const point = digits.length - BPS_PLACES;
  return `${value < 0n ? "-" : ""}${digits.slice(0, point)}.${digits.slice(point)}`;
}

/** A plain decimal of at most four places, as in `"2.3"`; `undefined` for anything else. */
export function parseBps(text: string): bigint | undefined {
  const fixed = parseFixed(text);
  return fixed === undefined || fixed % FIXED_PER_STEP !== 0n ? undefined : fixed / FIXED_PER_STEP;
}
