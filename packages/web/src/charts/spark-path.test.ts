import { expect, test } from "vitest";
import { bandPath, linePath, sparkHeight, sparkPoints } from "./spark-path.ts";

test("a line runs through its points from the top of the box", () => {
  const points = [
    { x: 0, y: 0 },
    { x: 50.126, y: 25 },
    { x: 100, y: 100 },
  ];
  expect(linePath(points, 10)).toBe("M0 100L50.13 75L100 0");
});

test("a line breaks where there is no value, and a point that stands alone is as wide as its slice", () => {
  expect(linePath([{ x: 0, y: 0 }, { x: 10, y: 0 }, null, { x: 30, y: 0 }], 6.667)).toBe("M0 100L10 100M30 100h6.67");
  expect(linePath([null, null], 10)).toBe("");
  expect(linePath([], 10)).toBe("");
});

test("values stand at their times; a line does not run on over slices that are missing", () => {
  const axis = { from: 1_000, to: 2_000, stepSeconds: 100 };
  expect(sparkPoints([1_000, 1_100, 1_500], [1, 2, 3], axis, (value) => value)).toEqual([
    { x: 0, y: 1 },
    { x: 10, y: 2 },
    null,
    { x: 50, y: 3 },
  ]);
  expect(sparkPoints([1_000, 1_100, 1_200], [null, Number.NaN], axis, (value) => value)).toEqual([null, null, null]);
});

test("a band goes along its upper line and back along its lower one", () => {
  const lower = [{ x: 0, y: 10 }, { x: 50, y: 20 }, null, { x: 100, y: 0 }];
  const upper = [{ x: 0, y: 30 }, { x: 50, y: 40 }, { x: 75, y: 0 }, null];
  expect(bandPath(lower, upper, 10)).toBe("M0 70L50 60L50 80L0 90Z");
});

test("a band of one slice is a box as wide as the slice", () => {
  expect(bandPath([{ x: 20, y: 10 }], [{ x: 20, y: 30 }], 10)).toBe("M20 70L30 70L30 90L20 90Z");
});

test("heights are by powers of ten, from the least to the greatest value", () => {
  const height = sparkHeight([1, null, 10, 100]);
  expect([1, 10, 100].map(height)).toEqual([6, 50, 94]);
  expect([0, -1, 0.001, 1_000].map(height)).toEqual([6, 6, 6, 94]);
});

test("values that hardly differ are in the middle, and without values nothing fails", () => {
  expect(sparkHeight([5, 5])(5)).toBeCloseTo(50, 9);
  expect(sparkHeight([null])(5)).toBe(6);
});
