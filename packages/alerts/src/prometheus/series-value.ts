// The value of a rule as an expression of PromQL, by the kind of its metric.
import type { MetricDefinition } from "@tracebook/metrics";
import type { AlertAggregation, MetricMatch, MetricThreshold } from "../rules/alert-rule.ts";
import { toDuration } from "./durations.ts";
import { type KnownMetrics, type SeriesPart, toWireName } from "./known-metrics.ts";
import { NotExpressible } from "./not-expressible.ts";
import { toGrouping, toMatchers } from "./series-selector.ts";

/** A value, and what of it is not quite the rule's. */
export interface ExpressedValue {
  readonly expr: string;
  readonly notes: readonly string[];
}

/** What is worked out of a selector. */
interface Series {
  readonly metric: MetricDefinition;
  readonly condition: MetricThreshold;
  readonly window: string;
  readonly select: (part?: SeriesPart) => string;
  /** An aggregate over all series, or over each group of them. */
  readonly across: (name: string, expr: string, also?: readonly string[]) => string;
}

const QUANTILES: Readonly<Partial<Record<AlertAggregation, number>>> = { p50: 0.5, p90: 0.9, p95: 0.95, p99: 0.99 };
/** Said of a percentile of a gauge. */
export const WORST_NOTE =
  "Of several series Prometheus takes the worst one's percentile; the rule takes that of all their values.";

const RATE_NOTE =
  "Prometheus' rate misses what a series appears with, and a rule counts it: a service that Prometheus has not heard of for a while would be told of with all that it has counted.";

/** The definition of a metric. Throws {@link NotExpressible} for one that is not known. */
export function metricOf(name: string, metrics: KnownMetrics): MetricDefinition {
  const metric = metrics.byName(name);
  if (metric !== undefined) return metric;
  throw new NotExpressible(
    `the kind of ${name} is not known: it is no metric of the catalogue; give its definition as one of metrics.`,
  );
}

/** The value that the condition takes of the series of `match`, its own or those that it divides by. Throws {@link NotExpressible}. */
export function seriesValue(match: MetricMatch, condition: MetricThreshold, metrics: KnownMetrics): ExpressedValue {
  const metric = metricOf(match.metric, metrics);
  const matchers = toMatchers(match.labels, metric);
  const by = toGrouping(condition.by, metric);
  const series: Series = {
    metric,
    condition,
    window: toDuration(Math.round(condition.time_window_minutes * 60)),
    select: (part = "") => `${toWireName(metric.name)}${part}${matchers}`,
    across: (name, expr, also = []) => {
      const labels = [...by, ...also];
      return labels.length === 0 ? `${name}(${expr})` : `${name} by (${labels.join(", ")}) (${expr})`;
    },
  };
  if (metric.kind === "counter") return ofCounter(series);
  return metric.kind === "histogram" ? ofHistogram(series) : ofGauge(series);
}

/**
 * What came in a window. `increase` misses the first value of a series that appears with one; what was not there in the window before counts
 * with its whole value. That whole window is asked, not its end: a scrape that failed just then would make the total of all time look new.
 */
export function growth(selector: string, window: string): string {
  return `(${selector} unless last_over_time(${selector}[${window}] offset ${window})) or increase(${selector}[${window}])`;
}

function ofGauge({ metric, condition, window, select, across }: Series): ExpressedValue {
  const { aggregation, operator } = condition;
  const over = (name: string, share = "") => `${name}_over_time(${share}${select()}[${window}])`;
  switch (aggregation) {
    case "avg":
    case "min":
    case "max":
      return { expr: across(aggregation, over(aggregation)), notes: [] };
    case "last":
      return { expr: remembered(condition, select(), across, across(condition.across, over("last"))), notes: [] };
    default: {
      const share = QUANTILES[aggregation];
      if (share === undefined)
        throw new NotExpressible(
          `the ${aggregation} of ${metric.name}, a gauge, depends on how often it is scraped; avg, min, max and last do not.`,
        );
      const worst = operator.startsWith("<") ? "min" : "max";
      return { expr: across(worst, over("quantile", `${share}, `)), notes: [WORST_NOTE] };
    }
  }
}

/** Who has gone counts as 0 for a while. */
function remembered(
  { remember_minutes: minutes, across: name }: MetricThreshold,
  selector: string,
  across: Series["across"],
  expr: string,
): string {
  if (minutes === undefined) return expr;
  const back = across(name, `last_over_time(${selector}[${toDuration(Math.round(minutes * 60))}])`);
  return `(${expr} or 0 * ${back})`;
}

function ofCounter({ metric, condition, window, select, across }: Series): ExpressedValue {
  const { aggregation } = condition;
  if (aggregation !== "sum" && aggregation !== "rate")
    throw new NotExpressible(
      `the ${aggregation} of ${metric.name}, a counter, is of what came between two exports, which Prometheus does not know; sum is what came in the window, rate that a second.`,
    );
  refuseEquality(condition);
  if (aggregation === "rate") return { expr: across("sum", `rate(${select()}[${window}])`), notes: [RATE_NOTE] };
  return { expr: across("sum", growth(select(), window)), notes: [] };
}

function ofHistogram({ metric, condition, window, select, across }: Series): ExpressedValue {
  const { aggregation } = condition;
  const rate = (part: SeriesPart) => across("sum", `rate(${select(part)}[${window}])`);
  const grown = (part: SeriesPart) => across("sum", growth(select(part), window));
  const quantile = (share: number) =>
    `histogram_quantile(${share}, ${across("sum", `rate(${select("_bucket")}[${window}])`, ["le"])})`;
  const value = (expr: string) => ({ expr, notes: [] });
  switch (aggregation) {
    case "avg":
      return value(`${rate("_sum")} / ${rate("_count")}`);
    case "sum":
      return value(grown("_sum"));
    case "rate":
      return { expr: rate("_sum"), notes: [RATE_NOTE] };
    case "count":
      refuseEquality(condition);
      return value(grown("_count"));
    case "min":
      return value(quantile(0));
    case "max":
      return value(quantile(1));
    case "last":
      throw new NotExpressible(`the last value of ${metric.name}, a histogram, is what came between two exports.`);
    default:
      return value(quantile(QUANTILES[aggregation]!));
  }
}

/** Throws {@link NotExpressible} for a condition that what is reckoned does not meet but by chance. */
export function refuseEquality({ operator }: Pick<MetricThreshold, "operator">): void {
  if (operator === "==" || operator === "!=")
    throw new NotExpressible(
      `Prometheus reckons what came in a window from its ends, so that it is hardly ever a whole number; ${operator} would mean nothing, >= does.`,
    );
}
