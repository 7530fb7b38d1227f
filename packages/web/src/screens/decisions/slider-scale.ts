// Positions of a slider as exact decimals: a slider holds whole numbers, and what they mean is worked out without floats.
import { addDecimals, compareDecimals, type Decimal, formatDecimal, parseDecimal } from "@tracebook/decisions";

/** A slider has the positions 0 to `last`; a position means `start + position * step`. */
export interface SliderScale {
  readonly start: Decimal;
  readonly step: Decimal;
  readonly last: number;
  /** Places that are written at least, zeros included. */
  readonly places: number;
}

const POSITIONS = 200;
const HALF = POSITIONS / 2;
const ZERO: Decimal = { coefficient: 0n, scale: 0 };
const ONE: Decimal = { coefficient: 1n, scale: 0 };
/** More places are not for people to set. */
const MOST_PLACES = 12;

/** For factors: 0 to 3 by steps of 0.02. */
export const FACTORS: SliderScale = { start: ZERO, step: { coefficient: 2n, scale: 2 }, last: 150, places: 2 };

/** For what is added to an amount: from as far below zero as above it, beyond all that is usual (`amounts`, in any order). */
export function shiftScale(amounts: readonly string[]): SliderScale {
  const { reach, places } = reachOf(amounts);
  const step = { coefficient: reach.coefficient, scale: reach.scale + 2 };
  return { start: { coefficient: -reach.coefficient, scale: reach.scale }, step, last: 2 * HALF, places };
}

/** For amounts: from zero, or as far below it where some are negative, up to twice of what is usual. */
export function amountScale(amounts: readonly string[]): SliderScale {
  const { reach, places, hasNegative } = reachOf(amounts);
  const start = hasNegative ? { coefficient: -reach.coefficient, scale: reach.scale } : ZERO;
  const step = { coefficient: reach.coefficient, scale: reach.scale + 2 };
  return { start, step, last: hasNegative ? 2 * HALF : HALF, places };
}

/** What a position means, as text: exact, zeros at the end cut down to the scale's places. */
export function valueAt({ start, step, last, places }: SliderScale, position: number): string {
  const index = BigInt(Math.min(last, Math.max(0, Math.round(position))));
  return trimmed(addDecimals(start, { coefficient: step.coefficient * index, scale: step.scale }), places);
}

/** The position that is closest to a text; that of an end for what is beyond it, and undefined for what is no decimal. */
export function positionOf({ start, step, last }: SliderScale, text: string): number | undefined {
  const value = read(text);
  if (value === undefined) return undefined;
  const distance = addDecimals(value, { coefficient: -start.coefficient, scale: start.scale });
  if (distance.coefficient <= 0n) return 0;
  // Both at one scale, then divided and rounded to the nearest.
  const scale = Math.max(distance.scale, step.scale);
  const dividend = distance.coefficient * 10n ** BigInt(scale - distance.scale);
  const divisor = step.coefficient * 10n ** BigInt(scale - step.scale);
  const position = (2n * dividend + divisor) / (2n * divisor);
  return position > BigInt(last) ? last : Number(position);
}

/** A text so many steps on: exact, whether it is on a position or not. A text that is no decimal stays. */
export function stepText({ step, places }: SliderScale, text: string, steps: number): string {
  const value = read(text);
  if (value === undefined) return text;
  return trimmed(addDecimals(value, { coefficient: step.coefficient * BigInt(steps), scale: step.scale }), places);
}

/** Whether two texts are the same amount: `1` and `1.00` are. */
export function isSameAmount(a: string, b: string): boolean {
  const [left, right] = [read(a), read(b)];
  return left !== undefined && right !== undefined && compareDecimals(left, right) === 0;
}

function reachOf(amounts: readonly string[]) {
  const known = amounts.map(read).filter((amount) => amount !== undefined);
  const sizes = known.map(({ coefficient, scale }) => ({
    coefficient: coefficient < 0n ? -coefficient : coefficient,
    scale,
  }));
  const largest = sizes.reduce((most, size) => (compareDecimals(size, most) > 0 ? size : most), ZERO);
  return {
    reach: niceAtLeast({ coefficient: 2n * largest.coefficient, scale: largest.scale }),
    places: Math.min(MOST_PLACES, Math.max(0, ...known.map(({ scale }) => scale))),
    hasNegative: known.some(({ coefficient }) => coefficient < 0n),
  };
}

/** The least of 1, 2, 5 times a power of ten that is at least so much; 1 for zero. */
function niceAtLeast(amount: Decimal): Decimal {
  if (amount.coefficient <= 0n) return ONE;
  const power = String(amount.coefficient).length - 1 - amount.scale;
  for (const digit of [1n, 2n, 5n, 10n]) {
    const nice =
      power >= 0 ? { coefficient: digit * 10n ** BigInt(power), scale: 0 } : { coefficient: digit, scale: -power };
    if (compareDecimals(nice, amount) >= 0) return nice;
  }
  return amount;
}

function trimmed({ coefficient, scale }: Decimal, places: number): string {
  let [digits, left] = [coefficient, scale];
  while (left > places && digits % 10n === 0n) {
    digits /= 10n;
    left--;
  }
  return formatDecimal({ coefficient: digits, scale: left });
}

function read(text: string): Decimal | undefined {
  try {
    return parseDecimal(text);
  } catch {
    return undefined;
  }
}
