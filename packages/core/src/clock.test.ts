// Timestamps as text: six digits, always, and back to the same microsecond.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseTimestamp, toTimestamp } from "./clock.ts";

const FIRST = Date.parse("0000-01-01T00:00:00Z") * 1000;
const LAST_SECOND = Date.parse("9999-12-31T23:59:59Z") * 1000;
const YEAR_2255 = Number.MAX_SAFE_INTEGER;

describe("toTimestamp", () => {
  it.each([
    [0, "1970-01-01T00:00:00.000000Z"],
    [-1, "1969-12-31T23:59:59.999999Z"],
    [1_795_176_896_789_012, "2026-11-20T12:14:56.789012Z"],
    [4_102_444_800_123_457, "2100-01-01T00:00:00.123457Z"],
    [LAST_SECOND, "9999-12-31T23:59:59.000000Z"],
  ])("writes %d with six digits", (micros, text) => {
    expect(toTimestamp(micros)).toBe(text);
  });

  it.each([
    ["the year 10000", LAST_SECOND + 1e6, "9999-12-31T23:59:59.999968Z"],
    ["far beyond it", 1e300, "9999-12-31T23:59:59.999968Z"],
    ["no end", Number.POSITIVE_INFINITY, "9999-12-31T23:59:59.999968Z"],
    ["the year -1", FIRST - 1e6, "0000-01-01T00:00:00.000000Z"],
    ["no beginning", Number.NEGATIVE_INFINITY, "0000-01-01T00:00:00.000000Z"],
    ["no number", Number.NaN, "1970-01-01T00:00:00.000000Z"],
  ])("writes %s as an instant that a year of four digits can hold", (_name, micros, text) => {
    expect(toTimestamp(micros)).toBe(text);
    expect(parseTimestamp(text)).toBeDefined();
  });

  it("is read back to the same microsecond, wherever numbers hold one", () => {
    fc.assert(
      fc.property(fc.integer({ min: -YEAR_2255, max: YEAR_2255 }), (micros) => {
        expect(parseTimestamp(toTimestamp(micros))).toBe(micros);
      }),
    );
  });

  it("has the same form for every number, and sorts as time does", () => {
    fc.assert(
      fc.property(fc.double(), fc.double({ min: FIRST * 2, max: LAST_SECOND * 2, noNaN: true }), (any, near) => {
        for (const micros of [any, near])
          expect(toTimestamp(micros)).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/);
        expect(toTimestamp(near) <= toTimestamp(near + 1e6)).toBe(true);
      }),
    );
  });
});
