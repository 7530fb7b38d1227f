/** Prices and quantities as exact integers: a decimal of at most eight places is held as a bigint times 1e8. */

/** Decimal places a fixed-point value carries. */
const FIXED_PLACES = 8;

/** Fixed-point one: the bigint that stands for 1. */
export const FIXED_ONE = 100_000_000n;

/** Places of an exact product of two fixed-point values, such as price times size. */
export const NOTIONAL_PLACES = 16;

/** Longest text taken for a number; a longer one is a mistake or an attack, not a price. */
const MAX_LENGTH = 40;
/** Up to this many digits a JavaScript number counts exactly, and making the bigint from it is several times cheaper. */
const SAFE_DIGITS = 15;

const ZERO = 48;
const NINE = 57;
const POINT = 46;
const MINUS = 45;
const POWERS = [1, 10, 100, 1_000, 10_000, 100_000, 1_000_000, 10_000_000, 100_000_000];

/**
 * The exact value of a plain decimal string, times 1e8: `"61837.63"` is `6183763000000n`.
 * Anything else (another type, an exponent, spaces, `.5`, `5.`, more than eight places, more than 40 characters) is `undefined`.
 */
export function parseFixed(text: unknown): bigint | undefined {
  if (typeof text !== "string" || text.length === 0 || text.length > MAX_LENGTH) return undefined;
  if (text.charCodeAt(0) !== MINUS) return parseUnsigned(text);
  const value = parseUnsigned(text.slice(1));
  return value === undefined ? undefined : -value;
}

function parseUnsigned(text: string): bigint | undefined {
  const { length } = text;
  let point = -1;
  let value = 0;
  for (let index = 0; index < length; index++) {
    const code = text.charCodeAt(index);
    if (code >= ZERO && code <= NINE) value = value * 10 + (code - ZERO);
    else if (code === POINT && point < 0) point = index;
    else return undefined;
  }
  const whole = point < 0 ? length : point;
  const places = point < 0 ? 0 : length - point - 1;
  if (whole === 0 || places > FIXED_PLACES || (point >= 0 && places === 0)) return undefined;
  const missing = FIXED_PLACES - places;
  if (whole + FIXED_PLACES <= SAFE_DIGITS) return BigInt(value * (POWERS[missing] ?? 1));
  const digits = point < 0 ? text : text.slice(0, point) + text.slice(point + 1);
  return BigInt(digits + "0".repeat(missing));
}

/**
 * The shortest exact decimal string: `6183763000000n` is `"61837.63"`, `0n` is `"0"`, never an exponent.
 * `places` is how many places the integer carries: 8 for a fixed-point value, 16 for a notional.
 */
export function formatFixed(value: bigint, places: number = FIXED_PLACES): string {
  const digits = (value < 0n ? -value : value).toString().padStart(places + 1, "0");
  const whole = digits.slice(0, digits.length - places);
  let end = digits.length;
  while (end > whole.length && digits.charCodeAt(end - 1) === ZERO) end--;
  const sign = value < 0n ? "-" : "";
  return end === whole.length ? sign + whole : `${sign}${whole}.${digits.slice(whole.length, end)}`;
}

/** A fixed-point value with exactly `shown` places (0 to 8), as exchanges print it; places beyond are cut off, towards zero. */
export function padFixed(value: bigint, shown: number): string {
  const digits = (value < 0n ? -value : value).toString().padStart(FIXED_PLACES + 1, "0");
  const point = digits.length - FIXED_PLACES;
  const sign = value < 0n ? "-" : "";
  return shown === 0
    ? sign + digits.slice(0, point)
    : `${sign}${digits.slice(0, point)}.${digits.slice(point, point + shown)}`;
}

/** Division of integers, positive divisor, rounded towards minus infinity. */
export function divideDown(dividend: bigint, divisor: bigint): bigint {
  const quotient = dividend / divisor;
  return dividend % divisor < 0n ? quotient - 1n : quotient;
}

/** Division of integers, positive divisor, rounded towards plus infinity. */
export function divideUp(dividend: bigint, divisor: bigint): bigint {
  return -divideDown(-dividend, divisor);
}
