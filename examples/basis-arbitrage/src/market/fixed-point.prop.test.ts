import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { divideDown, divideUp, formatFixed, padFixed, parseFixed } from "./fixed-point.ts";

const values = fc.bigInt({ min: -(10n ** 30n), max: 10n ** 30n });

describe("fixed-point values", () => {
  it("survive being written and read: parseFixed(formatFixed(v)) = v", () => {
    fc.assert(
      fc.property(values, (value) => {
        expect(parseFixed(formatFixed(value))).toBe(value);
        expect(parseFixed(padFixed(value, 8))).toBe(value);
      }),
    );
  });

  it("are read as the integer of their digits, whatever the number of places", () => {
    const parts = fc.tuple(fc.bigInt({ min: 0n, max: 10n ** 20n }), fc.integer({ min: 1, max: 8 }), fc.nat());
    fc.assert(
      fc.property(parts, ([whole, places, seed]) => {
        const fraction = String(seed % 10 ** places).padStart(places, "0");
        const expected = BigInt(`${whole}${fraction}`) * 10n ** BigInt(8 - places);
        expect(parseFixed(`${whole}.${fraction}`)).toBe(expected);
      }),
    );
  });

  it("never throw and never come from text that is not a plain decimal", () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.anything()), (text) => {
        const value = parseFixed(text);
        if (value !== undefined) expect(text).toMatch(/^-?\d+(\.\d{1,8})?$/);
      }),
    );
  });

  it("divide so that down <= exact <= up, at most one apart", () => {
    fc.assert(
      fc.property(values, fc.bigInt({ min: 1n, max: 10n ** 20n }), (dividend, divisor) => {
        const [down, up] = [divideDown(dividend, divisor), divideUp(dividend, divisor)];
        expect(down * divisor <= dividend && dividend <= up * divisor).toBe(true);
        expect(up - down).toBe(dividend % divisor === 0n ? 0n : 1n);
      }),
    );
  });
});
