import { type MetricDefinition, metricCatalogue } from "@tracebook/metrics";
import fc from "fast-check";
import { expect, it } from "vitest";
import { checkRules, hasPromtool } from "../../test/promtool.ts";
import type { AlertRule } from "../rules/alert-rule.ts";
import { parseAlertRule } from "../rules/parse-rule.ts";
import { AlertRuleError } from "../rules/rule-error.ts";
import { fromPrometheusRules } from "./from-prometheus.ts";
import { toPrometheusRules } from "./to-prometheus.ts";

/** Those that count events come back as rules about events. */
const COUNTERS_OF_EVENTS = ["trading_events_total", "trading_decisions_total"];
const metrics = Object.values(metricCatalogue()).filter(({ name }) => !COUNTERS_OF_EVENTS.includes(name));
const AGGREGATIONS = ["avg", "sum", "min", "max", "count", "p50", "p90", "p95", "p99", "last", "rate"] as const;
/** Those that Prometheus has of some kinds come more often. */
const LIKELY = {
  gauge: ["last", "max"],
  updowncounter: ["last"],
  counter: ["sum", "rate"],
  histogram: ["count", "p95"],
};
const RESOURCE_LABELS = ["service_name", "instance_id"];

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
  "\u2028",
  "\u2029",
  "\u0085",
  "\ufffd",
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
const values = fc.oneof(text, fc.uniqueArray(text, { minLength: 2, maxLength: 4 }));
/** A metric, and some of its labels with values. */
const match = (metric: MetricDefinition) =>
  fc
    .subarray([...metric.labels, ...RESOURCE_LABELS])
    .chain((names) => fc.tuple(...names.map((name) => values.map((value) => [name, value] as const))))
    .map((entries) => ({ metric: metric.name, labels: Object.fromEntries(entries) }));
const remembered = fc.constantFrom(1_440, 1_439.5);
const metricCondition = fc.constantFrom(...metrics).chain((metric) =>
  fc
    .tuple(
      match(metric),
      fc.record({
        aggregation: fc.oneof(fc.constantFrom(...AGGREGATIONS), fc.constantFrom(...LIKELY[metric.kind])),
        by: fc.shuffledSubarray([...metric.labels, ...RESOURCE_LABELS]).map((names) => names.slice(0, 4)),
        across: fc.constantFrom(...(["sum", "max", "min", "avg"] as const)),
      }),
      fc.option(remembered, { nil: undefined, freq: 2 }),
      fc.option(fc.oneof(match(metric), fc.constantFrom(...metrics).chain(match)), { nil: undefined, freq: 2 }),
    )
    .map(([chosen, { across, ...how }, remember_minutes, divided_by]) => ({
      ...chosen,
      ...how,
      ...(how.aggregation === "last" ? { across, remember_minutes } : undefined),
      divided_by,
    })),
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
    // What tells its alerts apart may be in its texts.
    annotations: { ...one.annotations, summary: condition.by.map((name) => `at {{labels.${name}}} {{value}}`).join() },
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

/** Rules of a sample that Prometheus can say, with the file that says it. */
function written(value: object): { readonly rule: AlertRule; readonly yaml: string } | undefined {
  const rule = ruleOf(value);
  if (rule === undefined) return undefined;
  const { yaml, left_out } = toPrometheusRules([rule]);
  return left_out.length > 0 ? undefined : { rule, yaml };
}

it("a rule that Prometheus can say comes back as it was", () => {
  const seen = { plain: 0, grouped: 0, remembered: 0, divided: 0 };
  fc.assert(
    fc.property(described, (value) => {
      const found = written(value);
      if (found === undefined) return;
      const { condition_config: condition } = found.rule;
      seen.plain++;
      if ("by" in condition && condition.by.length > 0) seen.grouped++;
      if ("by" in condition && condition.remember_minutes !== undefined) seen.remembered++;
      if ("by" in condition && condition.divided_by !== undefined) seen.divided++;
      expect(fromPrometheusRules(found.yaml)).toEqual({ rules: [found.rule], refused: [] });
    }),
    { numRuns: 1_000 },
  );
  expect(Math.min(...Object.values(seen))).toBeGreaterThan(3);
  expect(seen.plain).toBeGreaterThan(200);
});

it.skipIf(!hasPromtool)("promtool finds nothing wrong with any of a thousand rules, whatever is in them", () => {
  const rules = fc
    .sample(described, 1_000)
    .flatMap((value, i) => written({ ...value, rule_id: `r${i}`, rule_name: `${i} ${value.rule_name}` })?.rule ?? []);
  expect(rules.length).toBeGreaterThan(200);
  expect(checkRules(toPrometheusRules(rules).yaml)).toMatchObject({
    status: 0,
    said: expect.stringContaining(`SUCCESS: ${rules.length} rules found`),
  });
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
      "!= 0",
      "0 *",
      'type=~"x|y"',
    ],
    ...[
      "increase(",
      "rate(",
      "max_over_time(",
      "last_over_time(",
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
    { numRuns: 1_000 },
  );
});
