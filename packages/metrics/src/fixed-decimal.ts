// Exact decimals as integers of 10^-40, for sums of money that must not drift before they become a gauge.

/** A decimal as text (`"42150.10"`), a bigint, a finite number (taken at its shortest decimal form), or an object that prints as one. */
export type DecimalInput = string | number | bigint | { toString(): string };

/** Digits after the point that are kept exactly: beyond any price or quantity. */
const SCALE_DIGITS = 40;
/** The same for money, the product of a price and a quantity. */
export const MONEY_DIGITS: number = 2 * SCALE_DIGITS;
/** One, as a fixed decimal. */
export const UNIT: bigint = 10n ** BigInt(SCALE_DIGITS);

const DECIMAL = /^([+-]?)(\d*)(?:\.(\d*))?(?:e([+-]?\d{1,4}))?$/i;
/** Room for a product: a sign, twice 80 digits and a point. */
const MAX_TEXT = 162;

/**
 * Reads a decimal to a whole number of 10^-`scaleDigits` (default 10^-40).
 *
 * Returns undefined for anything that is not one, has more than `scaleDigits` digits before the point, or digits that are not
 * 0 beyond as many after it. Never throws.
 */
export function parseFixed(value: unknown, scaleDigits: number = SCALE_DIGITS): bigint | undefined {
  const text = toText(value);
  if (text === undefined || text.length > MAX_TEXT) return undefined;
  const match = DECIMAL.exec(text);
  if (match === null) return undefined;
  const [, sign, whole = "", fraction = "", exponent = "0"] = match;
  if (whole.length + fraction.length === 0) return undefined;
  const digits = (whole + fraction).replace(/^0+/, "");
  if (digits === "") return 0n;
  // The value is digits * 10^shift of our unit.
  const shift = Number(exponent) - fraction.length + scaleDigits;
  if (digits.length + shift > 2 * scaleDigits) return undefined;
  const magnitude = shift >= 0 ? BigInt(digits) * 10n ** BigInt(shift) : withoutZeros(digits, -shift);
  return sign === "-" && magnitude !== undefined ? -magnitude : magnitude;
}

/** A whole number of 10^-`scaleDigits` as decimal text, without trailing zeros. */
export function formatFixed(value: bigint, scaleDigits: number = SCALE_DIGITS): string {
  const digits = (value < 0n ? -value : value).toString().padStart(scaleDigits + 1, "0");
  const whole = digits.slice(0, -scaleDigits);
  const fraction = digits.slice(-scaleDigits).replace(/0+$/, "");
  return (value < 0n ? "-" : "") + whole + (fraction === "" ? "" : `.${fraction}`);
}

/** `numerator / denominator`, rounded half away from zero. */
export function divideRounded(numerator: bigint, denominator: bigint): bigint {
  const isNegative = numerator < 0n !== denominator < 0n;
  const n = numerator < 0n ? -numerator : numerator;
  const d = denominator < 0n ? -denominator : denominator;
  const quotient = (2n * n + d) / (2n * d);
  return isNegative ? -quotient : quotient;
}

/** Drops `count` digits from the end when they are zeros. */
function withoutZeros(digits: string, count: number): bigint | undefined {
  const end = digits.length - count;
  return end > 0 && /^0+$/.test(digits.slice(end)) ? BigInt(digits.slice(0, end)) : undefined;
}

function toText(value: unknown): string | undefined {
  if (typeof value === "string") return value;
  if (typeof value === "number") return Number.isFinite(value) ? String(value) : undefined;
  // Printing a bigint of a million digits takes a second: one that fits is far smaller.
  if (typeof value === "bigint") return BigInt.asIntN(256, value) === value ? String(value) : undefined;
  if (typeof value !== "object" || value === null) return undefined;
  try {
    const text: unknown = (value as { toString(): unknown }).toString();
    return typeof text === "string" ? text : undefined;
  } catch {
    return undefined;
  }
}
