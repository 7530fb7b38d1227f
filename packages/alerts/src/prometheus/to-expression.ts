// The condition of a rule as an expression of PromQL.
import type { MetricDefinition } from "@tracebook/metrics";
import type {
  AlertAggregation,
  AlertOperator,
  AlertRule,
  EventFrequency,
  MetricThreshold,
} from "../rules/alert-rule.ts";
import { toDuration } from "./durations.ts";
import { type KnownMetrics, SERVICE_LABELS, type SeriesPart, toWireName } from "./known-metrics.ts";
import { NotExpressible } from "./not-expressible.ts";
import { convertUnit } from "./unit-conversion.ts";

/** An expression, and what of it is not quite the rule. */
export interface RuleExpression {
  readonly expr: string;
  readonly notes: readonly string[];
}

const QUANTILES: Readonly<Partial<Record<AlertAggregation, number>>> = { p50: 0.5, p90: 0.9, p95: 0.95, p99: 0.99 };
/** Labels of the counter of decisions, which is told apart by more than its type. */
const DECISION_FIELDS = ["decision", "reason_code", "strategy"];

/** The expression of a rule. Throws {@link NotExpressible}. */
export function toExpression(rule: AlertRule, metrics: KnownMetrics): RuleExpression {
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

function ofMetric(condition: MetricThreshold, metrics: KnownMetrics): RuleExpression {
  const { operator, aggregation } = condition;
  const metric = metrics.byName(condition.metric);
  if (metric === undefined)
    throw new NotExpressible(
      `the kind of ${condition.metric} is not known: it is no metric of the catalogue; give its definition as one of metrics.`,
    );
  const threshold = thresholdOf(condition, metric);
  const window = toDuration(Math.round(condition.time_window_minutes * 60));
  const select = (part: SeriesPart) => `${toWireName(metric.name)}${part}${matchersOf(condition.labels, metric)}`;
  if (metric.kind === "counter") return ofCounter(condition, select(""), window, threshold);
  if (metric.kind === "histogram") return ofHistogram(condition, select, window, threshold);
  const over = (name: string) => `${name}_over_time(${select("")}[${window}])`;
  if (aggregation === "avg" || aggregation === "min" || aggregation === "max")
    return { expr: compare(`${aggregation}(${over(aggregation)})`, operator, threshold), notes: [] };
  const share = QUANTILES[aggregation];
  if (share === undefined)
    throw new NotExpressible(
      `the ${aggregation} of ${metric.name}, a gauge, depends on how often it is scraped; avg, min and max do not.`,
    );
  const worst = operator.startsWith("<") ? "min" : "max";
  return {
    expr: compare(`${worst}(quantile_over_time(${share}, ${select("")}[${window}]))`, operator, threshold),
    notes: ["Of several series Prometheus takes the worst one's percentile; the rule takes that of all their values."],
  };
}

function ofCounter(condition: MetricThreshold, selector: string, window: string, threshold: number): RuleExpression {
  const { aggregation, operator, metric } = condition;
  if (aggregation !== "sum")
    throw new NotExpressible(
      `the ${aggregation} of ${metric}, a counter, is of what came between two exports, which Prometheus does not know; sum is what came in the window.`,
    );
  refuseEquality(operator);
  return { expr: compare(`sum(${growth(selector, window)})`, operator, threshold), notes: [] };
}

function ofHistogram(
  { aggregation, operator }: MetricThreshold,
  select: (part: SeriesPart) => string,
  window: string,
  threshold: number,
): RuleExpression {
  const rate = (part: SeriesPart) => `sum(rate(${select(part)}[${window}]))`;
  const quantile = (share: number) =>
    `histogram_quantile(${share}, sum by (le) (rate(${select("_bucket")}[${window}])))`;
  const value = (expr: string) => ({ expr: compare(expr, operator, threshold), notes: [] });
  switch (aggregation) {
    case "avg":
      return value(`${rate("_sum")} / ${rate("_count")}`);
    case "sum":
      return value(`sum(${growth(select("_sum"), window)})`);
    case "count":
      refuseEquality(operator);
      return value(orZero(`sum(${growth(select("_count"), window)})`, operator, threshold));
    case "min":
      return value(quantile(0));
    case "max":
      return value(quantile(1));
    default:
      return value(quantile(QUANTILES[aggregation]!));
  }
}

function ofEvents({
  event_type,
  symbol,
  fields,
  operator,
  threshold,
  time_window_minutes,
}: EventFrequency): RuleExpression {
  refuseEquality(operator);
  const names = Object.keys(fields);
  const isPlain = symbol === undefined && names.length === 0;
  const isDecision = event_type === "decision" && names.every((name) => DECISION_FIELDS.includes(name));
  if (!isPlain && !isDecision)
    throw new NotExpressible(
      `no counter tells events of ${event_type} apart by ${[...(symbol === undefined ? [] : ["symbol"]), ...names].join(", ")}; trading_events_total does by type alone.`,
    );
  const labels = isPlain ? { event_type } : { ...fields, ...(symbol === undefined ? undefined : { symbol }) };
  const selector = `${isPlain ? "trading_events_total" : "trading_decisions_total"}${braces(labels)}`;
  const window = toDuration(Math.round(time_window_minutes * 60));
  return {
    expr: compare(orZero(`sum(${growth(selector, window)})`, operator, threshold), operator, threshold),
    notes: [],
  };
}

/**
 * What came in a window. `increase` misses the first value of a series that appears with one; what was not there in the window before counts
 * with its whole value.
 */
function growth(selector: string, window: string): string {
  return `(${selector} unless last_over_time(${selector}[${window}] offset ${window})) or increase(${selector}[${window}])`;
}

/** A count of nothing is 0, and a sum over no series is nothing. */
function orZero(expr: string, operator: AlertOperator, threshold: number): string {
  return holdsAtZero(operator, threshold) ? `(${expr} or vector(0))` : expr;
}

function compare(expr: string, operator: AlertOperator, threshold: number): string {
  return `${expr} ${operator} ${threshold}`;
}

function refuseEquality(operator: AlertOperator): void {
  if (operator === "==" || operator === "!=")
    throw new NotExpressible(
      `Prometheus reckons what came in a window from its ends, so that it is hardly ever a whole number; ${operator} would mean nothing, >= does.`,
    );
}

function thresholdOf({ threshold, unit, aggregation }: MetricThreshold, metric: MetricDefinition): number {
  // How many there were is in no unit.
  if (unit === undefined || aggregation === "count") return threshold;
  const converted = convertUnit(threshold, unit, metric.unit);
  if (converted === undefined)
    throw new NotExpressible(`its threshold is in ${unit}, and ${metric.name} is in ${metric.unit}.`);
  return converted;
}

function matchersOf(labels: { readonly [label: string]: string }, metric: MetricDefinition): string {
  const [ours, theirs] = SERVICE_LABELS;
  const named = Object.entries(labels).map(([label, value]) => {
    if (metric.labels.includes(label)) return [toWireName(label), value] as const;
    if (label === ours) return [theirs, value] as const;
    throw new NotExpressible(
      `${metric.name} has no label ${label} in Prometheus; it has ${[...metric.labels, ours].join(", ")}.`,
    );
  });
  return braces(Object.fromEntries(named));
}

function braces(labels: { readonly [label: string]: string }): string {
  const matchers = Object.entries(labels).map(([label, value]) => `${label}=${quoted(value)}`);
  return matchers.length === 0 ? "" : `{${matchers.join(",")}}`;
}

/** A text of PromQL, which has the escapes of Go. */
function quoted(value: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is escaped.
  return `"${value.replace(/["\\]/g, "\\$&").replace(/[\u0000-\u001f\u007f]/g, (one) => `\\x${one.charCodeAt(0).toString(16).padStart(2, "0")}`)}"`;
}
