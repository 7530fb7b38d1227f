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

const RATIO = {
  rule_name: "Quotes that stand",
  rule_type: "metric_threshold",
  source_type: "business_metric",
  condition_config: {
    metric: "quotes_open",
    labels: { venue: ["x", "y"] },
    by: ["symbol", "currency"],
    unit: "1",
    operator: "<",
    threshold: "1000.10",
    aggregation: "last",
    across: "max",
    remember_minutes: 60,
    divided_by: { metric: "quotes_wanted", labels: { venue: "x" } },
  },
  severity: "error",
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
    for (const given of [CPU, ERRORS, SLOW, absence, RATIO]) {
      const rule = parseAlertRule(given);
      expect(fromStoredRule(toStoredRule(rule, "2026-11-20T12:00:00.000000Z"))).toEqual(rule);
    }
  });

  test("says all that it can say of a metric, and keeps its threshold as it was written", () => {
    const { condition_config } = parseAlertRule(RATIO);
    expect(condition_config).toMatchObject(RATIO.condition_config);
    expect(toStoredRule(parseAlertRule(RATIO), "2026-11-20T12:00:00.000000Z").condition_config["threshold"]).toBe(
      "1000.10",
    );
  });

  test("that says none of it means what it always did", () => {
    const { condition_config } = parseAlertRule(CPU);
    expect(condition_config).toMatchObject({ by: [], across: "sum", threshold: 80 });
    expect(condition_config).toMatchObject({ remember_minutes: undefined, divided_by: undefined });
  });

  test("takes a list of values of a label, and a list of one as that value", () => {
    const labels = { a: ["x", "y", "x"], b: ["z", "z"], c: [1, true], d: "w" };
    const expected = { a: ["x", "y"], b: "z", c: ["1", "true"], d: "w" };
    expect(parseAlertRule(condition(CPU, { labels })).condition_config).toMatchObject({ labels: expected });
    const stream = { metric: "ticks_total", labels };
    const absence = { rule_type: "data_absence", condition_config: { stream, absent_for_seconds: 60 } };
    const { condition_config } = parseAlertRule({ rule_name: "No ticks", severity: "error", ...absence });
    expect(condition_config).toMatchObject({ stream: { labels: expected } });
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
      "a number of events in quotes",
      condition(ERRORS, { threshold: "10" }),
      { path: "condition_config.threshold", nearest: "10" },
    ],
    [
      "a threshold with commas",
      condition(CPU, { threshold: "1,000.10" }),
      { path: "condition_config.threshold", nearest: '"1000.10"' },
    ],
    [
      "a threshold with a decimal comma",
      condition(CPU, { threshold: "0,5" }),
      { path: "condition_config.threshold", nearest: '"0.5"' },
    ],
    [
      "a threshold of 39 digits",
      condition(CPU, { threshold: "1".repeat(39) }),
      { path: "condition_config.threshold", nearest: undefined },
    ],
    [
      "more values of a label than can be asked for",
      condition(CPU, { labels: { host: Array.from({ length: 21 }, (_, i) => `h${i}`) } }),
      {
        path: "condition_config.labels.host",
        nearest: JSON.stringify(Array.from({ length: 20 }, (_, i) => `h${i}`)),
      },
    ],
    ["a label of no value", condition(CPU, { labels: { host: [] } }), { path: "condition_config.labels.host" }],
    [
      "more than eight labels of groups",
      condition(CPU, { by: [..."abcdefghi"] }),
      { path: "condition_config.by", nearest: JSON.stringify([..."abcdefgh"]) },
    ],
    [
      "groups by a label of its own",
      { ...condition(CPU, { by: ["team", "host"] }), labels: { team: "a" } },
      { path: "condition_config.by", nearest: '["host"]' },
    ],
    [
      "series made one, where there are no newest values",
      condition(CPU, { across: "max" }),
      { path: "condition_config.across", nearest: "aggregation: last" },
    ],
    [
      "what is remembered, where nothing ends",
      condition(CPU, { remember_minutes: 10 }),
      { path: "condition_config.remember_minutes", nearest: "aggregation: last" },
    ],
    [
      "what is remembered for less than the window",
      condition(CPU, { aggregation: "last", remember_minutes: 5 }),
      { path: "condition_config.remember_minutes", nearest: "10" },
    ],
    [
      "what is remembered for a week",
      condition(CPU, { aggregation: "last", remember_minutes: 10_080 }),
      { path: "condition_config.remember_minutes", nearest: "1440" },
    ],
    [
      "a ratio in a unit",
      condition(SLOW, { unit: "ms", divided_by: { metric: "response_time" } }),
      { path: "condition_config.unit", nearest: '"1"' },
    ],
    [
      "an unknown divisor",
      condition(SLOW, { divided_by: { metric: "reponse_time" } }),
      { path: "condition_config.divided_by.metric", nearest: "response_time" },
    ],
    [
      "a divisor of a divisor",
      condition(SLOW, { divided_by: { metric: "response_time", divided_by: {} } }),
      { path: "condition_config.divided_by.divided_by" },
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
