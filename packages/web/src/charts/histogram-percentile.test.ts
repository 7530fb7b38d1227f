import fc from "fast-check";
import { expect, test } from "vitest";
import { addCounts, histogramPercentile } from "./histogram-percentile.ts";

test("a percentile is interpolated within its bucket", () => {
  expect(histogramPercentile([10, 20, 40], [0, 10, 10, 0], 0.5)).toBe(20);
  expect(histogramPercentile([10, 20, 40], [0, 10, 10, 0], 0.75)).toBe(30);
  expect(histogramPercentile([10, 20, 40], [4, 0, 0, 0], 0.5)).toBe(5);
});

test("what lies above the last bound is at it", () => {
  expect(histogramPercentile([10, 20], [0, 0, 7], 0.99)).toBe(20);
});

test("a first bucket below 0 has no width", () => {
  expect(histogramPercentile([-5, 5], [2, 2, 0], 0.25)).toBe(-5);
});

test("without counts, or without bounds, there is none", () => {
  expect(histogramPercentile([10], [0, 0], 0.5)).toBeUndefined();
  expect(histogramPercentile([], [5], 0.5)).toBeUndefined();
});

test("a higher percentile is never the lower value, and lies in the bucket of its rank", () => {
  const counts = fc.array(fc.nat(50), { minLength: 4, maxLength: 4 }).filter((list) => list.some((count) => count > 0));
  fc.assert(
    fc.property(counts, (given) => {
      const values = [0, 0.1, 0.5, 0.9, 0.95, 0.99, 1].map((share) => histogramPercentile([1, 10, 100], given, share)!);
      expect(values).toEqual(values.toSorted((a, b) => a - b));
      expect(values.every((value) => value >= 0 && value <= 100)).toBe(true);
    }),
  );
});

test("counts of several series add up bucket by bucket", () => {
  expect(addCounts([[1, 2, 3], [10, 20], []], 3)).toEqual([11, 22, 3]);
});
