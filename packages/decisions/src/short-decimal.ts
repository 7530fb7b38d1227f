// The fast path of exact arithmetic: canonical decimals short enough for safe integers, without bigint and without garbage.
import { placeDigits } from "./decimal.ts";

/** Sign, 16 digits and a point: longer texts cannot be safe integers. */
const MAX_SHORT_LENGTH = 18;

/** Powers of ten that a double holds exactly, as far as a short decimal can need them. */
const POWERS_OF_TEN: readonly number[] = Array.from({ length: 18 }, (_, exponent) => 10 ** exponent);

/** Bound of an aligned coefficient: sums of up to eight of them are still safe integers. */
const MAX_ALIGNED = Math.floor(Number.MAX_SAFE_INTEGER / 8);

const ZERO = 48;
const NINE = 57;
const POINT = 46;
const MINUS = 45;

/**
 * Reads the coefficient of a canonical decimal text (`"-4.10"` is -410), or NaN where the text is anything else or longer
 * than a safe integer. About 1 ns a character; allocates nothing.
 */
export function scanShort(text: string): number {
  const length = text.length;
  if (length === 0 || length > MAX_SHORT_LENGTH) return Number.NaN;
  const start = text.charCodeAt(0) === MINUS ? 1 : 0;
  // A leading zero must be alone before the point.
  if (text.charCodeAt(start) === ZERO && length > start + 1 && text.charCodeAt(start + 1) !== POINT) return Number.NaN;
  let coefficient = 0;
  let point = -1;
  for (let index = start; index < length; index++) {
    const code = text.charCodeAt(index);
    if (code >= ZERO && code <= NINE) coefficient = coefficient * 10 + (code - ZERO);
    else if (code === POINT && point < 0 && index > start) point = index;
    else return Number.NaN;
  }
  if (point === length - 1 || start === length || coefficient > Number.MAX_SAFE_INTEGER) return Number.NaN;
  if (start === 0) return coefficient;
  return coefficient === 0 ? Number.NaN : -coefficient; // negative zero is not canonical
}

/** Places after the point of a canonical text, NaN where it is too long to be short. */
export function shortScale(text: string): number {
  if (text.length > MAX_SHORT_LENGTH) return Number.NaN;
  // A loop beats indexOf on texts of a few characters.
  for (let index = text.length - 1; index > 0; index--) {
    if (text.charCodeAt(index) === POINT) return text.length - 1 - index;
  }
  return 0;
}

/**
 * The coefficient of a text whose scale is `from`, brought to the scale `to` (`to >= from`), or NaN where the text is not
 * canonical or too long: eight results can be added and subtracted without leaving the safe integers.
 */
export function alignShort(text: string, from: number, to: number): number {
  const aligned = scanShort(text) * (POWERS_OF_TEN[to - from] ?? Number.NaN);
  return aligned <= MAX_ALIGNED && aligned >= -MAX_ALIGNED ? aligned : Number.NaN;
}

/** Writes a safe integer with `scale` places: 120 with scale 2 is `"1.20"`. */
export function formatShort(coefficient: number, scale: number): string {
  return coefficient < 0
    ? placeDigits(true, String(-coefficient), scale)
    : placeDigits(false, String(coefficient), scale);
}
