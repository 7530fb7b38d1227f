import { expect, it } from "vitest";
import { hasPercentiles, meanLines, percentileLines } from "./timeline-lines.ts";
import type { TimelineSeries } from "./use-timeline.ts";

type Slice = TimelineSeries["slices"][number];

function slice(time: number, value: number, percentiles: Partial<Slice> = {}): Slice {
  return {
    time,
    samples: 1,
    avg_value: value,
    max_value: value,
    percentile_50: null,
    percentile_90: null,
    percentile_95: null,
    percentile_99: null,
    ...percentiles,
  };
}

function series(service: string, slices: readonly Slice[], tags: unknown = {}): TimelineSeries {
  return {
    service_name: service,
    host_name: null,
    instance_id: `${service}-1`,
    tags,
    metric_type: "gauge",
    metric_unit: "%",
    last_value: slices.at(-1)?.avg_value ?? 0,
    last_timestamp: "2026-11-20T12:00:00.000000Z",
    slices: [...slices],
  };
}

it("draws a line for each series over all their times, with gaps where one has none, the largest first", () => {
  const lines = meanLines([series("bot", [slice(60, 1), slice(120, 2)]), series("api", [slice(180, 9)])], 60);
  expect(lines.times).toEqual([60, 120, 180]);
  expect(lines.series.map(({ label, values }) => [label, values])).toEqual([
    ["api", [null, null, 9]],
    ["bot", [1, 2, null]],
  ]);
});

it("calls series of one service by the tags in which they differ", () => {
  const lines = meanLines(
    [series("api", [slice(60, 2)], { mountpoint: "/" }), series("api", [slice(60, 1)], { mountpoint: "/data" })],
    60,
  );
  expect(lines.series.map(({ label }) => label)).toEqual(["/", "/data"]);
});

it("draws no more lines than can be told apart", () => {
  const many = Array.from({ length: 9 }, (_, i) => series(`s-${i}`, [slice(60, i)]));
  expect(meanLines(many, 60).series.map(({ label }) => label)).toEqual(["s-8", "s-7", "s-6", "s-5", "s-4", "s-3"]);
});

it("has of each percentile the largest of all series", () => {
  const all = [
    series("a", [slice(60, 1, { percentile_50: 5, percentile_95: 30 })]),
    series("b", [slice(60, 1, { percentile_50: 7, percentile_95: 20 }), slice(120, 1)]),
  ];
  expect(hasPercentiles(all)).toBe(true);
  expect(percentileLines(all, 60).series.map(({ label, values }) => [label, values])).toEqual([
    ["p50", [7, null]],
    ["p90", [null, null]],
    ["p95", [30, null]],
    ["p99", [null, null]],
  ]);
  expect(hasPercentiles([series("a", [slice(60, 1)])])).toBe(false);
});
