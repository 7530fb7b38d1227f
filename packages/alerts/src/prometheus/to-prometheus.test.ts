import { defineMetric } from "@tracebook/metrics";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { checkRules, hasPromtool } from "../../test/promtool.ts";
import type { AlertRule } from "../rules/alert-rule.ts";
import { parseAlertRule } from "../rules/parse-rule.ts";
import { fromPrometheusRules } from "./from-prometheus.ts";
import { toPrometheusRules } from "./to-prometheus.ts";

function metricRule(condition_config: object, more: object = {}): AlertRule {
  return parseAlertRule({
    rule_name: "A rule",
    rule_type: "metric_threshold",
    severity: "error",
    condition_config,
    ...more,
  });
}

function eventRule(condition_config: object): AlertRule {
  return parseAlertRule({ rule_name: "A rule", rule_type: "event_frequency", severity: "error", condition_config });
}

function alertsOf(yaml: string): readonly Readonly<Record<string, unknown>>[] {
  return (parse(yaml) as { groups: { rules: Record<string, unknown>[] }[] }).groups.flatMap(({ rules }) => rules);
}

const exprOf = (rule: AlertRule) => alertsOf(toPrometheusRules([rule]).yaml)[0]?.["expr"];
const leftOut = (rule: AlertRule) => toPrometheusRules([rule]).left_out[0]?.remark;

describe("a rule for Prometheus", () => {
  const GROWN = "(bot_x unless last_over_time(bot_x[5m] offset 5m)) or increase(bot_x[5m])";
  const grown = (selector: string) => GROWN.replaceAll("bot_x", selector);

  it.each([
    [{ metric: "cpu_usage", operator: ">", threshold: 90 }, "avg(avg_over_time(cpu_usage[5m])) > 90"],
    [
      { metric: "memory_usage", operator: "<", threshold: 0.5, unit: "1", aggregation: "min", time_window_minutes: 60 },
      "min(min_over_time(memory_usage[1h])) < 50",
    ],
    [
      { metric: "redis_connection_errors_total", operator: ">", threshold: 3, aggregation: "sum" },
      `sum(${grown("redis_connection_errors_total")}) > 3`,
    ],
    [
      {
        metric: "market_data_lag_seconds",
        operator: ">",
        threshold: 250,
        unit: "ms",
        aggregation: "p95",
        labels: { source: 'a"\\\n' },
      },
      'histogram_quantile(0.95, sum by (le) (rate(market_data_lag_seconds_bucket{source="a\\"\\\\\\x0a"}[5m]))) > 0.25',
    ],
    [
      {
        metric: "http.server.request.duration",
        operator: ">",
        threshold: 1,
        labels: { "http.route": "/x", service_name: "bot" },
      },
      'sum(rate(http_server_request_duration_sum{http_route="/x",job="bot"}[5m])) / sum(rate(http_server_request_duration_count{http_route="/x",job="bot"}[5m])) > 1',
    ],
    [
      { metric: "market_data_lag_seconds", operator: "<", threshold: 5, aggregation: "count" },
      `(sum(${grown("market_data_lag_seconds_count")}) or vector(0)) < 5`,
    ],
    [
      { metric: "market_data_lag_seconds", operator: "<", threshold: 5, aggregation: "count", by: ["source"] },
      `sum by (source) (${grown("market_data_lag_seconds_count")}) < 5`,
    ],
    [
      {
        metric: "market_data_lag_seconds",
        operator: ">",
        threshold: 5,
        aggregation: "p95",
        by: ["service_name", "source"],
      },
      "histogram_quantile(0.95, sum by (job, source, le) (rate(market_data_lag_seconds_bucket[5m]))) > 5",
    ],
    [
      { metric: "http.server.request.duration", operator: ">", threshold: 1, by: ["http.route", "instance_id"] },
      "sum by (http_route, instance) (rate(http_server_request_duration_sum[5m])) / sum by (http_route, instance) (rate(http_server_request_duration_count[5m])) > 1",
    ],
    [
      { metric: "cpu_usage", operator: "<=", threshold: 90, aggregation: "p50", by: ["instance_id"] },
      "min by (instance) (quantile_over_time(0.5, cpu_usage[5m])) <= 90",
    ],
    [
      {
        metric: "redis_connection_errors_total",
        operator: ">",
        threshold: "0.10",
        aggregation: "rate",
        by: ["service_name"],
      },
      "sum by (job) (rate(redis_connection_errors_total[5m])) > 0.1",
    ],
    [
      {
        metric: "tvtelegrambingx_signal_queue_depth",
        operator: ">",
        threshold: 10,
        aggregation: "last",
        across: "max",
        by: ["service_name"],
        time_window_minutes: 1.5,
      },
      "max by (job) (last_over_time(tvtelegrambingx_signal_queue_depth[90s])) > 10",
    ],
    [
      {
        metric: "trading_bots_active_total",
        labels: { status: ["running", "pau.sed|"] },
        operator: "==",
        threshold: 0,
        aggregation: "last",
        remember_minutes: 360,
      },
      '(sum(last_over_time(trading_bots_active_total{status=~"running|pau\\\\.sed\\\\|"}[5m])) or 0 * sum(last_over_time(trading_bots_active_total{status=~"running|pau\\\\.sed\\\\|"}[6h]))) == 0',
    ],
    [
      {
        metric: "redis_operations_total",
        labels: { status: "error" },
        operator: ">",
        threshold: 0.5,
        aggregation: "sum",
        by: ["service_name"],
        divided_by: { metric: "redis_operations_total" },
      },
      `sum by (job) (${grown('redis_operations_total{status="error"}')}) / (sum by (job) (${grown("redis_operations_total")}) != 0) > 0.5`,
    ],
    [
      {
        metric: "redis_operations_total",
        labels: { status: "success" },
        operator: "<",
        threshold: 0.5,
        aggregation: "rate",
        divided_by: { metric: "redis_operations_total" },
      },
      '(sum(rate(redis_operations_total{status="success"}[5m])) or 0 * sum(rate(redis_operations_total[5m]))) / (sum(rate(redis_operations_total[5m])) != 0) < 0.5',
    ],
  ])("about %o is an expression by the kind of its metric", (condition, expected) => {
    expect(exprOf(metricRule(condition))).toBe(expected);
  });

  it("about events takes the counter that counts them; a condition that holds without any sees 0", () => {
    expect(exprOf(eventRule({ event_type: "error_event", threshold: 10 }))).toBe(
      `sum(${grown('trading_events_total{event_type="error_event"}')}) >= 10`,
    );
    const rejected = eventRule({
      event_type: "decision",
      symbol: "BTC/USDT",
      fields: { decision: "REJECT" },
      operator: "<",
      threshold: 2,
    });
    expect(exprOf(rejected)).toBe(
      `(sum(${grown('trading_decisions_total{decision="REJECT",symbol="BTC/USDT"}')}) or vector(0)) < 2`,
    );
    expect(leftOut(eventRule({ event_type: "error_event", fields: { user_id: "1" }, threshold: 1 }))).toContain(
      "no counter tells events of error_event apart by user_id",
    );
  });

  it("has wait, severity, labels and annotations; what only looks like a template stays text", () => {
    const rule = metricRule(
      { metric: "cpu_usage", operator: ">", threshold: 90 },
      {
        rule_name: "High CPU",
        for_seconds: 120,
        labels: { team: "{{ platform }}" },
        annotations: {
          summary: "{{rule_name}}: {{value}} above {{threshold}}, {{labels.team}}, {{labels.none}}, {{ $x }}",
        },
        notification_channels: ["slack"],
        notification_config: { slack: { url: "https://hooks.example/planted" } },
        license_id: "lic-1",
      },
    );
    const { yaml, notes } = toPrometheusRules([rule]);
    expect(alertsOf(yaml)).toEqual([
      {
        alert: "High CPU",
        expr: "avg(avg_over_time(cpu_usage[5m])) > 90",
        for: "2m",
        labels: { severity: "error", team: '{{ "{{" }} platform }}' },
        annotations: {
          summary: 'High CPU: {{ $value }} above 90, {{ "{{" }} platform }}, {{ "{{labels.none}}" }}, {{ "{{" }} $x }}',
          tracebook_rule_id: "high-cpu",
          tracebook_channels: '["slack"]',
          tracebook_license_id: "lic-1",
        },
      },
    ]);
    expect(yaml).not.toContain("planted");
    expect(notes[0]?.remark).toContain("notification_config is left out");
  });

  it.each([
    [
      metricRule({ metric: "cpu_usage", operator: ">", threshold: 1, aggregation: "sum" }),
      "depends on how often it is scraped",
    ],
    [metricRule({ metric: "trading_bot_trades_total", operator: ">", threshold: 1 }), "sum is what came in the window"],
    [metricRule({ metric: "trading_bot_trades_total", operator: "==", threshold: 1, aggregation: "sum" }), ">= does"],
    [metricRule({ metric: "cpu_usage", operator: ">", threshold: 1, unit: "ms" }), "in ms, and cpu_usage is in %"],
    [
      metricRule({ metric: "cpu_usage", operator: ">", threshold: 1, labels: { host_name: "i" } }),
      "has no label host_name in Prometheus; it has service_name, instance_id",
    ],
    [metricRule({ metric: "cpu_usage", operator: ">", threshold: 1, by: ["symbol"] }), "has no label symbol"],
    [
      metricRule({ metric: "cpu_usage", operator: ">", threshold: 1, by: ["service_name"] }, { labels: { job: "x" } }),
      "its label job is what Prometheus tells its alerts apart by",
    ],
    [
      metricRule({
        metric: "cpu_usage",
        operator: ">",
        threshold: 1,
        aggregation: "sum",
        divided_by: { metric: "memory_usage" },
      }),
      "depends on how often it is scraped",
    ],
    [
      metricRule({ metric: "market_data_lag_seconds", operator: ">", threshold: 1, aggregation: "last" }),
      "a histogram",
    ],
    [metricRule({ metric: "trading_bot_trades_total", operator: ">", threshold: 1, aggregation: "last" }), "a counter"],
    [metricRule({ metric: "cpu_usage", operator: ">", threshold: 1 }, { labels: { "a-b": "" } }), "a_b is"],
    [metricRule({ metric: "cpu_usage", operator: ">", threshold: 1 }, { is_active: false }), "not active"],
    [
      metricRule({ metric: "x", operator: ">", threshold: 1 }, { source_type: "business_metric" }),
      "business_metric_value",
    ],
    [
      parseAlertRule({
        rule_name: "Quiet",
        rule_type: "data_absence",
        severity: "error",
        condition_config: { stream: { event_type: "tick" }, absent_for_seconds: 60 },
      }),
      "trading calendar",
    ],
  ])("is left out with the reason where Prometheus has no equal: %#", (rule, reason) => {
    expect(leftOut(rule)).toContain(reason);
    expect(alertsOf(toPrometheusRules([rule]).yaml)).toEqual([]);
  });

  it("has in its texts what tells its alerts apart, by the names that Prometheus has", () => {
    const rule = metricRule(
      { metric: "http.server.request.duration", operator: ">", threshold: 1, by: ["service_name", "http.route"] },
      {
        labels: { team: "web" },
        annotations: { summary: "{{labels.http.route}} of {{labels.service_name}} ({{labels.team}}): {{value}} s" },
      },
    );
    const { alerts, yaml } = toPrometheusRules([rule]);
    expect(alerts[0]?.annotations["summary"]).toBe(
      "{{ $labels.http_route }} of {{ $labels.job }} (web): {{ $value }} s",
    );
    const [again] = fromPrometheusRules(yaml).rules;
    expect(again?.annotations["summary"]).toBe("{{labels.http.route}} of {{labels.service_name}} (web): {{value}} s");
  });

  it("about a metric of the host's own takes its definition", () => {
    const metric = defineMetric({
      name: "funding.paid",
      kind: "counter",
      unit: "{USD}",
      labels: ["symbol"],
      help: "Paid.",
    });
    const rule = metricRule({ metric: "funding.paid", operator: ">", threshold: 1, aggregation: "sum" });
    const { yaml } = toPrometheusRules([rule], { metrics: [metric] });
    expect(alertsOf(yaml)[0]?.["expr"]).toBe(`sum(${grown("funding_paid")}) > 1`);
    expect(fromPrometheusRules(yaml, { metrics: [metric] }).rules).toEqual([rule]);
  });
});

it.skipIf(!hasPromtool)("promtool finds nothing wrong with what is written", () => {
  const rules = [
    metricRule(
      { metric: "cpu_usage", operator: ">", threshold: 1e-7, aggregation: "p99" },
      { rule_id: "a", rule_name: 'C"P\\U' },
    ),
    metricRule(
      { metric: "market_data_lag_seconds", operator: "!=", threshold: -0.5, labels: { source: '\u0000"\n\\' } },
      {
        rule_id: "b",
        rule_name: "B",
        annotations: { summary: "{{value}} {{ {{labels.x}} }}" },
        labels: { team: "{{ x" },
      },
    ),
    metricRule(
      { metric: "market_data_lag_seconds", operator: "<", threshold: 5, aggregation: "count" },
      { rule_id: "c", rule_name: "Few updates" },
    ),
    eventRule({ event_type: "error_event", threshold: 10 }),
  ];
  const { yaml, left_out } = toPrometheusRules(rules);
  expect(left_out).toEqual([]);
  expect(checkRules(yaml)).toMatchObject({ status: 0, said: expect.stringMatching(/SUCCESS: 4 rules found\s*$/) });
});
