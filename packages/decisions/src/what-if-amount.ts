// How a what-if changes an amount: set, multiplied, added to or moved by a percentage; exact, canonical text in and out.
import {
  addDecimals,
  canonicalDecimal,
  type Decimal,
  formatDecimal,
  parseDecimal,
  readCanonical,
  subtractDecimals,
} from "./decimal.ts";
import { toDecimalText } from "./decimal-input.ts";
import { alignShort, formatShort, shortScale } from "./short-decimal.ts";

/** An amount as it would have been. Throws `decimal_out_of_range` where that is longer than any amount of money. */
export type AmountChange = (amount: string) => string;

/** A percentage of a threshold: the sign is part of it, so that nobody takes `10%` of it for 10 % more. */
const PERCENTAGE = /^[+-][^%]*%$/;

/** The amount is another one. */
export function setTo(text: string, field: string): AmountChange {
  const set = toDecimalText(text, field);
  return () => set;
}

/** So many times the amount; superfluous zeros are left out down to the places that the amount had. */
export function multipliedBy(text: string, field: string): AmountChange {
  const factor = parseDecimal(text, field);
  return (amount) => {
    const { coefficient, scale } = readCanonical(amount);
    const product = { coefficient: coefficient * factor.coefficient, scale: scale + factor.scale };
    return writeTrimmed(product, scale, field);
  };
}

/** So much more than the amount, or less: a decimal (`-0.10`), or a percentage of its absolute value (`-10%`). */
export function increasedBy(text: string, field: string): AmountChange {
  if (PERCENTAGE.test(text)) return movedByPercent(parseDecimal(text.slice(0, -1), field), field);
  const added = toDecimalText(text, field);
  return (amount) => addTexts(amount, added);
}

/** The amount is another one, or with a percentage (`-10%`) moved by that share of its absolute value. */
export function setToOrMoved(text: string, field: string): AmountChange {
  return PERCENTAGE.test(text) ? movedByPercent(parseDecimal(text.slice(0, -1), field), field) : setTo(text, field);
}

/** `amount + |amount| * percent / 100`, exact: a negative amount moves in the direction of the sign, too. */
export function movedByPercent(percent: Decimal, field: string): AmountChange {
  return (amount) => {
    const value = readCanonical(amount);
    const size = value.coefficient < 0n ? -value.coefficient : value.coefficient;
    // Divided by 100 by two places more.
    const step = { coefficient: size * percent.coefficient, scale: value.scale + percent.scale + 2 };
    return writeTrimmed(addDecimals(value, step), value.scale, field);
  };
}

/** `a - b` of canonical texts, exact, with the places of the one that has more. */
export function subtractTexts(a: string, b: string): string {
  const aScale = shortScale(a);
  const bScale = shortScale(b);
  const scale = Math.max(aScale, bScale);
  const difference = alignShort(a, aScale, scale) - alignShort(b, bScale, scale);
  if (!Number.isNaN(difference)) return formatShort(difference, scale);
  return formatDecimal(subtractDecimals(readCanonical(a), readCanonical(b)));
}

function addTexts(a: string, b: string): string {
  const aScale = shortScale(a);
  const bScale = shortScale(b);
  const scale = Math.max(aScale, bScale);
  const sum = alignShort(a, aScale, scale) + alignShort(b, bScale, scale);
  if (!Number.isNaN(sum)) return formatShort(sum, scale);
  return canonicalDecimal(formatDecimal(addDecimals(readCanonical(a), readCanonical(b))), "sum");
}

/** Leaves out zeros at the end beyond `leastScale` places: 2.00 times 1.5 is 3.00, not 3.000. */
function writeTrimmed({ coefficient, scale }: Decimal, leastScale: number, field: string): string {
  let digits = coefficient;
  let places = scale;
  while (places > leastScale && digits % 10n === 0n) {
    digits /= 10n;
    places--;
  }
  return canonicalDecimal(formatDecimal({ coefficient: digits, scale: places }), field);
}
