/** Checks of single fields of exchange JSON. Each returns the value in its exact form, or `undefined` when it is not one. */
import { parseFixed } from "./fixed-point.ts";
import type { Level } from "./market.ts";

/** A parsed JSON object whose fields nobody has checked yet. */
export type RawObject = Readonly<Record<string, unknown>>;

/** More levels than this in one message is no market data (a full Binance snapshot has 10,000 for both sides). */
const MAX_LEVELS = 20_000;
/** The last millisecond a JavaScript `Date` can name. */
const MAX_TIME_MS = 8_640_000_000_000_000;

/** A JSON object (not an array, not null). */
export function toObject(value: unknown): RawObject | undefined {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as RawObject) : undefined;
}

/** An update or trade id: an integer from 0 to 2^53 - 1. */
export function toId(value: unknown): number | undefined {
  return Number.isSafeInteger(value) && (value as number) >= 0 ? (value as number) : undefined;
}

/** A time in milliseconds since 1970, above zero. */
export function toTimeMs(value: unknown): number | undefined {
  const time = toId(value);
  return time !== undefined && time > 0 && time <= MAX_TIME_MS ? time : undefined;
}

/** A price or size that is not negative, times 1e8. */
export function toAmount(value: unknown): bigint | undefined {
  const amount = parseFixed(value);
  return amount !== undefined && amount >= 0n ? amount : undefined;
}

/** `[["61837.63","1.5"], ...]` with prices above zero; one bad level makes the whole list invalid, since a book with a hole is wrong. */
export function toLevels(value: unknown): Level[] | undefined {
  if (!Array.isArray(value) || value.length > MAX_LEVELS) return undefined;
  const levels: Level[] = [];
  for (const entry of value as readonly unknown[]) {
    if (!Array.isArray(entry)) return undefined;
    const price = parseFixed(entry[0]);
    const size = toAmount(entry[1]);
    if (price === undefined || price <= 0n || size === undefined) return undefined;
    levels.push([price, size]);
  }
  return levels;
}
