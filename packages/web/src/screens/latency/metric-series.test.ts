import { describe, expect, test } from "vitest";
import {
  type HistogramSeries,
  histogramTotals,
  labelChoices,
  largestFirst,
  mergeHistograms,
  type NumberSeries,
  numberTotals,
  seriesNames,
} from "./metric-series.ts";

const number = (labels: Record<string, string>, values: number[], service: string | null = "bot"): NumberSeries => ({
  labels,
  instance_id: "i-1",
  service_name: service,
  type: "sum",
  unit: "1",
  slices: values.map((value, i) => ({ time: i * 60, value })),
});

const histogram = (labels: Record<string, string>, bounds: number[], counts: number[][]): HistogramSeries => ({
  labels,
  bounds,
  slices: counts.map((list, i) => ({
    time: i * 60,
    count: list.reduce((a, b) => a + b, 0),
    sum: 6,
    bucket_counts: list,
  })),
});

test("a filter can choose from the labels of all series and their values", () => {
  const choices = labelChoices([{ labels: { symbol: "ETH", decision: "ACCEPT" } }, { labels: { symbol: "BTC" } }]);
  expect([...choices]).toEqual([
    ["decision", ["ACCEPT"]],
    ["symbol", ["BTC", "ETH"]],
  ]);
});

describe("series are named", () => {
  test("by the labels in which they differ", () => {
    expect(
      seriesNames([number({ flow: "tick", symbol: "BTC" }, []), number({ flow: "tick", symbol: "ETH" }, [])]),
    ).toEqual(["BTC", "ETH"]);
    expect(seriesNames([number({ symbol: "BTC" }, []), number({ symbol: "BTC", market: "spot" }, [])])).toEqual([
      "BTC",
      "spot",
    ]);
  });

  test("by their service where the labels do not tell", () => {
    expect(seriesNames([number({}, [], "bot"), number({}, [], "exchange")])).toEqual(["bot", "exchange"]);
    expect(seriesNames([number({ symbol: "BTC" }, [], "bot"), number({ symbol: "BTC" }, [], "exchange")])).toEqual([
      "BTC · bot",
      "BTC · exchange",
    ]);
  });

  test("by numbers where nothing tells", () => {
    expect(seriesNames([number({}, [], null), number({}, [], null)])).toEqual(["i-1", "i-1 (2)"]);
    expect(seriesNames([{ labels: {} }, { labels: {} }])).toEqual(["value", "value (2)"]);
  });
});

test("the largest series come first, whatever their sign and whatever is no number", () => {
  const small = number({ n: "small" }, [1, 2]);
  const negative = number({ n: "negative" }, [-50, Number.NaN]);
  expect(largestFirst([small, negative])).toEqual([negative, small]);
});

test("histograms of the same bounds are put together slice by slice; others are left out", () => {
  const merged = mergeHistograms([
    histogram(
      { stage: "a" },
      [10, 20],
      [
        [2, 0, 0],
        [0, 4, 0],
      ],
    ),
    histogram({ stage: "b" }, [10, 20], [[0, 2, 0]]),
    histogram({ stage: "c" }, [99], [[7, 7]]),
  ])!;
  expect(merged.slices.map(({ time, count, bucket_counts: counts }) => [time, count, counts])).toEqual([
    [0, 4, [2, 2, 0]],
    [60, 4, [0, 4, 0]],
  ]);
  expect(merged.slices[0]?.percentiles[0]).toBe(10);
  expect(mergeHistograms([])).toBeUndefined();
});

test("the totals of a series are those of the whole range", () => {
  const totals = histogramTotals(
    histogram(
      {},
      [10, 20],
      [
        [2, 0, 0],
        [0, 2, 0],
      ],
    ),
  );
  expect([totals.count, totals.mean, totals.percentiles[0]]).toEqual([4, 3, 10]);
  expect(histogramTotals(histogram({}, [10], [])).mean).toBeUndefined();
  expect(numberTotals(number({}, [3, -1, Number.NaN, 2]))).toEqual({ last: 2, sum: 4, least: -1, most: 3 });
  expect(numberTotals(number({}, []))).toEqual({ last: undefined, sum: 0, least: undefined, most: undefined });
});
