// Decimals as text, exact: what a store takes for one, and sums of them.
import type { JsonValue } from "../store-input.ts";

/** Digits before the point, and behind it: as many as the decimals of every database of a store hold. */
const MAX_DIGITS = 38;
const DECIMAL = /^([+-]?)(\d{1,400})(?:\.(\d{1,400}))?(?:[eE]([+-]?\d{1,3}))?$/;

/**
 * The decimal in plain notation: `"1.50e2"` is `150`, `"+007.10"` is `7.10`, `-0` is `0`. A number is taken by its shortest text, since other
 * languages send decimals as numbers. Undefined for what is none, or has more than 38 digits before its point or behind it.
 */
export function toDecimalText(value: JsonValue | undefined): string | undefined {
  if (typeof value !== "string" && typeof value !== "number") return undefined;
  const match = DECIMAL.exec(String(value).trim());
  if (match === null) return undefined;
  const [, sign, whole = "", fraction = "", exponent = "0"] = match;
  const point = whole.length + Number(exponent);
  const digits = `${whole}${fraction}`;
  const before =
    point <= 0
      ? "0"
      : digits
          .slice(0, point)
          .padEnd(point, "0")
          .replace(/^0+(?=\d)/, "");
  const behind = point <= 0 ? `${"0".repeat(-point)}${digits}` : digits.slice(point);
  if (before.length > MAX_DIGITS || behind.length > MAX_DIGITS) return undefined;
  const isNegative = sign === "-" && /[1-9]/.test(digits);
  return `${isNegative ? "-" : ""}${before}${behind === "" ? "" : `.${behind}`}`;
}

/** A sum of decimals in plain notation: exact, whatever their number and their order. */
export class DecimalSum {
  /** In units of 10^-38. */
  #units = 0n;

  add(decimal: string): void {
    const [whole = "0", fraction = ""] = decimal.split(".");
    this.#units += BigInt(`${whole}${fraction.padEnd(MAX_DIGITS, "0")}`);
  }

  /** Negative, zero or positive: for sorting. */
  compareTo(other: DecimalSum): number {
    return this.#units < other.#units ? -1 : this.#units > other.#units ? 1 : 0;
  }

  /** In plain notation, without zeros at its end. */
  toText(): string {
    const isNegative = this.#units < 0n;
    const digits = String(isNegative ? -this.#units : this.#units).padStart(MAX_DIGITS + 1, "0");
    const fraction = digits.slice(-MAX_DIGITS).replace(/0+$/, "");
    return `${isNegative ? "-" : ""}${digits.slice(0, -MAX_DIGITS)}${fraction === "" ? "" : `.${fraction}`}`;
  }
}
