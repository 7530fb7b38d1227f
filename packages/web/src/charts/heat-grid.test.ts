import fc from "fast-check";
import { expect, test } from "vitest";
import { cellAt, heatGrid, rowText } from "./heat-grid.ts";

const ms = (value: number) => `${value} ms`;

test("rows go from the lowest to the highest bucket that has counts, by powers of ten", () => {
  const grid = heatGrid([0.1, 1, 10, 100], [{ time: 0, bucket_counts: [0, 4, 0, 1, 0] }]);
  expect(grid.rows.map(({ from, to }) => [from, to])).toEqual([
    [0.1, 1],
    [1, 10],
    [10, 100],
  ]);
  expect(grid.rows.map(({ bottom }) => bottom)).toEqual([0, expect.closeTo(1 / 3, 9), expect.closeTo(2 / 3, 9)]);
  expect(grid.rows.at(-1)?.top).toBe(1);
});

test("a cell knows its share of the slice, and the most counted cell is the hottest", () => {
  const grid = heatGrid(
    [1, 10],
    [
      { time: 0, bucket_counts: [1, 3, 0] },
      { time: 60, bucket_counts: [0, 12, 0] },
    ],
  );
  expect(grid.cells.map(({ time, count, share, heat }) => [time, count, share, heat])).toEqual([
    [0, 1, 0.25, expect.closeTo(Math.sqrt(1 / 12), 9)],
    [0, 3, 0.75, 0.5],
    [60, 12, 1, 1],
  ]);
  expect([grid.most, grid.total]).toEqual([12, 16]);
});

test("the outermost buckets have one edge only, and say so", () => {
  const grid = heatGrid([1, 10], [{ time: 0, bucket_counts: [1, 1, 1] }]);
  expect(grid.rows.map((row) => rowText(row, ms))).toEqual(["up to 1 ms", "1 ms to 10 ms", "above 10 ms"]);
});

test("bounds that have no logarithm make rows of the same height", () => {
  const grid = heatGrid([-10, 0, 10], [{ time: 0, bucket_counts: [1, 1, 1, 1] }]);
  expect(grid.rows.map(({ bottom, top }) => top - bottom)).toEqual([0.25, 0.25, 0.25, 0.25]);
});

test("without counts, or without bounds, nothing is drawn", () => {
  expect(heatGrid([1, 10], []).rows).toEqual([]);
  expect(heatGrid([1, 10], [{ time: 0, bucket_counts: [0, 0, 0] }]).cells).toEqual([]);
  expect(heatGrid([], [{ time: 0, bucket_counts: [5] }]).cells).toEqual([]);
});

test("the cell under the pointer is found by time and height", () => {
  const grid = heatGrid([1, 10], [{ time: 60, bucket_counts: [2, 3, 0] }]);
  expect(cellAt(grid, 60, 60, 0)?.count).toBe(2);
  expect(cellAt(grid, 60, 119, 0.9)?.count).toBe(3);
  expect(cellAt(grid, 60, 120, 0.9)).toBeUndefined();
});

test("rows fill the height without a gap, and no count is lost", () => {
  const bounds = fc.uniqueArray(fc.double({ min: 1e-6, max: 1e6, noNaN: true }), { minLength: 1, maxLength: 12 });
  fc.assert(
    fc.property(
      bounds.map((list) => list.sort((a, b) => a - b)),
      fc.array(fc.array(fc.nat(9), { maxLength: 13 }), { maxLength: 5 }),
      (edges, lists) => {
        const slices = lists.map((counts, i) => ({ time: i * 60, bucket_counts: counts.slice(0, edges.length + 1) }));
        const grid = heatGrid(edges, slices);
        for (const [i, row] of grid.rows.entries())
          expect(row.bottom).toBeCloseTo(i === 0 ? 0 : grid.rows[i - 1]!.top, 9);
        if (grid.rows.length > 0) expect(grid.rows.at(-1)?.top).toBeCloseTo(1, 9);
        expect(grid.cells.reduce((sum, { count }) => sum + count, 0)).toBe(grid.total);
      },
    ),
  );
});
