import { describe, expect, it } from "vitest";
import { divideDown, divideUp, formatFixed, padFixed, parseFixed } from "./fixed-point.ts";

describe("parseFixed", () => {
  it("reads exchange decimals exactly", () => {
    expect(parseFixed("61837.63000000")).toBe(6_183_763_000_000n);
    expect(parseFixed("61800.20")).toBe(6_180_020_000_000n);
    expect(parseFixed("0.00000001")).toBe(1n);
    expect(parseFixed("5")).toBe(500_000_000n);
    expect(parseFixed("-0.5")).toBe(-50_000_000n);
  });

  it("keeps every digit where a float would not", () => {
    expect(parseFixed("90071992547409.93")).toBe(9_007_199_254_740_993_000_000n);
    expect(parseFixed("9999999.99999999")).toBe(999_999_999_999_999n);
    expect(parseFixed("99999999.99999999")).toBe(9_999_999_999_999_999n);
  });

  it.each([
    ["nothing", ""],
    ["a point without digits before it", ".5"],
    ["a point without digits after it", "5."],
    ["two points", "1.2.3"],
    ["an exponent", "1e5"],
    ["spaces", " 1"],
    ["a plus sign", "+1"],
    ["two signs", "--1"],
    ["a sign alone", "-"],
    ["hexadecimal", "0x10"],
    ["a word", "NaN"],
    ["nine places", "0.000000001"],
    ["a thousand digits", "1".repeat(1_000)],
    ["other digits", "١٢٣"],
    ["a number", 1.5],
    ["null", null],
    ["an object", { toString: () => "1" }],
  ])("refuses %s", (_, text) => {
    expect(parseFixed(text)).toBeUndefined();
  });
});

describe("formatFixed", () => {
  it("writes the shortest exact decimal", () => {
    expect(formatFixed(6_183_763_000_000n)).toBe("61837.63");
    expect(formatFixed(0n)).toBe("0");
    expect(formatFixed(1n)).toBe("0.00000001");
    expect(formatFixed(-50_000_000n)).toBe("-0.5");
    expect(formatFixed(100_000_000_000n)).toBe("1000");
  });

  it("takes a notional with its sixteen places", () => {
    expect(formatFixed(6_183_763_000_000n * 150_000_000n, 16)).toBe("92756.445");
  });
});

describe("padFixed", () => {
  it("prints the number of places asked for, cutting off what is beyond", () => {
    expect(padFixed(6_180_020_000_000n, 2)).toBe("61800.20");
    expect(padFixed(6_180_020_000_000n, 8)).toBe("61800.20000000");
    expect(padFixed(199_999_999n, 0)).toBe("1");
    expect(padFixed(-199_999_999n, 3)).toBe("-1.999");
    expect(padFixed(1n, 8)).toBe("0.00000001");
  });
});

describe("division", () => {
  it("rounds towards the named side for either sign", () => {
    expect([divideDown(7n, 2n), divideDown(-7n, 2n), divideDown(6n, 2n)]).toEqual([3n, -4n, 3n]);
    expect([divideUp(7n, 2n), divideUp(-7n, 2n), divideUp(6n, 2n)]).toEqual([4n, -3n, 3n]);
  });
});
