// Numbers read back as what they were.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { toBoundText, toValueText } from "./number-text.ts";

const read = (text: string): number => Number(text.replace("Inf", "Infinity"));

describe("numbers", () => {
  it("values read back as the same double, in OpenMetrics' grammar", () => {
    fc.assert(
      fc.property(fc.double(), (value) => {
        const text = toValueText(value);
        expect(text).toMatch(/^(?:[+-]?\d+(?:\.\d+)?(?:e[+-]?\d+)?|[+-]Inf|NaN)$/);
        expect(read(text)).toBe(Object.is(value, -0) ? 0 : value);
      }),
    );
  });

  it("bounds read back as the same double, and never as a whole number in OpenMetrics", () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), fc.boolean(), (bound, isOpenMetrics) => {
        const text = toBoundText(bound, isOpenMetrics);
        expect(read(text)).toBe(Object.is(bound, -0) ? 0 : bound);
        if (isOpenMetrics) expect(text).toMatch(/[.e]/);
      }),
    );
  });

  // OpenMetrics 1.0, "Canonical Numbers", and what strconv.FormatFloat(x, 'g', -1, 64) gives.
  it.each([
    [0, "0", "0.0"],
    [0.005, "0.005", "0.005"],
    [1, "1", "1.0"],
    [2.5, "2.5", "2.5"],
    [10, "10", "10.0"],
    [1e-4, "0.0001", "0.0001"],
    [1e-5, "1e-05", "1e-05"],
    [1e5, "100000", "100000.0"],
    [1e6, "1e+06", "1e+06"],
    [1_048_576, "1.048576e+06", "1.048576e+06"],
    [1e10, "1e+10", "1e+10"],
    [1e100, "1e+100", "1e+100"],
    [Number.POSITIVE_INFINITY, "+Inf", "+Inf"],
  ])("the bound %d is %s, in OpenMetrics %s", (bound, text, openMetrics) => {
    expect([toBoundText(bound, false), toBoundText(bound, true)]).toEqual([text, openMetrics]);
  });
});
