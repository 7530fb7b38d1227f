// Exact values of windows: quotients of decimals, compared without rounding.
import { type MetricSample, toDecimalText } from "@tracebook/store";

/** `numerator / denominator`, in units of 10^-38, which every decimal of a store is a whole number of. */
export interface ExactValue {
  readonly numerator: bigint;
  /** Above 0. */
  readonly denominator: bigint;
}

/** The value of a window: a double, or exact. */
export type WindowValue = number | ExactValue;

/** Places behind the point: those of a decimal of a store. */
const PLACES = 38;
const ONE = 10n ** BigInt(PLACES);
/** More than a double has, by a margin. */
const DOUBLE_DIGITS = 25;

/** A decimal in plain notation, in units of 10^-38. */
export function toUnits(decimal: string): bigint {
  const [whole = "0", fraction = ""] = decimal.split(".");
  return BigInt(`${whole}${fraction.padEnd(PLACES, "0")}`);
}

/** The value of a sample in units of 10^-38: of a double, its shortest text. Undefined for a histogram, and for what has more digits. */
export function unitsOf({ exact, value, buckets }: MetricSample): bigint | undefined {
  const text = buckets === null ? (exact ?? toDecimalText(value)) : undefined;
  return text === undefined ? undefined : toUnits(text);
}

/** Negative, zero or positive, as `value` is below a threshold, equal to it or above it. One of more digits than a decimal is a double. */
export function compareToThreshold(value: WindowValue, threshold: number | string): number {
  const decimal = typeof value === "number" ? undefined : toDecimalText(threshold);
  if (typeof value === "number" || decimal === undefined) return orderOf(toDouble(value), Number(threshold));
  return orderOf(value.numerator, toUnits(decimal) * value.denominator);
}

/** `a / b`, exact where both are; undefined where `b` is 0. */
export function divide(a: WindowValue, b: WindowValue): WindowValue | undefined {
  if (typeof a === "number" || typeof b === "number") {
    const divisor = toDouble(b);
    return divisor === 0 ? undefined : toDouble(a) / divisor;
  }
  if (b.numerator === 0n) return undefined;
  const sign = b.numerator < 0n ? -1n : 1n;
  return { numerator: a.numerator * b.denominator * ONE * sign, denominator: a.denominator * b.numerator * sign };
}

/** The nearest double. */
export function toDouble(value: WindowValue): number {
  if (typeof value === "number") return value;
  const { numerator, denominator } = value;
  const more = Math.max(digitsOf(denominator) - digitsOf(numerator), 0) + DOUBLE_DIGITS;
  const scaled = numerator * 10n ** BigInt(more);
  const quotient = scaled / denominator;
  // Whether anything is behind the digits decides between two doubles: one more digit says so.
  const behind = scaled % denominator === 0n ? "0" : "1";
  const sign = numerator < 0n ? "-" : "";
  return Number(`${sign}${absolute(quotient)}${behind}e-${more + 1 + PLACES}`);
}

/** As text: exact where it has an end within 38 places, else the nearest double. */
export function toFigure(value: ExactValue): string {
  if (value.numerator % value.denominator !== 0n) return String(toDouble(value));
  const units = value.numerator / value.denominator;
  const digits = String(absolute(units)).padStart(PLACES + 1, "0");
  const fraction = digits.slice(-PLACES).replace(/0+$/, "");
  return `${units < 0n ? "-" : ""}${digits.slice(0, -PLACES)}${fraction === "" ? "" : `.${fraction}`}`;
}

/** Of at least one. */
export function leastOf(units: readonly bigint[]): bigint {
  return units.reduce((least, one) => (orderOf(one, least) < 0 ? one : least));
}

/** Of at least one. */
export function greatestOf(units: readonly bigint[]): bigint {
  return units.reduce((greatest, one) => (orderOf(one, greatest) > 0 ? one : greatest));
}

function orderOf<T extends number | bigint>(a: T, b: T): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function absolute(value: bigint): bigint {
  return value < 0n ? -value : value;
}

function digitsOf(value: bigint): number {
  return String(absolute(value)).length;
}
