import fc from "fast-check";
import { expect, test } from "vitest";
import { durationText } from "./duration-text.ts";

test.each([
  [0, "0 ms"],
  [0.00085, "850 ns"],
  [0.0421, "42.1 µs"],
  [0.9994, "999 µs"],
  [0.9996, "1.00 ms"],
  [9.996, "10.0 ms"],
  [99.96, "100 ms"],
  [999.6, "1.00 s"],
  [59_960, "1 min"],
  [250_000, "4 min 10 s"],
  [7_500_000, "2 h 5 min"],
  [190_000_000, "2 d 4 h"],
  [-1.5, "−1.50 ms"],
  [-3e12, "−34722 d 5 h"],
  [null, "–"],
  [undefined, "–"],
  [Number.NaN, "–"],
  [Number.NEGATIVE_INFINITY, "–"],
])("%d ms are %s", (ms, text) => {
  expect(durationText(ms)).toBe(text);
});

test("below a minute there are at most three digits in front of the point, and none too many after it", () => {
  fc.assert(
    fc.property(fc.double({ min: 1e-6, max: 59_949, noNaN: true }), (ms) => {
      expect(durationText(ms)).toMatch(/^(\d{1,3}|\d{2}\.\d|\d\.\d\d) (ns|µs|ms|s)$/);
    }),
  );
});
