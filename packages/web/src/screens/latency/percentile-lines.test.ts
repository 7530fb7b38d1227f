import { expect, test } from "vitest";
import { sliceTimes, sliceValues } from "./percentile-lines.ts";

const slices = [
  { time: 60, p50_ms: 1 },
  { time: 120, p50_ms: null },
  { time: 300, p50_ms: Number.NaN },
  { time: 360, p50_ms: 4 },
];

test("a slice in which nothing was measured has a place on the line, and breaks it", () => {
  const times = sliceTimes(slices, 60);
  expect(times).toEqual([60, 120, 180, 240, 300, 360]);
  expect(sliceValues(times, slices, ({ p50_ms: value }) => value)).toEqual([1, null, null, null, null, 4]);
});

test("without slices there are no times", () => {
  expect(sliceTimes([], 60)).toEqual([]);
});

test("slices that do not fit the step, or are too far apart to fill in, stay as they are", () => {
  expect(sliceTimes([{ time: 0 }, { time: 10 }, { time: 20 }], 60)).toEqual([0, 10, 20]);
  expect(sliceTimes([{ time: 0 }, { time: 60_000_000 }], 60)).toEqual([0, 60_000_000]);
});
