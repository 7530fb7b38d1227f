import fc from "fast-check";
import { expect, test } from "vitest";
import { axisEdges, axisTimes } from "./heat-axis.ts";
import { heatGrid } from "./heat-grid.ts";

test("only bounds that have room stand at the axis, and the open end has none", () => {
  const { rows } = heatGrid([1, 10, 12, 100], [{ time: 0, bucket_counts: [1, 1, 1, 1, 1] }]);
  expect(axisEdges(rows, 200, 16).map(({ value }) => value)).toEqual([1, 10, 100]);
  expect(axisEdges(rows, 2_000, 16).map(({ value }) => value)).toEqual([1, 10, 12, 100]);
  expect(axisEdges([], 200, 16)).toEqual([]);
});

test("times are round, and no more than there is room for", () => {
  expect(axisTimes(90, 3_690, 12)).toEqual([
    300, 600, 900, 1_200, 1_500, 1_800, 2_100, 2_400, 2_700, 3_000, 3_300, 3_600,
  ]);
  const ends = fc.tuple(fc.nat(1e9), fc.integer({ min: 1, max: 1e8 }), fc.integer({ min: 1, max: 30 }));
  fc.assert(
    fc.property(ends, ([from, length, most]) => {
      const times = axisTimes(from, from + length, most);
      expect(times.length).toBeLessThanOrEqual(most + 1);
      expect(times.every((time) => time >= from && time <= from + length)).toBe(true);
    }),
  );
});
