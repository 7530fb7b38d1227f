import fc from "fast-check";
import { expect, test } from "vitest";
import { microsTimestamp, timestampMicros } from "./timestamp-micros.ts";

test("a timestamp is read to the microsecond, which a Date would lose", () => {
  expect(timestampMicros("2026-11-20T12:34:56.789012Z")).toBe(Date.parse("2026-11-20T12:34:56.789Z") * 1000 + 12);
  expect(timestampMicros("2026-11-20T12:34:56Z")).toBe(Date.parse("2026-11-20T12:34:56Z") * 1000);
  expect(timestampMicros("1969-12-31T23:59:59.999999Z")).toBe(-1);
});

test("what is no timestamp is no number", () => {
  for (const text of ["", "now", "2026-11-20", "2026-11-20T12:34:56.789012+01:00", "2026-13-40T99:99:99.000000Z"])
    expect(timestampMicros(text)).toBeNaN();
});

test("every microsecond of the years 0 to 9999 is written and read back as it was", () => {
  const first = Date.parse("0000-01-01T00:00:00Z") * 1000;
  const last = Date.parse("9999-12-31T23:59:59Z") * 1000;
  fc.assert(
    fc.property(
      fc.integer({ min: Math.max(first, Number.MIN_SAFE_INTEGER), max: Math.min(last, Number.MAX_SAFE_INTEGER) }),
      (micros) => {
        expect(timestampMicros(microsTimestamp(micros))).toBe(micros);
      },
    ),
  );
});
