// Timestamps and microseconds are the same, for every year that a timestamp can have.
import fc from "fast-check";
import { expect, test } from "vitest";
import { createMicrosOf, toMicros, toNanos, toText } from "./micros.ts";

const YEAR_0 = Date.parse("0000-01-01T00:00:00Z");
const YEAR_10000 = Date.parse("9999-12-31T23:59:59Z");
const timestamp = fc
  .tuple(fc.integer({ min: YEAR_0 / 1_000, max: YEAR_10000 / 1_000 }), fc.integer({ min: 0, max: 999_999 }))
  .map(
    ([second, micros]) => `${new Date(second * 1_000).toISOString().slice(0, 19)}.${String(micros).padStart(6, "0")}Z`,
  );

test("a timestamp is the one that its microseconds are, and later ones are more", () => {
  fc.assert(
    fc.property(timestamp, timestamp, (one, other) => {
      expect(toText(toMicros(one))).toBe(one);
      expect(BigInt(toMicros(one)) < BigInt(toMicros(other))).toBe(one < other);
    }),
  );
});

test("a row has the same microseconds, and nanoseconds of nineteen digits whatever the clock", () => {
  fc.assert(
    fc.property(fc.array(timestamp, { minLength: 1, maxLength: 5 }), (timestamps) => {
      const microsOf = createMicrosOf();
      for (const one of timestamps) {
        const { micros, nanos } = microsOf(one);
        expect(micros).toBe(toMicros(one));
        expect(nanos).toMatch(/^\d{19}$/);
        if (one > "2001-09-10" && one < "2105-12-31") expect(nanos).toBe(`${micros}000`);
      }
    }),
  );
  expect(toNanos(-1, 0)).toBe("1000000000000000000");
  expect(toNanos(1_795_178_096_789_012, 7)).toBe("1795178096789012007");
});
