import { metricCatalogue } from "@tracebook/metrics";
import fc from "fast-check";
import { expect, it } from "vitest";
import type { AlertRule } from "../rules/alert-rule.ts";
import { parseAlertRule } from "../rules/parse-rule.ts";
import { AlertRuleError } from "../rules/rule-error.ts";
import { fromPrometheusRules } from "./from-prometheus.ts";
import { toPrometheusRules } from "./to-prometheus.ts";

/** Those that count events come back as rules about events. */
const COUNTERS_OF_EVENTS = ["trading_events_total", "trading_decisions_total"];
const metrics = Object.values(metricCatalogue()).filter(({ name }) => !COUNTERS_OF_EVENTS.includes(name));
const AGGREGATIONS = ["avg", "sum", "min", "max", "count", "p50", "p90", "p95", "p99"] as const;

const hostile = fc.constantFrom(
  '"',
  "\\",
  "\n",
  "\0",
  "{{",
  "}}",
  "{{value}}",
  "{{ $value }}",
  "漢字",
  "#",
  ": ",
  "- ",
  "",
);
const text = fc
  .array(fc.oneof(hostile, fc.string({ unit: "grapheme", maxLength: 8 })), { maxLength: 4 })
  .map((all) => all.join(""));
const named = text.map((rest) => `A${rest.replaceAll(/[{}]/g, "")}`);
const label = fc.stringMatching(/^[a-z][a-z0-9_]{0,8}$/).map((name) => `l_${name}`);

const frame = fc.record({
  rule_name: named,
  rule_id: fc.stringMatching(/^[a-z][a-z0-9.:-]{0,10}$/),
  for_seconds: fc.integer({ min: 0, max: 86_400 }),
  severity: fc.constantFrom("info", "warning", "error", "critical"),
  labels: fc.dictionary(label, text, { maxKeys: 3, noNullPrototype: true }),
  annotations: fc.dictionary(
    label,
    text.map((one) => one.replaceAll(/[{}]/g, "")),
    { maxKeys: 2, noNullPrototype: true },
  ),
  notification_channels: fc.uniqueArray(fc.constantFrom("slack", "email", "pagerduty"), { maxLength: 2 }),
  license_id: fc.option(fc.constantFrom("lic-1", "lic {{2")),
});
const comparison = fc.record({
  operator: fc.constantFrom(">", ">=", "<", "<=", "==", "!="),
  // -0 and 0 are the same threshold.
  threshold: fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => value + 0),
  time_window_minutes: fc.integer({ min: 1, max: 86_400 }).map((seconds) => seconds / 60),
});
const metricCondition = fc.constantFrom(...metrics).chain((metric) =>
  fc.record({
    metric: fc.constant(metric.name),
    aggregation: fc.constantFrom(...AGGREGATIONS),
    labels: fc
      .subarray([...metric.labels, "service_name"])
      .chain((names) => fc.tuple(...names.map((name) => text.map((value) => [name, value] as const))))
      .map((entries) => Object.fromEntries(entries)),
  }),
);
const eventCondition = fc.oneof(
  fc.record({ event_type: text.map((rest) => `e${rest}`) }),
  fc.record(
    {
      event_type: fc.constant("decision"),
      symbol: fc.constantFrom("BTC/USDT", 'a"b'),
      fields: fc.record({ strategy: text }),
    },
    { requiredKeys: ["event_type", "fields"] },
  ),
);
const described = fc.oneof(
  fc.tuple(frame, metricCondition, comparison).map(([one, condition, compared]) => ({
    ...one,
    rule_type: "metric_threshold",
    condition_config: { ...condition, ...compared },
  })),
  fc.tuple(frame, eventCondition, comparison).map(([one, condition, compared]) => ({
    ...one,
    rule_type: "event_frequency",
    condition_config: { ...condition, ...compared },
  })),
);

/** The rule, where it is one. */
function ruleOf(value: object): AlertRule | undefined {
  try {
    return parseAlertRule(value);
  } catch (error) {
    if (error instanceof AlertRuleError) return undefined;
    throw error;
  }
}

it("a rule that Prometheus can say comes back as it was", () => {
  let written = 0;
  fc.assert(
    fc.property(described, (value) => {
      const rule = ruleOf(value);
      if (rule === undefined) return;
      const { yaml, left_out } = toPrometheusRules([rule]);
      if (left_out.length > 0) return;
      written++;
      expect(fromPrometheusRules(yaml)).toEqual({ rules: [rule], refused: [] });
    }),
    { numRuns: 500 },
  );
  expect(written).toBeGreaterThan(100);
});

it("whatever an expression is, it is a rule or refused with a reason, and a rule says it again in words that come to the same rule", () => {
  const word = fc.constantFrom(
    ...[
      "sum",
      "max",
      "avg",
      "(",
      "(",
      ")",
      ")",
      "[5m]",
      "{",
      "}",
      'type="x"',
      "by",
      "(le)",
      "or",
      "vector(0)",
      "unless",
      "> 1",
      "1 <",
      "-",
      "/",
    ],
    ...[
      "increase(",
      "rate(",
      "max_over_time(",
      "histogram_quantile(0.5,",
      "cpu_usage",
      "bot_updates_total",
      "market_data_lag_seconds_bucket",
    ],
  );
  const expr = fc.oneof(
    fc.array(word, { maxLength: 14 }).map((words) => words.join(" ")),
    fc.string({ unit: "grapheme" }),
  );
  fc.assert(
    fc.property(expr, (one) => {
      const file = `groups: [{ name: g, rules: [{ alert: A, expr: ${JSON.stringify(one)} }] }]`;
      const { rules, refused } = fromPrometheusRules(file);
      expect(rules.length + refused.length).toBe(1);
      expect(fromPrometheusRules(toPrometheusRules(rules).yaml).rules).toEqual(rules);
    }),
    { numRuns: 500 },
  );
});
