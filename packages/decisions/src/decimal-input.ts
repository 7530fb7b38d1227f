// What hosts may give as a decimal (text, number, bigint, decimal object), brought to canonical text and compared.
import { canonicalDecimal, compareDecimals, type Decimal, MAX_DIGITS, readCanonical } from "./decimal.ts";
import { describeThrown, describeValue } from "./describe.ts";
import { TracebookDecisionError } from "./errors.ts";
import { alignShort, scanShort, shortScale } from "./short-decimal.ts";

/** A decimal object of any library: decimal.js, big.js, bignumber.js and their like. Its `toString()` is read, exponents and all. */
export interface DecimalLike {
  /** What tells a decimal object from any other to the compiler; called only where `toString()` is not the object's own. */
  toFixed(): string;
  /** The exact value as text. */
  toString(): string;
}

/**
 * A decimal as hosts have it. A string is taken as it is written, places included; a number must be finite and is taken at
 * its shortest decimal form (0.1 is 0.1); a decimal object is taken at its text.
 */
export type DecimalInput = string | number | bigint | DecimalLike;

const BIGINT_BOUND = 10n ** BigInt(MAX_DIGITS);

/**
 * The canonical text of any decimal input: `"4.10"`, never an exponent, a plus sign or negative zero. A string that is
 * canonical already is returned itself. Throws `decimal_malformed`, `decimal_out_of_range` or `decimal_unusable` with `field`
 * in the message, and nothing else, whatever `value` is.
 */
export function toDecimalText(value: DecimalInput, field = "value"): string {
  const text = givenText(value, field);
  if (typeof value === "number" && !text.includes("e")) return text; // JavaScript writes numbers canonically
  return Number.isNaN(scanShort(text)) ? canonicalDecimal(text, field) : text;
}

/**
 * The text of any decimal input as it was given, bounded by nothing and not checked yet. Throws `decimal_unusable`, and
 * `decimal_out_of_range` for a bigint.
 */
export function givenText(value: DecimalInput, field: string): string {
  return typeof value === "string" ? value : textOf(value, field);
}

/** Reads any decimal input exactly. Throws like `toDecimalText`. */
export function toDecimal(value: DecimalInput, field = "value"): Decimal {
  return readCanonical(toDecimalText(value, field));
}

/**
 * Compares two canonical texts by value, whatever their places: negative, 0 or positive. Allocates nothing where both have
 * up to 15 digits at their common scale.
 */
export function compareDecimalTexts(a: string, b: string): number {
  const aScale = shortScale(a);
  const bScale = shortScale(b);
  const scale = Math.max(aScale, bScale);
  const difference = alignShort(a, aScale, scale) - alignShort(b, bScale, scale);
  return Number.isNaN(difference) ? compareDecimals(readCanonical(a), readCanonical(b)) : difference;
}

/** The text of an input that is not a string; typed as unknown because hosts without types give anything. */
function textOf(value: unknown, field: string): string {
  if (typeof value === "number") {
    if (Number.isFinite(value)) return String(value);
  } else if (typeof value === "bigint") {
    // Compared before it is written: the text of a bigint takes quadratic time.
    if (value < BIGINT_BOUND && value > -BIGINT_BOUND) return String(value);
    throw new TracebookDecisionError("decimal_out_of_range", `${field}: ${describeValue(value)} is out of range`);
  } else if (typeof value === "object" && value !== null) {
    return objectText(value, field);
  }
  throw unusable(value, field);
}

function objectText(value: object, field: string): string {
  let text: unknown;
  try {
    // The text of [1] is "1", but a list is no amount.
    if (!Array.isArray(value)) text = ownText(value);
  } catch (thrown) {
    const problem = `${field}: the text of an object could not be read: ${describeThrown(thrown)}`;
    throw new TracebookDecisionError("decimal_unusable", problem, { cause: thrown });
  }
  if (typeof text === "string") return text;
  throw unusable(value, field);
}

/**
 * `toString()`, which is exact in every decimal library; `toFixed()` only where there is no other, since a boxed number
 * rounds there.
 */
function ownText(value: object): unknown {
  const ownToString = value.toString;
  if (typeof ownToString === "function" && ownToString !== Object.prototype.toString) return ownToString.call(value);
  const toFixed: unknown = Reflect.get(value, "toFixed");
  return typeof toFixed === "function" ? toFixed.call(value) : undefined;
}

function unusable(value: unknown, field: string): TracebookDecisionError {
  return new TracebookDecisionError("decimal_unusable", `${field}: ${describeValue(value)} is not a decimal`);
}
