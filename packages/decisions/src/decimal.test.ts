// Decimals: the grammar, the bounds and plain text.
import { describe, expect, it } from "vitest";
import { addDecimals, compareDecimals, formatDecimal, parseDecimal, subtractDecimals } from "./decimal.ts";
import { TracebookDecisionError } from "./errors.ts";

function errorOf(run: () => unknown): TracebookDecisionError {
  try {
    run();
  } catch (thrown) {
    if (thrown instanceof TracebookDecisionError) return thrown;
    throw thrown;
  }
  throw new Error("nothing was thrown");
}

describe("parseDecimal", () => {
  it.each([
    ["4.10", 410n, 2],
    ["0", 0n, 0],
    ["-0.5", -5n, 1],
    ["+7", 7n, 0],
    [".5", 5n, 1],
    ["007.50", 750n, 2],
    ["1e5", 100000n, 0],
    ["1.5e1", 15n, 0],
    ["1.50e1", 150n, 1],
    ["1E-18", 1n, 18],
    ["1e+30", 10n ** 30n, 0],
    ["-12.5e-3", -125n, 4],
    ["0e999", 0n, 0],
    ["9007199254740993", 9007199254740993n, 0],
  ])("reads %s exactly", (text, coefficient, scale) => {
    expect(parseDecimal(text)).toEqual({ coefficient, scale });
  });

  it.each([
    ["-0", "0"],
    ["-0.00", "0.00"],
    ["+0", "0"],
    ["-0e5", "0"],
    ["1e5", "100000"],
    ["1e-3", "0.001"],
    ["00.10", "0.10"],
  ])("normalises %s to %s", (text, plain) => {
    expect(formatDecimal(parseDecimal(text))).toBe(plain);
  });

  it.each([
    ["", "the text is empty"],
    [" 1", 'unexpected " " at character 1'],
    ["1 ", 'unexpected " " at character 2'],
    ["1,0", 'unexpected "," at character 2'],
    ["1.2.3", 'unexpected "." at character 4'],
    ["1_000", 'unexpected "_" at character 2'],
    ["0x10", 'unexpected "x" at character 2'],
    ["NaN", 'unexpected "N" at character 1'],
    ["-Infinity", 'unexpected "I" at character 2'],
    ["--1", 'unexpected "-" at character 2'],
    ["1e5.0", 'unexpected "." at character 4'],
    ["1n", 'unexpected "n" at character 2'],
    ["١٢", 'unexpected "١" at character 1'],
    ["１", 'unexpected "１" at character 1'],
    ["1\n", 'unexpected "\\n" at character 2'],
    ["1\ud800", 'unexpected "\\ud800" at character 2'],
    ["5.", "a digit is missing"],
    [".", "a digit is missing"],
    ["-", "a digit is missing"],
    ["1e", "a digit is missing"],
    ["e5", "a digit is missing"],
  ])("refuses %j and says why", (text, problem) => {
    const error = errorOf(() => parseDecimal(text, "edge.gross"));
    expect(error.code).toBe("decimal_malformed");
    expect(error.message).toContain(`edge.gross: ${JSON.stringify(text)} is not a decimal: ${problem}; write it with`);
  });

  it.each([
    "1e401",
    "1e-401",
    "1e999999999",
    "-1e-999999999",
    "9".repeat(401),
    `0.${"1".repeat(401)}`,
    "1".repeat(1e6),
  ])("refuses what is longer than any amount without building it", (text) => {
    const error = errorOf(() => parseDecimal(text));
    expect(error.code).toBe("decimal_out_of_range");
    expect(error.message.length).toBeLessThan(300);
  });

  it("cuts the value in the message to 64 characters and escapes what would spoil a terminal", () => {
    const error = errorOf(() => parseDecimal(`\u001b[31m\u0085\u202e${"x".repeat(500)}`));
    expect(error.message).toMatch(
      /^value: "\\u001b\[31m\\u0085\\u202ex{57}"\.\.\. \(507 characters\) is not a decimal/,
    );
  });
});

describe("exact arithmetic", () => {
  it("keeps the larger scale, as people write money", () => {
    expect(formatDecimal(addDecimals(parseDecimal("1.5"), parseDecimal("2.25")))).toBe("3.75");
    expect(formatDecimal(subtractDecimals(parseDecimal("4.10"), parseDecimal("4.1")))).toBe("0.00");
    expect(formatDecimal(subtractDecimals(parseDecimal("1e30"), parseDecimal("1e-18")))).toBe(
      "999999999999999999999999999999.999999999999999999",
    );
  });

  it("has no float in it: 0.1 + 0.2 is 0.3", () => {
    expect(formatDecimal(addDecimals(parseDecimal("0.1"), parseDecimal("0.2")))).toBe("0.3");
  });

  it("compares by value and not by text", () => {
    expect(compareDecimals(parseDecimal("1.50"), parseDecimal("1.5"))).toBe(0);
    expect(compareDecimals(parseDecimal("-2"), parseDecimal("1e-9"))).toBe(-1);
    expect(compareDecimals(parseDecimal("10"), parseDecimal("9.999999999999999999999"))).toBe(1);
  });
});
