// Decimal inputs: numbers, bigints and the objects of decimal libraries, well-meaning and hostile.
import { Big } from "big.js";
import { BigNumber } from "bignumber.js";
import { Decimal } from "decimal.js";
import { describe, expect, it } from "vitest";
import { type DecimalInput, toDecimal, toDecimalText } from "./decimal-input.ts";
import { TracebookDecisionError } from "./errors.ts";

function codeOf(value: unknown): string {
  try {
    return `accepted as ${toDecimalText(value as DecimalInput)}`;
  } catch (thrown) {
    return thrown instanceof TracebookDecisionError ? thrown.code : `threw ${String(thrown)}`;
  }
}

describe("texts", () => {
  it.each([
    ["4.10", "4.10"],
    ["-4.10", "-4.10"],
    ["-0", "0"],
    ["-0.00", "0.00"],
    [`-0.${"0".repeat(30)}`, `0.${"0".repeat(30)}`],
    ["-0e-2", "0.00"],
    ["+1", "1"],
    ["01.50", "1.50"],
    ["-00", "0"],
    [".5", "0.5"],
    ["-.5e1", "-5"],
    ["9007199254740993", "9007199254740993"],
  ])("%s is %s", (text, canonical) => {
    expect(toDecimalText(text)).toBe(canonical);
  });

  it("of more than 1,000 characters are not looked at, even where they are nothing but zeros", () => {
    expect(codeOf("0".repeat(1_000))).toBe("accepted as 0");
    expect(codeOf("0".repeat(1_001))).toBe("decimal_out_of_range");
  });
});

describe("numbers and bigints", () => {
  it.each([
    [0.1, "0.1"],
    [0.1 + 0.2, "0.30000000000000004"],
    [-0, "0"],
    [70, "70"],
    [1e21, "1000000000000000000000"],
    [1e-7, "0.0000001"],
    [-2.5e-10, "-0.00000000025"],
    [2 ** 53 + 2, "9007199254740994"],
    [10n ** 30n, `1${"0".repeat(30)}`],
    [-5n, "-5"],
    [9007199254740993n, "9007199254740993"],
  ])("%s is %s", (value, text) => {
    expect(toDecimalText(value)).toBe(text);
  });

  it("the largest and the smallest double are decimals like any other", () => {
    expect(Number(toDecimalText(Number.MAX_VALUE))).toBe(Number.MAX_VALUE);
    expect(Number(toDecimalText(Number.MIN_VALUE))).toBe(Number.MIN_VALUE);
  });

  it.each([Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY])("refuses %s", (value) => {
    expect(codeOf(value)).toBe("decimal_unusable");
  });

  it("refuses a bigint of a million digits without writing it out", () => {
    expect(codeOf(1n << 3_000_000n)).toBe("decimal_out_of_range");
  });
});

describe("decimal objects", () => {
  it.each(["4.1", "-0.000000000000000001", "1e30", "12345678901234567890.123456789", "0"])(
    "are taken at their exact value: %s",
    (text) => {
      for (const object of [new Decimal(text), new Big(text), new BigNumber(text)]) {
        expect(toDecimal(object)).toEqual(toDecimal(text));
      }
    },
  );

  it("of the libraries that are not a number are refused", () => {
    expect(codeOf(new Decimal(Number.NaN))).toBe("decimal_malformed");
    expect(codeOf(new BigNumber(Number.POSITIVE_INFINITY))).toBe("decimal_malformed");
    expect(toDecimalText(new Decimal("-0"))).toBe("0");
  });

  it("may be anything with a text of its own", () => {
    expect(toDecimalText({ toString: () => "1.50", toFixed: () => "2" })).toBe("1.50");
    expect(codeOf({ toString: () => "1.50" })).toBe("accepted as 1.50");
    expect(codeOf({ toFixed: () => "2.5" })).toBe("accepted as 2.5");
    expect(codeOf(Object(1.5))).toBe("accepted as 1.5");
  });

  it("have their text read once, so that a lying one cannot change it between check and use", () => {
    let calls = 0;
    const liar = { toFixed: () => "1", toString: () => (calls++ === 0 ? "1.5" : "999") };
    expect(toDecimalText(liar)).toBe("1.5");
    expect(calls).toBe(1);
  });
});

describe("hostile inputs", () => {
  const revoked = Proxy.revocable({}, {});
  revoked.revoke();
  const cyclic: Record<string, unknown> = {};
  cyclic.self = cyclic;
  const thrower = () => {
    throw new Error("no");
  };
  it.each([
    ["undefined", undefined],
    ["null", null],
    ["true", true],
    ["a symbol", Symbol("1")],
    ["a function", () => "1"],
    ["an array", ["1"]],
    ["an empty object", {}],
    ["an object without prototype", Object.create(null)],
    ["a cyclic object", cyclic],
    ["a revoked Proxy", revoked.proxy],
    ["a Proxy with throwing traps", new Proxy({}, { get: thrower, getPrototypeOf: thrower, has: thrower })],
    ["a throwing toString", { toString: thrower }],
    ["a toString that is a throwing getter", Object.defineProperty({}, "toString", { get: thrower })],
    ["a toString that gives an object", { toString: () => ({}) }],
    ["a toString that gives a number", { toString: () => 5 }],
    ["a toFixed that gives a number", { toFixed: () => 5 }],
  ])("%s is refused with the code of this package", (_, value) => {
    expect(codeOf(value)).toBe("decimal_unusable");
  });

  it.each([
    ["a date", new Date(0), "decimal_malformed"],
    ["a text of 10 MB", "1".repeat(1e7), "decimal_out_of_range"],
    ["an object with a text of 10 MB", { toString: () => "9".repeat(1e7) }, "decimal_out_of_range"],
  ])("%s is refused", (_, value, code) => {
    expect(codeOf(value)).toBe(code);
  });

  it("keeps what was thrown as the cause", () => {
    const cause = new Error("no");
    const failing = (): string => {
      throw cause;
    };
    expect(() => toDecimalText({ toString: failing, toFixed: failing })).toThrow(expect.objectContaining({ cause }));
  });
});
