import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { formatBps, parseBps, ratioBpsDown, ratioBpsUp } from "./basis-points.ts";

describe("basis points", () => {
  test("are written with four places", () => {
    expect(formatBps(37_000n)).toBe("3.7000");
    expect(formatBps(-1n)).toBe("-0.0001");
    expect(formatBps(0n)).toBe("0.0000");
    expect(formatBps(-123_456n)).toBe("-12.3456");
  });

  test("are read from plain decimals of at most four places", () => {
    expect(parseBps("2.3")).toBe(23_000n);
    expect(parseBps("-0.0001")).toBe(-1n);
    expect(parseBps("0.00001")).toBeUndefined();
    expect(parseBps("1e3")).toBeUndefined();
  });

  test("survive being written and read", () => {
    fc.assert(fc.property(fc.bigInt(-(10n ** 12n), 10n ** 12n), (value) => parseBps(formatBps(value)) === value));
  });

  test("of a ratio enclose its exact value, and are at most one step apart", () => {
    const amounts = fc.tuple(fc.bigInt(-(10n ** 20n), 10n ** 20n), fc.bigInt(1n, 10n ** 20n));
    fc.assert(
      fc.property(amounts, ([part, whole]) => {
        const down = ratioBpsDown(part, whole);
        const up = ratioBpsUp(part, whole);
        const exact = part * 100_000_000n;
        expect(down * whole <= exact && exact <= up * whole).toBe(true);
        expect(up - down).toBe(exact % whole === 0n ? 0n : 1n);
      }),
    );
  });
});
