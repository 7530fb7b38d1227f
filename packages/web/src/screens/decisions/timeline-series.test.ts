import { expect, test } from "vitest";
import { fillSlices } from "./timeline-series.ts";

test("slices without decisions are zero, and slices begin at multiples of their width", () => {
  const series = fillSlices({ step_seconds: 60, slices: [{ time: 120, accepted: 1, rejected: 4 }] }, 70, 240);
  expect(series).toEqual({ times: [60, 120, 180], accepted: [0, 1, 0], rejected: [0, 4, 0] });
});

test("a range that would have a million slices has no more than can be drawn", () => {
  expect(fillSlices({ step_seconds: 60, slices: [] }, 0, 60_000_000).times.length).toBe(5_000);
});
