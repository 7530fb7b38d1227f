import { describe, expect, it } from "vitest";
import { fromPrometheusRules } from "./from-prometheus.ts";

function fileOf(expr: string, more = ""): string {
  return `groups:\n  - name: g\n    rules:\n      - alert: A\n        expr: ${JSON.stringify(expr)}\n${more}`;
}

const importOf = (expr: string, more?: string) => fromPrometheusRules(fileOf(expr, more));
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
    ["sum(rate(redis_connection_errors_total[5m])) > 0.5", { aggregation: "rate", threshold: 0.5, by: [] }],
    ["rate(redis_connection_errors_total[5m]) > 1", { aggregation: "rate", by: ["service_name", "instance_id"] }],
    [
      "sum by (job) (increase(redis_connection_errors_total[5m])) > 0",
      { aggregation: "sum", threshold: 0, by: ["service_name"] },
    ],
    ["max by (job) (max_over_time(cpu_usage[5m])) >= 90", { aggregation: "max", by: ["service_name"] }],
    [
      "max_over_time(cpu_usage{job='bot'}[5m]) > 90 # why",
      { aggregation: "max", labels: { service_name: "bot" }, by: ["service_name", "instance_id"] },
    ],
    ["histogram_quantile(1, sum(increase(market_data_lag_seconds_bucket[5m])) by (le)) > 3", { aggregation: "max" }],
    [
      "histogram_quantile(0.9, rate(market_data_lag_seconds_bucket[5m])) > 3",
      { aggregation: "p90", by: ["source", "service_name", "instance_id"] },
    ],
    ["cpu_usage > 90", { aggregation: "last", time_window_minutes: 5, by: ["service_name", "instance_id"] }],
    ["max by (job) (cpu_usage) > 90", { aggregation: "last", across: "max", by: ["service_name"] }],
    ["avg(last_over_time(cpu_usage[2m])) > 90", { aggregation: "last", across: "avg", time_window_minutes: 2 }],
    [
      "(sum(trading_bots_active_total) or 0 * sum(last_over_time(trading_bots_active_total[6h]))) == 0",
      { aggregation: "last", across: "sum", remember_minutes: 360 },
    ],
    ['max(max_over_time(cpu_usage{instance="a"}[5m])) > 1', { labels: { instance_id: "a" } }],
    [
      'sum(increase(trading_events_total{event_type=~"a|b\\\\.c|b\\\\.c"}[5m])) > 1',
      { metric: "trading_events_total", labels: { event_type: ["a", "b.c"] } },
    ],
    ['sum(increase(trading_events_total{event_type=~"a"}[5m])) > 1', { event_type: "a" }],
    ['sum(rate(trading_events_total{event_type="a"}[5m])) > 0.5', { event_type: "a", threshold: 150 }],
    [
      'sum by (job) (rate(redis_operations_total{status="error"}[5m])) / (sum by (job) (rate(redis_operations_total[5m])) > 0) > 0.5',
      {
        aggregation: "rate",
        labels: { status: "error" },
        by: ["service_name"],
        divided_by: { metric: "redis_operations_total", labels: {} },
      },
    ],
    [
      'sum(rate(redis_operations_total{status="error"}[5m])) / sum(rate(redis_operations_total[5m])) > 0.5',
      { aggregation: "rate", divided_by: { metric: "redis_operations_total", labels: {} } },
    ],
  ])("%s is one", (expr, condition) => {
    const { rules, refused } = importOf(expr);
    expect(refused).toEqual([]);
    expect(rules[0]?.condition_config).toMatchObject(condition);
  });

  it.each([
    ["max(avg_over_time(cpu_usage[5m])) > 1", "takes the max of avg_over_time"],
    ["max(quantile_over_time(0.95, cpu_usage[5m])) < 1", "when all series are < 1"],
    ["avg(avg_over_time(redis_connection_errors_total[5m])) > 1", "a counter, for another kind"],
    ["avg(avg_over_time(node_load1[5m])) > 1", "about node_load1, whose kind is not known"],
    ['sum(increase(trading_events_total{event_type=~"a|b.*"}[5m])) > 1', 'by event_type=~"a|b.*"'],
    ['sum(increase(trading_events_total{event_type!="a"}[5m])) > 1', 'by event_type!="a"'],
    ["sum by (tier) (increase(trading_events_total[5m])) > 1", "by tier, which trading_events_total has not"],
    ["redis_connection_errors_total > 90", "a counter, for another kind"],
    ["count(cpu_usage) > 1", "takes the count of several series"],
    ["sum(increase(redis_connection_errors_total[5m])) / 300 > 1", "puts several values together"],
    ["max(cpu_usage) / max(memory_usage) > 1", "divides by what may be 0"],
    ["max(cpu_usage) / (max(memory_usage) > 0) > 1", "divides by what is above 0"],
    ["max(cpu_usage) / (min(memory_usage) != 0) > 1", "not worked out alike"],
    ["(max(cpu_usage) or 0 * max(memory_usage)) > 1", "one stands in for the other"],
    [
      'sum(rate(redis_operations_total{status="success"}[5m])) / sum(rate(redis_operations_total[5m])) < 0.5',
      "a rule's share is 0 there",
    ],
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
