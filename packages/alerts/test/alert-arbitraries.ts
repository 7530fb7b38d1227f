// Rules and streams at random, and an engine on a clock of the test's own.
import type { MetricSample } from "@tracebook/store";
import fc from "fast-check";
import type { AlertRule } from "../src/rules/alert-rule.ts";
import { parseAlertRule } from "../src/rules/parse-rule.ts";
import type { MemoryEvent } from "./memory-feed.ts";

/** The second at which streams begin. */
export const START = Date.parse("2026-11-20T12:00:00Z") / 1_000;

const frame = {
  severity: fc.constantFrom("warning", "critical"),
  for_seconds: fc.constantFrom(0, 0, 1, 3),
  notification_channels: fc.constantFrom([], ["slack"], ["slack", "email"]),
};
const operator = fc.constantFrom(">", ">=", "<", "<=", "==", "!=");
const windowMinutes = fc.integer({ min: 1, max: 8 }).map((seconds) => seconds / 60);
const symbol = fc.constantFrom("A", "B");

const thresholdRule = fc.record({
  ...frame,
  rule_type: fc.constant("metric_threshold"),
  condition_config: fc.record({
    metric: fc.constant("load"),
    labels: fc.constantFrom({}, { host: "h1" }),
    operator,
    threshold: fc.constantFrom(0.3, 0.5, 1, 2),
    time_window_minutes: windowMinutes,
    aggregation: fc.constantFrom("avg", "sum", "min", "max", "count", "rate", "p50", "p90", "p95", "p99"),
    divided_by: fc.constantFrom(null, null, { metric: "load", labels: { host: ["h1", "h2"] } }),
  }),
});

const levelRule = fc.record({
  ...frame,
  rule_type: fc.constant("metric_threshold"),
  condition_config: fc.record({
    metric: fc.constant("level"),
    labels: fc.constantFrom({}, { host: ["h1", "h2"] }),
    operator,
    threshold: fc.constantFrom(0, 0.3, "0.5", 1, 2),
    time_window_minutes: windowMinutes,
    aggregation: fc.constant("last"),
    across: fc.constantFrom("sum", "max", "min", "avg"),
    remember_minutes: fc.constantFrom(null, 9 / 60, 20 / 60),
    divided_by: fc.constantFrom(null, null, { metric: "load" }),
  }),
});

const frequencyRule = fc.record({
  ...frame,
  rule_type: fc.constant("event_frequency"),
  condition_config: fc.record({
    event_type: fc.constant("error_event"),
    symbol: fc.option(symbol, { nil: null }),
    fields: fc.constantFrom({}, { venue: "x" }, { severity: "error+" }),
    operator,
    threshold: fc.integer({ min: 1, max: 4 }),
    time_window_minutes: windowMinutes,
  }),
});

const absenceRule = fc.record({
  ...frame,
  rule_type: fc.constant("data_absence"),
  condition_config: fc.record({
    stream: fc.constantFrom(
      { event_type: "error_event" },
      { metric: "load" },
      { event_type: "error_event", symbol: "A" },
    ),
    absent_for_seconds: fc.integer({ min: 1, max: 6 }),
    calendar: fc.constantFrom("always", { time_zone: "UTC", days: ["fri"], open: "12:00", close: "12:01" }),
  }),
});

/** A rule of any type over `error_event`, `load` and `level`, with windows of a few seconds. */
export const anyRule: fc.Arbitrary<AlertRule> = fc
  .oneof(thresholdRule, levelRule, frequencyRule, absenceRule)
  // Some of them always hold, or never: these are refused, and not of interest here.
  .map((given) => {
    try {
      return parseAlertRule({ rule_name: "Any", ...given });
    } catch {
      return undefined;
    }
  })
  .filter((rule) => rule !== undefined);

const event: fc.Arbitrary<MemoryEvent> = fc.record({
  eventType: fc.constant("error_event"),
  second: fc.integer({ min: START, max: START + 90 }),
  symbol: fc.option(symbol, { nil: null }),
  severityNumber: fc.constantFrom(9, 17),
  fields: fc.constantFrom({}, { venue: "x" }, { venue: "y" }),
});

/** What does not add up exactly is among the values. */
const sample: fc.Arbitrary<MetricSample> = fc.record({
  source: fc.constantFrom("otlp", "system_metric"),
  metric: fc.constantFrom("load", "load", "level"),
  unit: fc.constant("1"),
  labels: fc.constantFrom({}, { host: "h1" }, { host: "h2" }),
  second: fc.integer({ min: START, max: START + 90 }),
  value: fc.constantFrom(0.1, 0.2, 0.3, 0.7, 1, 2),
  exact: fc.constant(null),
  buckets: fc.constantFrom(null, null, null, { count: 3, bounds: [0.5, 1], counts: [1, 1, 1] }),
  percentiles: fc.constantFrom(null, null, null, { p95: 1.5 }),
});

/** A minute and a half of events and samples, in the order of their time. */
export const anyStream: fc.Arbitrary<readonly (MemoryEvent | MetricSample)[]> = fc
  .array(fc.oneof(event, sample), { maxLength: 80 })
  .map((items) => [...items].sort((a, b) => a.second - b.second));
