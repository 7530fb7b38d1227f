import { expect, test } from "vitest";
import { businessLines, eventLines, systemLines } from "./preview-lines.ts";
import { type PreviewSource, previewSource } from "./preview-source.ts";
import { blankCondition, FIRST_RULE } from "./rule-draft.ts";

const source: PreviewSource = {
  kind: "system",
  name: "cpu_usage",
  threshold: 80,
  aggregation: "avg",
  across: "sum",
  by: [],
  divisor: undefined,
  unit: undefined,
  symbol: undefined,
  labels: {},
  stepSeconds: 300,
};
const slice = (time: number, samples: number, avg_value: number, max_value = avg_value) => ({
  ...{ time, samples, avg_value, max_value },
  ...{ percentile_50: null, percentile_90: null, percentile_95: 95, percentile_99: null },
});
const series = (slices: readonly ReturnType<typeof slice>[], more: object = {}) => ({
  ...{ service_name: "api", host_name: null, instance_id: null, tags: null, metric_type: "gauge", metric_unit: "%" },
  ...{ last_value: 0, last_timestamp: "", slices: [...slices] },
  ...more,
});

test("a rule says what it looks at, in slices as wide as its window", () => {
  expect(previewSource(FIRST_RULE)).toMatchObject({
    kind: "events",
    name: "error_event",
    threshold: 10,
    stepSeconds: 300,
  });
  const absence = { rule_type: "data_absence", ...blankCondition("data_absence") };
  expect(previewSource(absence)).toMatchObject({ kind: "events", name: "decision", threshold: undefined });
  const metric = { rule_type: "metric_threshold", ...blankCondition("metric_threshold") };
  expect(previewSource(metric)).toMatchObject({ kind: "system", name: "cpu_usage", aggregation: "avg" });
  expect(previewSource({ ...metric, source_type: "business_metric" })?.kind).toBe("business");
  expect(previewSource({ rule_type: "metric_threshold", condition_config: { metric: 4 } })).toBeUndefined();
});

test("a decimal threshold is drawn, and groups and what divides are said", () => {
  const rule = {
    rule_type: "metric_threshold",
    source_type: "business_metric",
    condition_config: {
      ...{ metric: "loss", threshold: "1000.10", aggregation: "last", across: "max", by: ["symbol"] },
      divided_by: { metric: "limit", labels: { book: "a" } },
    },
  };
  expect(previewSource(rule)).toMatchObject({
    ...{ threshold: 1_000.1, across: "max", by: ["symbol"] },
    divisor: { name: "limit", labels: { book: "a" } },
  });
});

test("slices in which no event came are zero", () => {
  const counts = [{ time: 600, counts: { error_event: 4, decision: 9 } }];
  const { times, lines } = eventLines(counts, { ...source, kind: "events", name: "error_event" }, 310, 1_000);
  expect([times, lines.map(({ values }) => values)]).toEqual([[300, 600, 900], [[0, 4, 0]]]);
  expect(eventLines(counts, { ...source, name: "constructor" }, 600, 900).lines[0]?.values).toEqual([0]);
});

test("series are put together as the rule does it", () => {
  const both = [series([slice(0, 1, 10), slice(300, 2, 20, 30)]), series([slice(0, 3, 50, 60)])];
  const of = (aggregation: string, across = "sum") =>
    systemLines(both, [], { ...source, aggregation, across }).lines[0]?.values;
  expect(of("avg")).toEqual([40, 20]);
  expect(of("max")).toEqual([60, 30]);
  expect(of("sum")).toEqual([160, 40]);
  expect(of("count")).toEqual([4, 2]);
  expect(of("p95")).toEqual([95, 95]);
  expect(of("p99")).toEqual([50, 20]);
  expect(of("rate")?.map((value) => value && value * 300)).toEqual([160, 40]);
  expect([of("last"), of("last", "max"), of("last", "avg")]).toEqual([
    [60, 20],
    [50, 20],
    [30, 20],
  ]);
});

test("series of another unit or with other labels are left out; a list means any of its values", () => {
  const all = [
    series([slice(0, 1, 1)], { tags: { region: "eu" } }),
    series([slice(0, 1, 3)], { tags: { region: "us" } }),
    series([slice(0, 1, 5)], { tags: { region: "ap" } }),
    series([slice(0, 1, 100)], { metric_unit: "ms" }),
  ];
  const valuesWith = (region: unknown) =>
    systemLines(all, [], { ...source, unit: "%", labels: { region } }).lines.map(({ values }) => values);
  expect(valuesWith("us")).toEqual([[3]]);
  expect(valuesWith(["us", "ap"])).toEqual([[4]]);
});

test("each group has a line of its own, over the times of all; without the label it is the empty one", () => {
  const all = [
    series([slice(0, 1, 1), slice(300, 1, 2)], { tags: { symbol: "BTC/USDT" } }),
    series([slice(300, 1, 7)], { tags: { symbol: "ETH/USDT" } }),
    series([slice(0, 1, 5)]),
  ];
  expect(systemLines(all, [], { ...source, by: ["symbol"] })).toEqual({
    times: [0, 300],
    lines: [
      { labels: { symbol: "BTC/USDT" }, values: [1, 2] },
      { labels: { symbol: "ETH/USDT" }, values: [null, 7] },
      { labels: { symbol: "" }, values: [5, null] },
    ],
  });
});

test("a ratio has a value where there is a divisor; what is not there to be divided is 0 of sums alone", () => {
  const of = (symbol: string, value: number) => series([slice(0, 1, value)], { tags: { symbol } });
  const [used, limits] = [
    [of("a", 3), of("gone", 1)],
    [of("a", 4), of("b", 2), of("zero", 0)],
  ];
  const ratio = (aggregation: string) =>
    systemLines(used, limits, {
      ...{ ...source, aggregation, by: ["symbol"], unit: "1" },
      divisor: { name: "limit", labels: {} },
    }).lines.map(({ labels, values }) => [labels["symbol"], values[0]]);
  expect(ratio("sum")).toEqual([
    ["a", 0.75],
    ["b", 0],
    ["zero", null],
  ]);
  expect(ratio("avg")).toEqual([
    ["a", 0.75],
    ["b", null],
    ["zero", null],
  ]);
});

test("business records stand at the time of their recording, in order", () => {
  const lines = businessLines(records(["10", "2.50"], ["05", "-1"], ["59", "9"]), [], source, 0, 1_000);
  expect(lines).toEqual({ times: [300, 600], lines: [{ labels: {}, values: [-1, 2.5] }] });
});

test("a group of business records holds its value until the next one", () => {
  const all = [
    ...records(["10", "4"], ["02", "1"]),
    ...records(["05", "7"]).map((one) => ({ ...one, currency: "EUR" })),
  ];
  expect(businessLines(all, [], { ...source, by: ["currency"] }, 0, 1_000)).toEqual({
    times: [120, 300, 600],
    lines: [
      { labels: { currency: "USD" }, values: [1, 1, 4] },
      { labels: { currency: "EUR" }, values: [null, 7, 7] },
    ],
  });
  const divisor = { name: "limit", labels: {} };
  const ratio = businessLines(records(["05", "1"]), records(["02", "4"]), { ...source, divisor }, 0, 1_000);
  expect(ratio).toEqual({ times: [120, 300], lines: [{ labels: {}, values: [null, 0.25] }] });
});

/** Newest first, as they come; minutes of the first hour of 1970, and amounts. */
function records(...of: readonly (readonly [string, string])[]): Parameters<typeof businessLines>[0] {
  return of.map(([minute, metric_value]) => ({
    metric_timestamp: `1970-01-01T00:${minute}:00.000000Z`,
    ...{ metric_value, currency: "USD", tags: null },
  })) as unknown as Parameters<typeof businessLines>[0];
}
