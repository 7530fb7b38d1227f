// Instants are exact to the nanosecond, in both formats.
import { toTimestamp } from "@tracebook/core";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { TimestampWriter, toMicros, toNanosRest } from "./instant.ts";
import { toInstant } from "./json-number.ts";

const YEAR_2200 = BigInt(Date.UTC(2200, 0)) * 1_000_000n;
const MAX = 2n ** 64n - 1n;
const nanos = fc.oneof(
  fc.bigInt(0n, YEAR_2200),
  // Around a full microsecond and a full second.
  fc.bigInt(0n, YEAR_2200 / 1_000n).map((micros) => micros * 1_000n - (micros > 0n ? 1n : 0n)),
  fc.bigInt(0n, YEAR_2200 / 1_000_000_000n).map((second) => second * 1_000_000_000n),
);

function words(instant: bigint): [high: number, low: number] {
  return [Number(instant >> 32n), Number(instant & 0xffff_ffffn)];
}

describe("an instant", () => {
  it("is its microsecond, rounded down, and the rest, for all instants from 1970 to 2200", () => {
    const writer = new TimestampWriter();
    fc.assert(
      fc.property(nanos, (instant) => {
        const [high, low] = words(instant);
        const micros = Number(instant / 1_000n);
        expect(toMicros(high, low)).toBe(micros);
        expect(toNanosRest(high, low)).toBe(Number(instant % 1_000n));
        expect(writer.write(micros)).toBe(toTimestamp(micros));
        const seconds = new Date(Number(instant / 1_000_000_000n) * 1_000).toISOString().slice(0, 20);
        const digits = String((instant / 1_000n) % 1_000_000n).padStart(6, "0");
        expect(writer.write(micros)).toBe(`${seconds}${digits}Z`);
      }),
      { numRuns: 2_000 },
    );
  });

  it("is the same in OTLP/JSON, as text and, as far as numbers go, as a number", () => {
    fc.assert(
      fc.property(fc.bigInt(0n, MAX), (instant) => {
        const [high, low] = words(instant);
        const expected = { micros: toMicros(high, low), nanosRest: toNanosRest(high, low) };
        expect(toInstant(String(instant))).toStrictEqual(expected);
        const rounded = BigInt(Number(instant)) > MAX ? MAX : BigInt(Number(instant));
        expect(toInstant(Number(instant))).toStrictEqual(toInstant(String(rounded)));
      }),
    );
  });

  it("is clamped to what 64 bits hold, which is a timestamp like any other", () => {
    expect(toInstant("-5")).toStrictEqual({ micros: 0, nanosRest: 0 });
    expect(toInstant(-5e300)).toStrictEqual({ micros: 0, nanosRest: 0 });
    const last = toInstant(String(MAX))!;
    for (const beyond of [String(MAX + 1n), "9".repeat(40), 1e300]) expect(toInstant(beyond)).toStrictEqual(last);
    expect(new TimestampWriter().write(last.micros)).toBe(toTimestamp(last.micros));
    expect(toTimestamp(last.micros)).toMatch(/^2554-07-21T23:34:33\.\d{6}Z$/);
  });

  it("is none for what is no number", () => {
    for (const none of ["", "x", "1.5", "1e3", "9".repeat(41), true, {}, Number.NaN])
      expect(toInstant(none)).toBeUndefined();
  });
});
