// Instants: OTLP has nanoseconds since 1970 in 64 bits, more than a number of JavaScript holds.
import { toTimestamp } from "@tracebook/core";

/**
 * Whole microseconds of `high * 2^32 + low` nanoseconds, rounded down: exact below 2^53 microseconds, in the year 2255.
 *
 * 2^32 = 4294967 * 1000 + 296, hence floor(nanos / 1000) = high * 4294967 + floor((high * 296 + low) / 1000).
 */
export function toMicros(high: number, low: number): number {
  return high * 4_294_967 + Math.floor((high * 296 + low) / 1_000);
}

/** The nanoseconds below the last microsecond, 0 to 999. */
export function toNanosRest(high: number, low: number): number {
  return (high * 296 + low) % 1_000;
}

/** Timestamps as `toTimestamp` of core writes them; keeps the text of the second in which most records of a request fall. */
export class TimestampWriter {
  #second = Number.NaN;
  #text = "";

  /** `2026-11-20T12:34:56.789012Z`. Cost: about 0.1 us within a second. */
  write(epochMicros: number): string {
    const second = Math.floor(epochMicros / 1e6);
    if (second !== this.#second) {
      this.#text = toTimestamp(second * 1e6).slice(0, 20);
      this.#second = second;
    }
    // Seven digits of which the first is no zero, so that the six behind it keep theirs.
    return `${this.#text}${String(1_000_000 + (epochMicros - second * 1e6)).slice(1)}Z`;
  }
}
