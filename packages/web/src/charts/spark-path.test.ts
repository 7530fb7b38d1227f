import { expect, test } from "vitest";
import { bandPath, linePath, sparkHeight } from "./spark-path.ts";

test("a line runs through its points from the top of the box", () => {
  expect(
    linePath([
      { x: 0, y: 0 },
      { x: 50.126, y: 25 },
      { x: 100, y: 100 },
    ]),
  ).toBe("M0 100L50.13 75L100 0");
});

test("a line breaks where there is no value, and a point that stands alone is a dot", () => {
  expect(linePath([{ x: 0, y: 0 }, { x: 10, y: 0 }, null, { x: 30, y: 0 }])).toBe("M0 100L10 100M30 100h0.01");
  expect(linePath([null, null])).toBe("");
  expect(linePath([])).toBe("");
});

test("a band goes along its upper line and back along its lower one", () => {
  const lower = [{ x: 0, y: 10 }, { x: 50, y: 20 }, null, { x: 100, y: 0 }];
  const upper = [{ x: 0, y: 30 }, { x: 50, y: 40 }, { x: 75, y: 0 }, null];
  expect(bandPath(lower, upper)).toBe("M0 70L50 60L50 80L0 90Z");
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
