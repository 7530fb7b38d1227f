import fc from "fast-check";
import { expect, test } from "vitest";
import { createLogScale } from "./log-scale.ts";

test("the scale goes from the power of ten below the least value to the one above the greatest", () => {
  const scale = createLogScale([0.042, 3.5, 120]);
  expect([scale.low, scale.high]).toEqual([0.01, 1000]);
  expect(scale.decades).toEqual([0.01, 0.1, 1, 10, 100, 1000]);
  expect(scale.share(1)).toBeCloseTo(0.4, 12);
});

test("values that have no logarithm are at its beginning, and do not widen it", () => {
  const scale = createLogScale([Number.NaN, 0, -5, Number.POSITIVE_INFINITY, 20]);
  expect([scale.low, scale.high]).toEqual([10, 100]);
  for (const value of [Number.NaN, 0, -5]) expect(scale.share(value)).toBe(0);
  expect(scale.share(Number.POSITIVE_INFINITY)).toBe(1);
});

test("without values, and with one on a power of ten, there is a whole decade", () => {
  expect(createLogScale([]).decades).toEqual([1, 10]);
  expect(createLogScale([10]).decades).toEqual([10, 100]);
});

test("every value of a scale is on it, and the longer one never has the shorter bar", () => {
  const value = fc.double({ min: 1e-9, max: 1e9, noNaN: true });
  fc.assert(
    fc.property(fc.array(value, { minLength: 1 }), (values) => {
      const scale = createLogScale(values);
      const shares = values.toSorted((a, b) => a - b).map((one) => scale.share(one));
      expect(shares.every((share) => share >= 0 && share <= 1)).toBe(true);
      expect(shares).toEqual(shares.toSorted((a, b) => a - b));
    }),
  );
});
