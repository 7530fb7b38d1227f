import fc from "fast-check";
import { expect, test } from "vitest";
import { layOutBullet } from "./bullet-layout.ts";

test("a score below its threshold ends left of it", () => {
  const layout = layOutBullet("64", "70");
  expect(layout?.zero).toBe(0);
  expect(layout?.score).toBeLessThan(layout?.threshold ?? Number.NaN);
});

test("a score far beyond its threshold is cut, so that the threshold can be seen", () => {
  expect(layOutBullet("1000000", "50")).toMatchObject({ isCut: true });
  expect(layOutBullet("1000000", "50")?.threshold).toBeGreaterThan(0.2);
  expect(layOutBullet("51", "50")?.isCut).toBe(false);
});

test("what cannot be drawn has no layout", () => {
  expect(layOutBullet("high", "50")).toBeUndefined();
  expect(layOutBullet("1", null)).toBeUndefined();
  expect(layOutBullet("9".repeat(400), "1")).toBeUndefined();
});

test("whatever the numbers are, all of it is within the bar and in the order of the values", () => {
  const number = fc.double({ noNaN: true, noDefaultInfinity: true }).filter((value) => Math.abs(value) < 1e300);
  fc.assert(
    fc.property(number, number, (score, threshold) => {
      const layout = layOutBullet(score.toFixed(4), threshold.toFixed(4));
      if (layout === undefined) return;
      for (const share of [layout.zero, layout.score, layout.threshold]) {
        expect(share).toBeGreaterThanOrEqual(0);
        expect(share).toBeLessThanOrEqual(1);
      }
      if (score < threshold) expect(layout.score).toBeLessThanOrEqual(layout.threshold);
    }),
  );
});
