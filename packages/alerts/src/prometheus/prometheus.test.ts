import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { defineMetric } from "@tracebook/metrics";
import { describe, expect, it, onTestFinished } from "vitest";
import { parse } from "yaml";
import type { AlertRule } from "../rules/alert-rule.ts";
import { parseAlertRule } from "../rules/parse-rule.ts";
import { fromPrometheusRules } from "./from-prometheus.ts";
import { toPrometheusRules } from "./to-prometheus.ts";

const hasPromtool = spawnSync("promtool", ["--version"]).status === 0;

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

function fileOf(expr: string, more = ""): string {
  return `groups:\n  - name: g\n    rules:\n      - alert: A\n        expr: ${JSON.stringify(expr)}\n${more}`;
}

const importOf = (expr: string, more?: string) => fromPrometheusRules(fileOf(expr, more));

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
      metricRule({ metric: "cpu_usage", operator: ">", threshold: 1, labels: { instance_id: "i" } }),
      "has no label instance_id",
    ],
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

describe("a rule of Prometheus", () => {
  it("is imported with its wait, severity and annotations, formatting left out", () => {
    const more = [
      "        for: 1h30m",
      "        labels: { severity: critical, team: platform }",
      "        annotations:",
      '          summary: "{{ $labels.job }} at {{ $value | humanizePercentage }}, {{ printf \\"%.1f\\" $value }}"',
    ].join("\n");
    const { rules, refused } = importOf("0.5 < max(max_over_time(cpu_usage[10m]))", more);
    expect(refused).toEqual([]);
    expect(rules[0]).toMatchObject({
      rule_id: "a",
      rule_type: "metric_threshold",
      for_seconds: 5_400,
      severity: "critical",
      labels: { team: "platform" },
      annotations: { summary: "{{labels.job}} at {{value}}, {{value}}" },
      condition_config: {
        metric: "cpu_usage",
        operator: ">",
        threshold: 0.5,
        aggregation: "max",
        time_window_minutes: 10,
      },
    });
  });

  it.each([
    ["sum(rate(redis_connection_errors_total[5m])) > 0.5", { aggregation: "sum", threshold: 150 }],
    ["sum by (job) (increase(redis_connection_errors_total[5m])) > 0", { aggregation: "sum", threshold: 0 }],
    ["max by (job) (max_over_time(cpu_usage[5m])) >= 90", { aggregation: "max" }],
    ["max_over_time(cpu_usage{job='bot'}[5m]) > 90 # why", { aggregation: "max", labels: { service_name: "bot" } }],
    ["histogram_quantile(1, sum(increase(market_data_lag_seconds_bucket[5m])) by (le)) > 3", { aggregation: "max" }],
  ])("%s is one", (expr, condition) => {
    const { rules, refused } = importOf(expr);
    expect(refused).toEqual([]);
    expect(rules[0]?.condition_config).toMatchObject(condition);
  });

  it.each([
    ["cpu_usage > 90", "of the moment; a rule has a window"],
    ["avg_over_time(cpu_usage[5m]) > 90", "an alert for each series"],
    ["avg by (job) (avg_over_time(cpu_usage[5m])) > 90", "an alert for each job; a rule is one"],
    ["sum by (job) (rate(redis_connection_errors_total[5m])) > 1", "an alert for each job"],
    ["max(avg_over_time(cpu_usage[5m])) > 1", "takes the max of avg_over_time"],
    ["max(quantile_over_time(0.95, cpu_usage[5m])) < 1", "when all series are < 1"],
    ["avg(avg_over_time(redis_connection_errors_total[5m])) > 1", "a counter, for another kind"],
    ["avg(avg_over_time(node_load1[5m])) > 1", "about node_load1, whose kind is not known"],
    ['sum(increase(trading_events_total{event_type=~"a|b"}[5m])) > 1', 'by event_type=~"a|b"'],
    ['max(max_over_time(cpu_usage{instance="a"}[5m])) > 1', "by instance"],
    ["max(max_over_time(cpu_usage[5m] offset 1h)) > 1", "an earlier time"],
    ["max(max_over_time(cpu_usage[5m:1m])) > 1", "a query within a query"],
    ["max(max_over_time(cpu_usage[2d])) > 1", "time_window_minutes"],
    ["sum(increase(market_data_lag_seconds_count[5m])) < 5", "or vector(0)"],
    ["(max(max_over_time(cpu_usage[5m])) or vector(0)) < 5", "holds where there are no values"],
    ["sum without (job) (increase(redis_connection_errors_total[5m])) > 1", "all labels but some"],
    ["a > on (job) 5", "matches series by on"],
    ["max(max_over_time(cpu_usage[5m]))", "does not end in a comparison"],
    ["max(max_over_time(cpu_usage[5m])) > ", "cannot be read at its end"],
    ["max(max_over_time(cpu_usage[5m])) > 1 §", "cannot be read at"],
  ])("%s is refused with the reason", (expr, reason) => {
    const { rules, refused } = importOf(expr);
    expect(rules).toEqual([]);
    expect(refused[0]).toMatchObject({ path: "groups[0].rules[0]", name: "A" });
    expect(refused[0]?.reason).toContain(reason);
  });

  it("that is nested without end is refused, too", () => {
    const depth = 5_000;
    const expr = `${"(".repeat(depth)}1${")".repeat(depth)} > 1`;
    expect(importOf(expr).refused[0]?.reason).toContain("nested too deeply");
    expect(importOf(`${"-".repeat(15_000)}1 > 1`).refused).toHaveLength(1);
  });

  it("that is a recording, has fields of its own, or is no rule, is refused; what is no file throws", () => {
    const file = `groups: [{ rules: [{ record: "a:b", expr: "1" }, { alert: A, expr: "1 > 2", keep_firing_for: 5m }, 7] }]`;
    expect(fromPrometheusRules(file).refused.map(({ reason }) => reason)).toEqual([
      "it is a recording, and no alert.",
      "it has keep_firing_for, which rules have not.",
      "it is 7, which has no fields.",
    ]);
    const good = "max(max_over_time(cpu_usage[5m])) > 1";
    expect(importOf(good, "        labels: { severity: page }").refused[0]?.reason).toContain("severity");
    expect(importOf(good, "        labels: { a: '{{ $value }}' }").refused[0]?.reason).toContain("is a template");
    expect(importOf(good, "        for: soon").refused[0]?.reason).toContain('for is "soon"');
    expect(() => fromPrometheusRules("groups: 5")).toThrow("has no list of groups");
    expect(() => fromPrometheusRules("a: [")).toThrow("is no YAML");
  });
});

describe("the rules that come with the Collector", () => {
  const folder = fileURLToPath(new URL("../../../../collector/prometheus/rules/", import.meta.url));
  const files = readdirSync(folder).filter((name) => name.endsWith(".yml"));
  const imports = files.map((name) => fromPrometheusRules(readFileSync(`${folder}${name}`, "utf8")));
  const rules = imports.flatMap((one) => one.rules);

  it("are imported where a rule can say them, and of all others it is said why not", () => {
    expect(rules.map(({ rule_name }) => rule_name).sort()).toEqual([
      "TracebookDestinationEvidenceDropped",
      "TracebookLateEvidence",
    ]);
    const refused = imports.flatMap((one) => one.refused).filter(({ reason }) => !reason.includes("recording"));
    const reasons = Object.fromEntries(refused.map(({ name, reason }) => [name, reason]));
    expect(reasons).toMatchObject({
      HighMarketDataLag: expect.stringContaining("an alert for each job, source"),
      HighRedisErrorRate: expect.stringContaining("an alert for each job"),
      TradingViewSignalBacklog: expect.stringContaining("of the moment"),
      TracebookTelemetryDropped: expect.stringContaining("by class!~"),
    });
    expect(refused.length).toBeGreaterThan(10);
  });

  it("come back as expressions that fire at the same times, for all series in one", () => {
    const again = toPrometheusRules(rules);
    expect(again.left_out).toEqual([]);
    expect(fromPrometheusRules(again.yaml)).toEqual({ rules, refused: [] });
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
  const dir = mkdtempSync(join(tmpdir(), "tracebook-rules-"));
  onTestFinished(() => rmSync(dir, { recursive: true, force: true }));
  writeFileSync(join(dir, "rules.yml"), yaml);
  const { status, stdout, stderr } = spawnSync("promtool", ["check", "rules", join(dir, "rules.yml")], {
    encoding: "utf8",
  });
  expect({ status, said: `${stdout}${stderr}` }).toMatchObject({
    status: 0,
    said: expect.stringMatching(/SUCCESS: 4 rules found\s*$/),
  });
});
