import fc from "fast-check";
import { expect, test } from "vitest";
import { rowWindow, scrollTopFor } from "./row-window.ts";

test("rows that can be seen in part are drawn, and some more at both ends", () => {
  expect(rowWindow({ scrollTop: 0, height: 100, rowHeight: 32 }, 1_000, 3)).toEqual({ first: 0, end: 7 });
  expect(rowWindow({ scrollTop: 3_210, height: 100, rowHeight: 32 }, 1_000, 3)).toEqual({ first: 97, end: 107 });
  expect(rowWindow({ scrollTop: 640, height: 0, rowHeight: 32 }, 1_000, 3)).toEqual({ first: 0, end: 0 });
});

test("a list that has become shorter than the place it is scrolled to shows its end", () => {
  expect(rowWindow({ scrollTop: 9_000, height: 96, rowHeight: 32 }, 10, 0)).toEqual({ first: 7, end: 10 });
  expect(rowWindow({ scrollTop: 9_000, height: 96, rowHeight: 32 }, 0, 3)).toEqual({ first: 0, end: 0 });
});

test("whatever can be seen is drawn, nothing that is not there, and never more than fits", () => {
  const view = fc.record({
    scrollTop: fc.double({ min: -50, max: 4e6, noNaN: true }),
    height: fc.integer({ min: 1, max: 2_000 }),
    rowHeight: fc.constantFrom(32, 52),
  });
  fc.assert(
    fc.property(view, fc.nat({ max: 100_000 }), (given, count) => {
      const { first, end } = rowWindow(given, count, 3);
      const top = Math.max(0, Math.min(given.scrollTop, count * given.rowHeight - given.height));
      expect(first).toBeGreaterThanOrEqual(0);
      expect(end).toBeLessThanOrEqual(count);
      expect(first * given.rowHeight).toBeLessThanOrEqual(top);
      expect(Math.min(end, count) * given.rowHeight).toBeGreaterThanOrEqual(
        Math.min(top + given.height, count * given.rowHeight) - 1e-6,
      );
      expect(end - first).toBeLessThanOrEqual(Math.ceil(given.height / given.rowHeight) + 7);
    }),
  );
});

test("a row is brought into sight, and no farther", () => {
  const view = { scrollTop: 320, height: 100, rowHeight: 32 };
  expect(scrollTopFor(11, view)).toBe(320);
  expect(scrollTopFor(9, view)).toBe(288);
  expect(scrollTopFor(20, view)).toBe(572);
  expect(scrollTopFor(0, view)).toBe(0);
});
