// Exact decimals: what is read, what is refused, what comes out.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { divideRounded, formatFixed, parseFixed, UNIT } from "./fixed-decimal.ts";

describe("parseFixed", () => {
  it("reads decimals in every form that venues write them", () => {
    const cases: [unknown, string][] = [
      ["42150.10", "42150.1"],
      ["0", "0"],
      ["-0", "0"],
      ["1e5", "100000"],
      ["1.5E-3", "0.0015"],
      [".5", "0.5"],
      ["5.", "5"],
      [0.1, "0.1"],
      [1e-18, "0.000000000000000001"],
      [12n, "12"],
      ["+7", "7"],
      ["000.100", "0.1"],
      ["1e-40", `0.${"0".repeat(39)}1`],
      [{ toString: () => "1.25" }, "1.25"],
      ["1000e-43", `0.${"0".repeat(39)}1`],
      ["0e9999", "0"],
    ];
    for (const [given, text] of cases) expect(formatFixed(parseFixed(given) ?? -1n)).toBe(text);
  });

  it("refuses what is no decimal or cannot be kept exactly", () => {
    const throwing = {
      toString: () => {
        throw new Error("no");
      },
    };
    for (const given of [
      "",
      " 1",
      "1,0",
      "1.2.3",
      "0x10",
      "NaN",
      "--1",
      ".",
      "e5",
      "1e",
      "1e99",
      "1e-41",
      "1".repeat(41),
      "1".repeat(1e6),
      "9e9999",
      Number.NaN,
      Infinity,
      null,
      undefined,
      true,
      Symbol("x"),
      throwing,
      { toString: 5 },
      Object.create(null),
      10n ** 100n,
      10n ** 100_000n,
      {},
    ]) {
      expect(parseFixed(given)).toBeUndefined();
    }
  });

  it("reads back what formatFixed writes, exactly", () => {
    fc.assert(
      fc.property(
        fc.bigInt({ min: -(10n ** 79n), max: 10n ** 79n }),
        (value) => parseFixed(formatFixed(value)) === value,
      ),
    );
  });

  it("takes a number at its shortest decimal form", () => {
    fc.assert(
      fc.property(
        fc.double({ min: 1e-15, max: 1e15, noNaN: true }),
        (value) => Number(formatFixed(parseFixed(value) ?? 0n)) === value,
      ),
    );
  });
});

describe("divideRounded", () => {
  it("is off by at most half of the last digit, and odd: -n/d = -(n/d)", () => {
    fc.assert(
      fc.property(
        fc.bigInt(),
        fc.bigInt().filter((d) => d !== 0n),
        (n, d) => {
          const error = 2n * (divideRounded(n, d) * d - n);
          const size = d < 0n ? -d : d;
          return error <= size && error >= -size && divideRounded(-n, d) === -divideRounded(n, d);
        },
      ),
    );
    expect(divideRounded(UNIT, 3n)).toBe(UNIT / 3n);
  });
});
