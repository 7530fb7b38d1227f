// Exact decimals: a coefficient and a scale, read from text and written back as plain text, never through a float.
import { quoteText } from "./describe.ts";
import { TracebookDecisionError } from "./errors.ts";

/** An exact decimal: `coefficient / 10 ** scale`. The scale counts the places after the point, trailing zeros included. */
export interface Decimal {
  /** All digits with the sign, the point left out: -4.10 is -410n. */
  readonly coefficient: bigint;
  /** Places after the point, 0 to 400: 4.10 has 2. */
  readonly scale: number;
}

/** Digits allowed on either side of the point: every finite double fits (324 places), and no text can exhaust memory. */
export const MAX_DIGITS = 400;

/** Longest text that is looked at: sign, 400 digits, point, 400 places, and room for superfluous zeros. */
const MAX_TEXT_LENGTH = 1_000;

/** The grammar. Linear: no two parts can match the same character. */
const DECIMAL = /^([+-]?)(\d*)(?:\.(\d+))?(?:[eE]([+-]?\d+))?$/;

/** The longest beginning of a text that fits the grammar with digits left out: where it ends, the text goes wrong. */
const DECIMAL_BEGINNING = /^[+-]?\d*(?:\.\d*)?(?:[eE][+-]?\d*)?/;

/** A text without sign that is canonical already (see `canonicalDecimal`), but for its length. */
const CANONICAL = /^(?:0|[1-9]\d*)(?:\.\d+)?$/;

/**
 * Checks a decimal text and returns its canonical form: no exponent, no plus sign, no superfluous leading zeros, no
 * negative zero, trailing zeros kept (`"+04.10"` is `"4.10"`, `"1e5"` is `"100000"`, `"-0.00"` is `"0.00"`).
 * Accepted are an optional sign, ASCII digits, a point with digits after it (`".5"`, but not `"5."`, which is likely a
 * cut number) and an exponent. Throws `decimal_malformed` or `decimal_out_of_range`; `field` names the value in the message.
 */
export function canonicalDecimal(text: string, field: string): string {
  if (text.length > MAX_TEXT_LENGTH) throw outOfRange(text, field);
  if (text.length <= MAX_DIGITS && CANONICAL.test(text)) return text;
  const match = DECIMAL.exec(text);
  const whole = match?.[2] ?? "";
  const fraction = match?.[3] ?? "";
  if (match === null || (whole === "" && fraction === "")) throw malformed(text, field);
  return placePoint(match[1] === "-", whole, fraction, Number(match[4] ?? "0"), () => outOfRange(text, field));
}

/** Writes digits with the point moved right by `exponent` places (left, if negative). */
function placePoint(
  negative: boolean,
  whole: string,
  fraction: string,
  exponent: number,
  tooLong: () => Error,
): string {
  // Checked before padding: "1e999999999" must not become a gigabyte of zeros.
  if (Math.abs(exponent) > 2 * MAX_TEXT_LENGTH) throw tooLong();
  const digits = whole + fraction;
  const point = whole.length + exponent;
  const before = point > 0 ? digits.slice(0, point).padEnd(point, "0") : "";
  const after = point < digits.length ? digits.slice(Math.max(point, 0)).padStart(digits.length - point, "0") : "";
  const integer = before.replace(/^0+(?=\d)/, "") || "0";
  if (integer.length > MAX_DIGITS || after.length > MAX_DIGITS) throw tooLong();
  const sign = negative && /[1-9]/.test(digits) ? "-" : "";
  return after === "" ? sign + integer : `${sign}${integer}.${after}`;
}

/**
 * Reads a decimal text exactly, keeping its scale: `"4.10"` is 410 with scale 2, `"1.5e1"` is 15 with scale 0.
 * Throws `decimal_malformed` or `decimal_out_of_range`, naming `field`.
 */
export function parseDecimal(text: string, field = "value"): Decimal {
  return readCanonical(canonicalDecimal(text, field));
}

/** Reads a text that is canonical already. Allocates one bigint and, where there is a point, one string. */
export function readCanonical(text: string): Decimal {
  const point = text.indexOf(".");
  if (point < 0) return { coefficient: BigInt(text), scale: 0 };
  return { coefficient: BigInt(text.slice(0, point) + text.slice(point + 1)), scale: text.length - point - 1 };
}

/** Writes a decimal as plain text with all places of its scale: 410 with scale 2 is `"4.10"`; never an exponent. */
export function formatDecimal(value: Decimal): string {
  const negative = value.coefficient < 0n;
  const digits = String(negative ? -value.coefficient : value.coefficient);
  return placeDigits(negative, digits, value.scale);
}

/** Puts the sign and the point into the digits of a coefficient. */
export function placeDigits(negative: boolean, digits: string, scale: number): string {
  const sign = negative ? "-" : "";
  if (scale === 0) return sign + digits;
  const padded = digits.length > scale ? digits : digits.padStart(scale + 1, "0");
  const point = padded.length - scale;
  return `${sign}${padded.slice(0, point)}.${padded.slice(point)}`;
}

/** Adds exactly; the result has the larger of the two scales. */
export function addDecimals(a: Decimal, b: Decimal): Decimal {
  const scale = Math.max(a.scale, b.scale);
  return { coefficient: rescaled(a, scale) + rescaled(b, scale), scale };
}

/** Subtracts `b` from `a` exactly; the result has the larger of the two scales. */
export function subtractDecimals(a: Decimal, b: Decimal): Decimal {
  const scale = Math.max(a.scale, b.scale);
  return { coefficient: rescaled(a, scale) - rescaled(b, scale), scale };
}

/** Compares by value, whatever the scales: -1, 0 or 1. */
export function compareDecimals(a: Decimal, b: Decimal): -1 | 0 | 1 {
  const scale = Math.max(a.scale, b.scale);
  const left = rescaled(a, scale);
  const right = rescaled(b, scale);
  return left < right ? -1 : left > right ? 1 : 0;
}

function rescaled(value: Decimal, scale: number): bigint {
  return value.scale === scale ? value.coefficient : value.coefficient * powerOfTen(scale - value.scale);
}

/** Powers of ten up to 10 ** 40, which covers all but exotic amounts: making one takes longer than adding. */
const POWERS_OF_TEN: readonly bigint[] = Array.from({ length: 41 }, (_, exponent) => 10n ** BigInt(exponent));

function powerOfTen(exponent: number): bigint {
  return POWERS_OF_TEN[exponent] ?? 10n ** BigInt(exponent);
}

function outOfRange(text: string, field: string): TracebookDecisionError {
  return new TracebookDecisionError("decimal_out_of_range", `${field}: ${quoteText(text)} is out of range`);
}

function malformed(text: string, field: string): TracebookDecisionError {
  const place = DECIMAL_BEGINNING.exec(text)?.[0].length ?? 0;
  const found = text.codePointAt(place);
  const problem =
    text === ""
      ? "the text is empty"
      : found === undefined
        ? "a digit is missing"
        : `unexpected ${quoteText(String.fromCodePoint(found))} at character ${place + 1}`;
  return new TracebookDecisionError("decimal_malformed", `${field}: ${quoteText(text)} is not a decimal: ${problem}`);
}
