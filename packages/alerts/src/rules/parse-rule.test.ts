// Rules out of anything: S4's examples as they stand, and what is said of those that cannot work.
import { describe, expect, test } from "vitest";
import { parseAlertRule } from "./parse-rule.ts";
import { AlertRuleError, type RuleProblem } from "./rule-error.ts";
import { parseAlertRules } from "./rules-file.ts";
import { fromStoredRule, toStoredRule } from "./stored-rule.ts";

const CPU = {
  rule_name: "High CPU Usage",
  rule_type: "metric_threshold",
  source_type: "system_metric",
  condition_config: { metric: "cpu_usage", operator: ">", threshold: 80, time_window_minutes: 5 },
  severity: "WARNING",
  notification_channels: ["email", "slack"],
  notification_config: { email: ["ops-team@company.com"], slack: { channel: "#alerts" } },
  license_id: "license-1",
};

const ERRORS = {
  rule_name: "High Error Rate",
  rule_type: "event_frequency",
  source_type: "telemetry_event",
  condition_config: { event_type: "error_event", threshold: 10, time_window_minutes: 5 },
  severity: "ERROR",
};

const SLOW = {
  rule_name: "Slow Response Times",
  rule_type: "metric_threshold",
  source_type: "system_metric",
  condition_config: { metric: "response_time", operator: ">", threshold: 1000, aggregation: "p95" },
  severity: "WARNING",
};

describe("a rule", () => {
  test("of S4 is taken as it stands, with defaults for what it leaves out", () => {
    expect(parseAlertRule(CPU)).toMatchObject({
      rule_id: "high-cpu-usage",
      severity: "warning",
      for_seconds: 0,
      is_active: true,
      condition_config: { aggregation: "avg", labels: {}, time_window_minutes: 5 },
      notification_config: CPU.notification_config,
      license_id: "license-1",
    });
    expect(parseAlertRule(ERRORS)).toMatchObject({
      condition_config: { operator: ">=", fields: {} },
      severity: "error",
    });
    expect(parseAlertRule(SLOW).condition_config).toMatchObject({ time_window_minutes: 5, aggregation: "p95" });
  });

  test("is the same after it was stored", () => {
    const absence = {
      rule_name: "No ticks",
      rule_type: "data_absence",
      severity: "critical",
      condition_config: {
        stream: { event_type: "market_event", symbol: "BTC/USDT" },
        absent_for_seconds: 60,
        calendar: { time_zone: "America/New_York", open: "09:30", close: "16:00", holidays: ["2026-12-25"] },
      },
    };
    for (const given of [CPU, ERRORS, SLOW, absence]) {
      const rule = parseAlertRule(given);
      expect(fromStoredRule(toStoredRule(rule, "2026-11-20T12:00:00.000000Z"))).toEqual(rule);
    }
  });

  test.each<[string, object, Partial<RuleProblem>]>([
    ["an unknown field", { ...CPU, severty: "info" }, { path: "severty", nearest: "severity" }],
    ["an unknown operator", condition(CPU, { operator: "=>" }), { path: "condition_config.operator", nearest: ">=" }],
    [
      "an unknown aggregation",
      condition(CPU, { aggregation: "mean" }),
      { path: "condition_config.aggregation", nearest: "avg" },
    ],
    [
      "a threshold in quotes",
      condition(CPU, { threshold: "80" }),
      { path: "condition_config.threshold", nearest: "80" },
    ],
    [
      "an infinite threshold",
      condition(CPU, { threshold: Number.POSITIVE_INFINITY }),
      { path: "condition_config.threshold" },
    ],
    [
      "a window of a week",
      condition(CPU, { time_window_minutes: 10_080 }),
      { path: "condition_config.time_window_minutes", nearest: "1440" },
    ],
    [
      "a window below zero",
      condition(CPU, { time_window_minutes: -1 }),
      { path: "condition_config.time_window_minutes" },
    ],
    ["a window of no whole seconds", condition(CPU, { time_window_minutes: 0.33 }), { nearest: String(20 / 60) }],
    ["a severity that is none", { ...CPU, severity: "warn" }, { path: "severity", nearest: "warning" }],
    ["a source of another kind", { ...ERRORS, source_type: "system_metric" }, { path: "source_type" }],
    [
      "a count that is always reached",
      condition(ERRORS, { threshold: 0 }),
      { path: "condition_config.threshold", nearest: "1" },
    ],
    ["an unknown metric", CPU, { path: "condition_config.metric", nearest: "cpu_usage_ratio" }],
    ["an unknown unit", condition(SLOW, { unit: "s" }), { path: "condition_config.unit", nearest: '"ms"' }],
    [
      "an unknown event",
      condition(ERRORS, { event_type: "eror_event" }),
      { path: "condition_config.event_type", nearest: "error_event" },
    ],
    ["a time for that is broken", { ...CPU, for_seconds: 1.5 }, { path: "for_seconds", nearest: "2" }],
  ])("with %s is refused, with the place and the nearest valid form", (_, given, problem) => {
    const metrics = [
      { metric: "cpu_usage_ratio", unit: "1" },
      { metric: "response_time", unit: "ms" },
    ];
    expect(problemsOf(() => parseAlertRule(given, { metrics, eventTypes: ["error_event"] }))).toContainEqual(
      expect.objectContaining(problem),
    );
  });

  test("is refused, not half taken, whatever else is given for it", () => {
    for (const value of [undefined, null, 7, "rule", [], {}, { condition_config: [] }, { ...CPU, labels: { a: {} } }])
      expect(problemsOf(() => parseAlertRule(value)).length).toBeGreaterThan(0);
    const many = Object.fromEntries(Array.from({ length: 10_000 }, (_, i) => [`field${i}`, i]));
    expect(problemsOf(() => parseAlertRule(many)).length).toBeLessThanOrEqual(20);
  });

  test("of sessions must name a time zone, times and days that there are", () => {
    const absence = (calendar: object) => ({
      rule_name: "No ticks",
      rule_type: "data_absence",
      severity: "critical",
      condition_config: { stream: { metric: "ticks_total" }, absent_for_seconds: 60, calendar },
    });
    const good = { time_zone: "Europe/London", open: "08:00", close: "16:30" };
    expect(parseAlertRule(absence(good)).source_type).toBe("system_metric");
    const paths = (more: object) =>
      problemsOf(() => parseAlertRule(absence({ ...good, ...more }))).map(({ path }) => path.split(".").at(-1));
    expect(paths({ time_zone: "Mars/Base" })).toEqual(["time_zone"]);
    expect(paths({ open: "8:00" })).toEqual(["open"]);
    expect(paths({ close: "08:00" })).toEqual(["close"]);
    expect(paths({ days: ["mon", "moonday", "xyz"] })).toEqual(["days"]);
    expect(paths({ holidays: ["2026-02-30"] })).toEqual(["holidays"]);
  });
});

describe("a file of rules", () => {
  test("is YAML or JSON, a list or an object with one", () => {
    expect(parseAlertRules(JSON.stringify([CPU, ERRORS]))).toEqual([parseAlertRule(CPU), parseAlertRule(ERRORS)]);
    const text = `
rules:
  - rule_name: High Error Rate
    rule_type: event_frequency
    severity: error
    condition_config: { event_type: error_event, threshold: 10, time_window_minutes: 5 }
`;
    expect(parseAlertRules(text)).toEqual([parseAlertRule(ERRORS)]);
  });

  test("says where each problem is, and that two rules have one id", () => {
    const paths = problemsOf(() => parseAlertRules(JSON.stringify([CPU, condition(CPU, { operator: "?" }), CPU]))).map(
      ({ path }) => path,
    );
    expect(paths).toEqual(["rules[1].condition_config.operator", "rules[2].rule_id"]);
  });

  test("that is none, too large, or made to grow is refused", () => {
    const bomb = `a: &a [x,x,x,x,x,x,x,x,x]\n${"bcdefghij"
      .split("")
      .map((name, i) => `${name}: &${name} [${Array(9).fill(`*${"abcdefghi"[i]}`).join(",")}]`)
      .join("\n")}\nrules: *j`;
    for (const text of ["", "a: [", "just words", "x".repeat(1_048_577), "[".repeat(50_000), bomb])
      expect(problemsOf(() => parseAlertRules(text)).length).toBeGreaterThan(0);
  });
});

function condition(rule: { readonly condition_config: object }, more: object): object {
  return { ...rule, condition_config: { ...rule.condition_config, ...more } };
}

function problemsOf(work: () => unknown): readonly RuleProblem[] {
  try {
    work();
  } catch (error) {
    if (error instanceof AlertRuleError) return error.problems;
    throw error;
  }
  return [];
}
