import fc from "fast-check";
import { expect, test } from "vitest";
import { barShare, chooseScale } from "./funnel-scale.ts";

test("a funnel that ends in few orders counts by powers of ten, one of like steps does not", () => {
  expect(chooseScale([1_000_000, 900, 12])).toBe("log");
  expect(chooseScale([100, 60, 20])).toBe("linear");
  expect(chooseScale([1_000, 0, 0])).toBe("linear");
  expect(chooseScale([])).toBe("linear");
});

test("one of a million is still seen on the scale that is chosen for it", () => {
  expect(barShare(1, 1_000_000, chooseScale([1, 1_000_000]))).toBeGreaterThan(0.02);
});

test("more is never shorter, and only nothing has no length", () => {
  const count = fc.nat({ max: 2_000_000_000 });
  fc.assert(
    fc.property(count, count, count, fc.constantFrom("linear", "log"), (a, b, c, scale) => {
      const [least = 0, middle = 0, most = 0] = [a, b, c].sort((x, y) => x - y);
      expect(barShare(least, most, scale)).toBeLessThanOrEqual(barShare(middle, most, scale));
      expect(barShare(middle, most, scale)).toBeLessThanOrEqual(1);
      expect(barShare(middle, most, scale) === 0).toBe(middle === 0);
    }),
  );
});
