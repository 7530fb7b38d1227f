import { expect, test } from "vitest";
import { businessLine, eventLine, type PreviewSource, previewSource, systemLine } from "./preview-lines.ts";
import { blankCondition, FIRST_RULE } from "./rule-draft.ts";

const source: PreviewSource = {
  kind: "system",
  name: "cpu_usage",
  threshold: 80,
  aggregation: "avg",
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

test("slices in which no event came are zero", () => {
  const counts = [{ time: 600, counts: { error_event: 4, decision: 9 } }];
  const line = eventLine(counts, { ...source, kind: "events", name: "error_event" }, 310, 1_000);
  expect(line).toEqual({ times: [300, 600, 900], values: [0, 4, 0] });
  expect(eventLine(counts, { ...source, name: "constructor" }, 600, 900).values).toEqual([0]);
});

test("series are put together as the rule does it", () => {
  const both = [series([slice(0, 1, 10), slice(300, 2, 20, 30)]), series([slice(0, 3, 50, 60)])];
  const of = (aggregation: string) => systemLine(both, { ...source, aggregation }).values;
  expect(of("avg")).toEqual([40, 20]);
  expect(of("max")).toEqual([60, 30]);
  expect(of("sum")).toEqual([160, 40]);
  expect(of("count")).toEqual([4, 2]);
  expect(of("p95")).toEqual([95, 95]);
  expect(of("p99")).toEqual([50, 20]);
});

test("series of another unit or with other labels are left out", () => {
  const all = [
    series([slice(0, 1, 1)], { tags: { region: "eu" } }),
    series([slice(0, 1, 3)], { tags: { region: "us" } }),
    series([slice(0, 1, 100)], { metric_unit: "ms" }),
  ];
  expect(systemLine(all, { ...source, unit: "%", labels: { region: "us" } }).values).toEqual([3]);
});

test("business records stand at the time of their recording, in order", () => {
  const record = (metric_timestamp: string, metric_value: string) => ({ metric_timestamp, metric_value, tags: null });
  const records = [
    record("1970-01-01T00:10:00.000000Z", "2.50"),
    record("1970-01-01T00:05:00.000000Z", "-1"),
    record("1970-01-01T01:00:00.000000Z", "9"),
  ] as unknown as Parameters<typeof businessLine>[0];
  expect(businessLine(records, source, 0, 1_000)).toEqual({ times: [300, 600], values: [-1, 2.5] });
});
