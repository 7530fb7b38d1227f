import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { basisPointsUp, formatDecimal, multiplyUp, parseDecimal } from "./decimal.ts";

describe("exact decimals", () => {
  it("survive being written and read", () => {
    fc.assert(
      fc.property(fc.bigInt({ min: -(10n ** 22n), max: 10n ** 22n }), (units) => {
        expect(parseDecimal(formatDecimal(units))).toBe(units);
      }),
    );
  });

  it.each(["", "1e5", "0x10", "1.123456789", " 1", "1,5", "NaN", "--1", 5, null, undefined, {}, "9".repeat(400)])(
    "are not made of %j",
    (value) => expect(parseDecimal(value)).toBeUndefined(),
  );

  it("multiply without a loss, and round away from zero where digits end", () => {
    const of = (text: string): bigint => parseDecimal(text) as bigint;
    expect(formatDecimal(multiplyUp(of("0.1"), of("0.2")))).toBe("0.02");
    expect(formatDecimal(multiplyUp(of("0.00000001"), of("0.5")))).toBe("0.00000001");
    expect(formatDecimal(multiplyUp(of("-0.00000001"), of("0.5")))).toBe("-0.00000001");
    expect(basisPointsUp(of("-1"), of("3"))).toBe(3334n);
  });
});
