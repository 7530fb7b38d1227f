// One line that says what is the matter.
import type { AlertRule } from "../rules/alert-rule.ts";

const MAX_LENGTH = 500;

/** The rule's `summary` with its figures, or what the rule itself says. */
export function summaryOf(rule: AlertRule, value: number | null): string {
  const template = rule.annotations["summary"];
  const text = template === undefined ? sentenceOf(rule, value) : fill(template, rule, value);
  return text.length > MAX_LENGTH ? `${text.slice(0, MAX_LENGTH - 3)}...` : text;
}

function fill(template: string, rule: AlertRule, value: number | null): string {
  const { condition_config: condition } = rule;
  const threshold = "threshold" in condition ? condition.threshold : condition.absent_for_seconds;
  const values: Readonly<Record<string, string>> = {
    value: toFigure(value),
    threshold: String(threshold),
    rule_name: rule.rule_name,
    severity: rule.severity,
  };
  return template.replaceAll(/\{\{\s*([\w.-]+)\s*\}\}/g, (whole, name: string) => {
    const label = name.startsWith("labels.") ? rule.labels[name.slice("labels.".length)] : undefined;
    // What is not known stays as it is, for its author to see.
    return label ?? (Object.hasOwn(values, name) ? values[name]! : whole);
  });
}

function sentenceOf(rule: AlertRule, value: number | null): string {
  switch (rule.rule_type) {
    case "metric_threshold": {
      const { metric, aggregation, time_window_minutes, operator, threshold } = rule.condition_config;
      return `${rule.rule_name}: ${aggregation} of ${metric} over ${time_window_minutes} min is ${toFigure(value)} (${operator} ${threshold})`;
    }
    case "event_frequency": {
      const { event_type, symbol, time_window_minutes, operator, threshold } = rule.condition_config;
      const of = symbol === undefined ? "" : ` of ${symbol}`;
      return `${rule.rule_name}: ${toFigure(value)} ${event_type}${of} in ${time_window_minutes} min (${operator} ${threshold})`;
    }
    case "data_absence": {
      const { stream, absent_for_seconds } = rule.condition_config;
      return `${rule.rule_name}: no ${"metric" in stream ? stream.metric : stream.event_type} for ${absent_for_seconds} s`;
    }
  }
}

/** Six digits, without zeros at the end. */
function toFigure(value: number | null): string {
  return value === null ? "none" : String(Number(value.toPrecision(6)));
}
