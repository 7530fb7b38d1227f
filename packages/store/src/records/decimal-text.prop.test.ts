import fc from "fast-check";
import { describe, expect, it, test } from "vitest";
import { DecimalSum, toDecimalText } from "./decimal-text.ts";

const units = fc.bigInt({ min: -(10n ** 30n), max: 10n ** 30n });
/** The decimal with two digits behind the point that is so many hundredths. */
const hundredths = (value: bigint): string => {
  const digits = String(value < 0n ? -value : value).padStart(3, "0");
  return `${value < 0n ? "-" : ""}${digits.slice(0, -2)}.${digits.slice(-2)}`;
};

describe("a decimal", () => {
  it.each([
    ["49.99", "49.99"],
    ["4.10", "4.10"],
    [" +007.10 ", "7.10"],
    ["-0.00", "0.00"],
    ["-0.05", "-0.05"],
    ["1.5e2", "150"],
    ["1.25E-3", "0.00125"],
    ["12e-1", "1.2"],
    [1e21, "1000000000000000000000"],
    [1e-7, "0.0000001"],
    [-2.5, "-2.5"],
  ])("%j is %j in plain notation", (value, text) => {
    expect(toDecimalText(value)).toBe(text);
  });

  it.each([
    undefined,
    null,
    true,
    "",
    "1.",
    ".5",
    "1,5",
    "0x10",
    "NaN",
    Number.NaN,
    Number.POSITIVE_INFINITY,
    "1e39",
    "1e-39",
    "1".repeat(39),
    `0.${"0".repeat(38)}1`,
    "1e999999",
    "9".repeat(100_000),
    ["1"],
  ])("%j is none", (value) => {
    expect(toDecimalText(value)).toBeUndefined();
  });

  test("in plain notation is itself, and a number is what it is worth", () => {
    fc.assert(
      fc.property(units, fc.double({ min: -1e30, max: 1e30, noNaN: true }), (value, number) => {
        expect(toDecimalText(hundredths(value))).toBe(hundredths(value));
        const text = toDecimalText(number);
        if (text !== undefined) expect(Number(text)).toBe(number + 0);
      }),
    );
  });
});

describe("a sum of decimals", () => {
  test("is exact in every order: sum(hundredths) / 100 = sum, without zeros at its end", () => {
    fc.assert(
      fc.property(fc.array(units), (values) => {
        const [forwards, backwards] = [new DecimalSum(), new DecimalSum()];
        for (const value of values) forwards.add(hundredths(value));
        for (const value of values.toReversed()) backwards.add(hundredths(value));
        const sum = values.reduce((all, value) => all + value, 0n);
        expect(forwards.toText()).toBe(hundredths(sum).replace(/\.?0+$/, "") || "0");
        expect(backwards.toText()).toBe(forwards.toText());
        expect(forwards.compareTo(backwards)).toBe(0);
        backwards.add(`0.${"0".repeat(37)}1`);
        expect([forwards.compareTo(backwards), backwards.compareTo(forwards)]).toEqual([-1, 1]);
      }),
    );
  });
});
