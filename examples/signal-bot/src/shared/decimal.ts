// Exact decimals as whole numbers of 10^-8: prices, quantities and money never pass through floating point.

const DIGITS = 8;
const UNIT = 10n ** BigInt(DIGITS);
const DECIMAL = /^(-?)(\d{1,15})(?:\.(\d{1,8}))?$/;

/** Reads a decimal of at most 15 digits before and 8 after the point; undefined for anything else. */
export function parseDecimal(value: unknown): bigint | undefined {
  const match = typeof value === "string" ? DECIMAL.exec(value) : null;
  if (match === null) return undefined;
  const [, sign, whole = "0", fraction = ""] = match;
  const units = BigInt(whole) * UNIT + BigInt(fraction.padEnd(DIGITS, "0"));
  return sign === "-" ? -units : units;
}

/** As text, without zeros at its end: `42150.1`. */
export function formatDecimal(units: bigint): string {
  const digits = magnitude(units)
    .toString()
    .padStart(DIGITS + 1, "0");
  const fraction = digits.slice(-DIGITS).replace(/0+$/, "");
  return `${units < 0n ? "-" : ""}${digits.slice(0, -DIGITS)}${fraction === "" ? "" : `.${fraction}`}`;
}

/** The product, rounded away from zero to 10^-8: an estimate of a cost must not be too low. */
export function multiplyUp(left: bigint, right: bigint): bigint {
  const product = magnitude(left * right);
  const rounded = (product + UNIT - 1n) / UNIT;
  return left < 0n !== right < 0n ? -rounded : rounded;
}

/** The share `part / whole` in basis points, rounded away from zero; `whole` is not 0. */
export function basisPointsUp(part: bigint, whole: bigint): bigint {
  const scaled = magnitude(part) * 10_000n;
  const divisor = magnitude(whole);
  return (scaled + divisor - 1n) / divisor;
}

/** The value without its sign. */
export function magnitude(value: bigint): bigint {
  return value < 0n ? -value : value;
}
