// Exact values: decimals of any size against arithmetic of whole numbers.
import type { MetricSample } from "@tracebook/store";
import fc from "fast-check";
import { expect, test } from "vitest";
import { compareToThreshold, divide, type ExactValue, toDouble, toFigure, toUnits, unitsOf } from "./exact-value.ts";

const SCALE = 10n ** 38n;
/** A whole number and how many of its digits are behind the point. */
const decimal = fc.tuple(
  fc.bigInt({ min: -(10n ** 37n), max: 10n ** 37n }),
  fc.oneof(fc.integer({ min: 0, max: 4 }), fc.integer({ min: 0, max: 38 })),
);
const exact = fc.record({ numerator: decimal.map(unitsFrom), denominator: fc.bigInt({ min: 1n, max: 100_000n }) });

test("a decimal is the whole number of units that its digits are", () => {
  fc.assert(
    fc.property(decimal, (one) => {
      expect(toUnits(textOf(one))).toBe(unitsFrom(one));
    }),
  );
});

test("a value compares with a threshold as the products of both do", () => {
  fc.assert(
    fc.property(exact, decimal, (value, threshold) => {
      const difference = value.numerator - unitsFrom(threshold) * value.denominator;
      expect(compareToThreshold(value, textOf(threshold))).toBe(difference < 0n ? -1 : difference > 0n ? 1 : 0);
    }),
  );
});

test("a value is equal to its own text, and to no other", () => {
  fc.assert(
    fc.property(decimal, (one) => {
      const value = { numerator: unitsFrom(one), denominator: 1n };
      expect(toUnits(toFigure(value))).toBe(value.numerator);
      expect(compareToThreshold(value, toFigure(value))).toBe(0);
      expect(compareToThreshold({ ...value, numerator: value.numerator + 1n }, toFigure(value))).toBe(1);
    }),
  );
});

test("a quotient times its divisor is its dividend", () => {
  fc.assert(
    fc.property(exact, exact, (a, b) => {
      const quotient = divide(a, b) as ExactValue | undefined;
      if (b.numerator === 0n) {
        expect(quotient).toBeUndefined();
        return;
      }
      expect(quotient!.denominator > 0n).toBe(true);
      // q/1 = (a / b), each over its denominator, and q in units too.
      expect(quotient!.numerator * b.numerator * a.denominator).toBe(
        a.numerator * b.denominator * quotient!.denominator * SCALE,
      );
    }),
  );
});

test("the double of a decimal is the one that JavaScript reads of its text", () => {
  fc.assert(
    fc.property(decimal, (one) => {
      expect(toDouble({ numerator: unitsFrom(one), denominator: 1n }) + 0).toBe(Number(textOf(one)) + 0);
    }),
  );
});

test("the double of a quotient of doubles that has one is that", () => {
  fc.assert(
    fc.property(fc.integer(), fc.integer({ min: 1, max: 1_000_000 }), (a, b) => {
      // Division of whole numbers below 2^53 is correctly rounded.
      expect(toDouble({ numerator: BigInt(a) * SCALE, denominator: BigInt(b) }) + 0).toBe(a / b + 0);
    }),
  );
});

test("the double of what is a little more than the middle of two is the greater, however little", () => {
  const denominator = 10n ** 40n;
  const middle = (2n ** 53n + 1n) * SCALE * denominator;
  expect(toDouble({ numerator: middle, denominator })).toBe(2 ** 53);
  expect(toDouble({ numerator: middle + 1n, denominator })).toBe(2 ** 53 + 2);
});

test("what has no end is written as the double next to it", () => {
  expect(toFigure({ numerator: SCALE, denominator: 3n })).toBe("0.3333333333333333");
  expect(toFigure({ numerator: SCALE, denominator: 8n })).toBe("0.125");
});

test("a threshold beyond all decimals is compared as a double", () => {
  const value = { numerator: SCALE, denominator: 1n };
  expect(compareToThreshold(value, 1e300)).toBe(-1);
  expect(compareToThreshold(value, 5e-324)).toBe(1);
});

test("a double among decimals is its shortest text, and a histogram or what is too long is none", () => {
  const sample: MetricSample = {
    ...{ source: "otlp", metric: "pnl", unit: "USD", labels: {}, second: 1 },
    ...{ value: 0.1, exact: null, buckets: null, percentiles: null },
  };
  expect(unitsOf(sample)).toBe(toUnits("0.1"));
  expect(unitsOf({ ...sample, exact: "0.10000000000000000001" })).toBe(toUnits("0.10000000000000000001"));
  expect(unitsOf({ ...sample, value: 1e-50 })).toBeUndefined();
  expect(unitsOf({ ...sample, buckets: { count: 1, bounds: [], counts: [1] } })).toBeUndefined();
});

function unitsFrom([digits, places]: readonly [bigint, number]): bigint {
  return digits * 10n ** BigInt(38 - places);
}

function textOf([digits, places]: readonly [bigint, number]): string {
  const text = String(digits < 0n ? -digits : digits).padStart(places + 1, "0");
  const point = text.length - places;
  return `${digits < 0n ? "-" : ""}${text.slice(0, point)}${places === 0 ? "" : `.${text.slice(point)}`}`;
}
