// One line that says what is the matter.
import type { AlertRule, MetricThreshold } from "../rules/alert-rule.ts";

const MAX_LENGTH = 500;

/** The rule's `summary` with its figures, or what the rule itself says. `figure` is the value where it is exact: it loses no digits. */
export function summaryOf(rule: AlertRule, value: number | null, figure = toFigure(value)): string {
  const template = rule.annotations["summary"];
  const text = template === undefined ? sentenceOf(rule, figure) : fill(template, rule, figure);
  return text.length > MAX_LENGTH ? `${text.slice(0, MAX_LENGTH - 3)}...` : text;
}

function fill(template: string, rule: AlertRule, figure: string): string {
  const { condition_config: condition } = rule;
  const threshold = "threshold" in condition ? condition.threshold : condition.absent_for_seconds;
  const values: Readonly<Record<string, string>> = {
    value: figure,
    threshold: String(threshold),
    rule_name: rule.rule_name,
    severity: rule.severity,
  };
  return template.replaceAll(/\{\{\s*([\w.-]+)\s*\}\}/g, (whole, name: string) => {
    const label = name.startsWith("labels.") ? name.slice("labels.".length) : undefined;
    if (label !== undefined && Object.hasOwn(rule.labels, label)) return rule.labels[label]!;
    // What is not known stays as it is, for its author to see.
    return Object.hasOwn(values, name) ? values[name]! : whole;
  });
}

function sentenceOf(rule: AlertRule, figure: string): string {
  switch (rule.rule_type) {
    case "metric_threshold": {
      const { time_window_minutes, operator, threshold } = rule.condition_config;
      return `${rule.rule_name}: ${measureOf(rule.condition_config, rule.labels)} over ${time_window_minutes} min is ${figure} (${operator} ${threshold})`;
    }
    case "event_frequency": {
      const { event_type, symbol, time_window_minutes, operator, threshold } = rule.condition_config;
      const of = symbol === undefined ? "" : ` of ${symbol}`;
      return `${rule.rule_name}: ${figure} ${event_type}${of} in ${time_window_minutes} min (${operator} ${threshold})`;
    }
    case "data_absence": {
      const { stream, absent_for_seconds } = rule.condition_config;
      return `${rule.rule_name}: no ${"metric" in stream ? stream.metric : stream.event_type} for ${absent_for_seconds} s`;
    }
  }
}

/** What is measured, and of which group: `max of the last spread_bps of symbol BTC/USDT`. */
function measureOf(condition: MetricThreshold, labels: AlertRule["labels"]): string {
  const { aggregation, across, metric, divided_by, by } = condition;
  const way = aggregation === "last" ? `${across} of the last` : `${aggregation} of`;
  const divided = divided_by === undefined ? metric : `${metric} / ${divided_by.metric}`;
  const group = by.map((name) => `${name} ${labels[name] === "" ? "(none)" : labels[name]}`);
  return `${way} ${divided}${group.length === 0 ? "" : ` of ${group.join(", ")}`}`;
}

/** Six digits, without zeros at the end. */
function toFigure(value: number | null): string {
  return value === null ? "none" : String(Number(value.toPrecision(6)));
}
