// Numbers of OTLP/JSON: 64-bit ones are texts, but may be numbers; doubles have names for what JSON cannot say.
import type { JsonValue } from "../store-input.ts";
import { toMicros, toNanosRest } from "./instant.ts";

const INTEGER = /^-?\d{1,20}$/;
const NANOS = /^-?\d{1,40}$/;
const MAX_NANOS = 2n ** 64n - 1n;
const INT64_LIMIT = 2 ** 63;
const NON_FINITE: ReadonlyMap<string, number> = new Map([
  ["NaN", Number.NaN],
  ["Infinity", Number.POSITIVE_INFINITY],
  ["-Infinity", Number.NEGATIVE_INFINITY],
]);

/** An instant: microseconds, and the nanoseconds below one. */
export interface JsonInstant {
  readonly micros: number;
  readonly nanosRest: number;
}

/** An integer of at most 20 digits, rounded beyond 2^53; undefined for what is none. */
export function toInteger(value: unknown): number | undefined {
  if (typeof value === "number") return Number.isInteger(value) ? value + 0 : undefined;
  return typeof value === "string" && INTEGER.test(value) ? Number(value) + 0 : undefined;
}

/** An integer as a value of an attribute: beyond 2^53 as text. A number beyond 64 bits was a double once. */
export function toIntValue(value: unknown): JsonValue | undefined {
  const integer = toInteger(value);
  if (integer === undefined || Number.isSafeInteger(integer)) return integer;
  if (typeof value === "string") return String(BigInt(value));
  return Math.abs(integer) <= INT64_LIMIT && integer !== INT64_LIMIT ? String(BigInt(integer)) : integer;
}

/** A double; undefined for what is none. */
export function toDouble(value: unknown): number | undefined {
  if (typeof value === "number") return value + 0;
  if (typeof value !== "string" || value.trim() === "") return undefined;
  const double = NON_FINITE.get(value) ?? Number(value);
  return Number.isNaN(double) && value !== "NaN" ? undefined : double + 0;
}

/** Nanoseconds since 1970; before 1970 is 1970, and what 64 bits do not hold is the last that they do. Undefined for what is none. */
export function toInstant(value: unknown): JsonInstant | undefined {
  if (typeof value === "number") return Number.isFinite(value) ? instantOf(BigInt(Math.trunc(value))) : undefined;
  if (typeof value !== "string") return undefined;
  if (!NANOS.test(value)) return undefined;
  // Digits are cut in the text, where none is lost.
  const micros = Number(value.slice(0, -3));
  return Number.isSafeInteger(micros) && !value.startsWith("-")
    ? { micros, nanosRest: Number(value.slice(-3)) }
    : instantOf(BigInt(value));
}

function instantOf(given: bigint): JsonInstant {
  const nanos = given < 0n ? 0n : given > MAX_NANOS ? MAX_NANOS : given;
  const high = Number(nanos >> 32n);
  const low = Number(nanos & 0xffff_ffffn);
  return { micros: toMicros(high, low), nanosRest: toNanosRest(high, low) };
}
