// The condition of a rule as an expression of PromQL.
import type { AlertOperator, AlertRule, EventFrequency, MetricThreshold } from "../rules/alert-rule.ts";
import { toDuration } from "./durations.ts";
import type { KnownMetrics } from "./known-metrics.ts";
import { NotExpressible } from "./not-expressible.ts";
import { braces } from "./series-selector.ts";
import { type ExpressedValue, growth, metricOf, refuseEquality, seriesValue, WORST_NOTE } from "./series-value.ts";
import { convertUnit } from "./unit-conversion.ts";

/** Aggregates of nothing that are 0, where something else says that there might have been. */
export const EMPTY_IS_ZERO: readonly string[] = ["sum", "rate", "count"];

/** Labels of the counter of decisions, which is told apart by more than its type. */
const DECISION_FIELDS = ["decision", "reason_code", "strategy"];

/** The expression of a rule, and what of it is not quite the rule. Throws {@link NotExpressible}. */
export function toExpression(rule: AlertRule, metrics: KnownMetrics): ExpressedValue {
  switch (rule.rule_type) {
    case "metric_threshold":
      if (rule.source_type === "business_metric")
        throw new NotExpressible(
          "it is about records of business metrics, which Prometheus does not have; business_metric_value is the nearest metric.",
        );
      return ofMetric(rule.condition_config, metrics);
    case "event_frequency":
      return ofEvents(rule.condition_config);
    case "data_absence":
      throw new NotExpressible("it is about the absence of data by a trading calendar, which PromQL does not have.");
  }
}

/** Whether a condition on a count holds where nothing was counted. */
export function holdsAtZero(operator: AlertOperator, threshold: number): boolean {
  switch (operator) {
    case ">":
      return threshold < 0;
    case ">=":
      return threshold <= 0;
    case "<":
      return threshold > 0;
    case "<=":
      return threshold >= 0;
    case "==":
      return threshold === 0;
    case "!=":
      return threshold !== 0;
  }
}

function ofMetric(condition: MetricThreshold, metrics: KnownMetrics): ExpressedValue {
  const { operator, aggregation, by, divided_by: divisor } = condition;
  const threshold = thresholdOf(condition, metrics);
  const value = seriesValue(condition, condition, metrics);
  if (divisor !== undefined) return ofRatio(value, seriesValue(divisor, condition, metrics), condition, threshold);
  // A group of which there is nothing is not there; of all series together there is always a count.
  const isCount = aggregation === "count" && by.length === 0;
  const expr = isCount ? orZero(value.expr, operator, threshold) : value.expr;
  return { ...value, expr: `${expr} ${operator} ${threshold}` };
}

/** Without the divisor, or where it is 0, there is no value; without the dividend it is 0 where that makes a difference. */
function ofRatio(
  dividend: ExpressedValue,
  divisor: ExpressedValue,
  { operator, aggregation, remember_minutes }: MetricThreshold,
  threshold: number,
): ExpressedValue {
  if (remember_minutes !== undefined)
    throw new NotExpressible("it remembers those who have gone, of a value that is divided by another one.");
  const notes = [...new Set([...dividend.notes, ...divisor.notes])];
  if (notes.includes(WORST_NOTE))
    throw new NotExpressible(
      "it divides percentiles of gauges, which Prometheus has for each series and not for all their values.",
    );
  const needsZero = EMPTY_IS_ZERO.includes(aggregation) && holdsAtZero(operator, threshold);
  const over = needsZero ? `(${dividend.expr} or 0 * ${divisor.expr})` : dividend.expr;
  const expr = `${over} / (${divisor.expr} != 0) ${operator} ${threshold}`;
  return { expr, notes };
}

function ofEvents(condition: EventFrequency): ExpressedValue {
  const { event_type, symbol, fields, operator, threshold: given, time_window_minutes } = condition;
  refuseEquality(condition);
  const names = Object.keys(fields);
  const isPlain = symbol === undefined && names.length === 0;
  const isDecision = event_type === "decision" && names.every((name) => DECISION_FIELDS.includes(name));
  if (!isPlain && !isDecision)
    throw new NotExpressible(
      `no counter tells events of ${event_type} apart by ${[...(symbol === undefined ? [] : ["symbol"]), ...names].join(", ")}; trading_events_total does by type alone.`,
    );
  const labels = isPlain ? { event_type } : { ...fields, ...(symbol === undefined ? undefined : { symbol }) };
  const selector = `${isPlain ? "trading_events_total" : "trading_decisions_total"}${braces(Object.entries(labels))}`;
  const window = toDuration(Math.round(time_window_minutes * 60));
  const threshold = Number(given);
  const expr = orZero(`sum(${growth(selector, window)})`, operator, threshold);
  return { expr: `${expr} ${operator} ${threshold}`, notes: [] };
}

/** A count of nothing is 0, and a sum over no series is nothing. */
function orZero(expr: string, operator: AlertOperator, threshold: number): string {
  return holdsAtZero(operator, threshold) ? `(${expr} or vector(0))` : expr;
}

/** The threshold in the unit that Prometheus has the metric in. */
function thresholdOf(condition: MetricThreshold, metrics: KnownMetrics): number {
  const { unit, aggregation, divided_by: divisor } = condition;
  const threshold = Number(condition.threshold);
  // How many there were is in no unit, and neither is a share.
  if (unit === undefined || aggregation === "count" || divisor !== undefined) return threshold;
  const metric = metricOf(condition.metric, metrics);
  const converted = convertUnit(threshold, unit, metric.unit);
  if (converted !== undefined) return converted;
  throw new NotExpressible(`its threshold is in ${unit}, and ${metric.name} is in ${metric.unit}.`);
}
