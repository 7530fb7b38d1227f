// An expression of PromQL as the condition of a rule, where the two hold at the same times.
import type { MetricDefinition } from "@tracebook/metrics";
import type { AlertAggregation, AlertOperator } from "../rules/alert-rule.ts";
import { type KnownMetrics, SERVICE_LABELS, type SeriesPart, toWireName } from "./known-metrics.ts";
import { NotExpressible } from "./not-expressible.ts";
import { type PromqlNode, parsePromql, type Selector } from "./promql-parser.ts";
import { holdsAtZero } from "./to-expression.ts";

/** What of a rule its expression says: to be read by `parseAlertRule`. */
export interface ConditionFields {
  readonly rule_type: "metric_threshold" | "event_frequency";
  readonly condition_config: object;
}

/** A value that rules have: an aggregate of what a selector chooses. */
interface Found {
  readonly aggregation: AlertAggregation;
  readonly selector: Selector;
  readonly part: SeriesPart;
  readonly metric: MetricDefinition;
  /** By which series are told apart. */
  readonly by: readonly string[];
  /** Of which series a percentile is: the highest or the lowest one. */
  readonly worst?: string | undefined;
  /** What the threshold is multiplied by: of a rate the seconds of the window. */
  readonly times: number;
}

const FLIPPED: Readonly<Record<string, AlertOperator>> = {
  ">": "<",
  ">=": "<=",
  "<": ">",
  "<=": ">=",
  "==": "==",
  "!=": "!=",
};
const PERCENTILES: readonly (readonly [number, AlertAggregation])[] = [
  [0, "min"],
  [0.5, "p50"],
  [0.9, "p90"],
  [0.95, "p95"],
  [0.99, "p99"],
  [1, "max"],
];
const FORMS =
  "a rule can say avg, min, max or a percentile of a gauge over time, the increase of counters, and averages and percentiles of histograms";

/** The condition of an expression. Throws {@link NotExpressible}. */
export function fromExpression(expr: string, metrics: KnownMetrics): ConditionFields {
  const { value, operator, threshold } = comparisonOf(parsePromql(expr));
  const isZeroFilled = value.kind === "binary" && value.op === "or" && isZero(value.right);
  const found = foundIn(isZeroFilled ? value.left : value, metrics);
  const limit = threshold * found.times;
  checkGrouping(found, operator, limit);
  return toCondition(found, operator, limit, isZeroFilled);
}

function comparisonOf(node: PromqlNode): { value: PromqlNode; operator: AlertOperator; threshold: number } {
  if (node.kind === "binary" && FLIPPED[node.op] !== undefined) {
    const { op, left, right } = node;
    if (right.kind === "number") return { value: left, operator: op as AlertOperator, threshold: right.value };
    if (left.kind === "number") return { value: right, operator: FLIPPED[op]!, threshold: left.value };
  }
  throw new NotExpressible("it does not end in a comparison of a value with a number.");
}

function foundIn(node: PromqlNode, metrics: KnownMetrics): Found {
  if (node.kind === "call" && node.name === "histogram_quantile") return quantileOf(node.args, metrics);
  if (node.kind === "call") return ofSeries(node, undefined, [], metrics);
  if (node.kind === "aggregate") return ofSeries(node.arg, node.name, node.by, metrics);
  if (node.kind === "binary" && node.op === "/") return meanOf(node.left, node.right, metrics);
  if (node.kind === "selector") throw momentary(node);
  throw new NotExpressible(`it puts several values together; ${FORMS}.`);
}

/** A value of each series, and what becomes of them all. */
function ofSeries(node: PromqlNode, over: string | undefined, by: readonly string[], metrics: KnownMetrics): Found {
  if (node.kind === "selector") throw momentary(node);
  const grown = growthOf(node);
  if (grown !== undefined) return increaseOf(grown.selector, grown.isRate, over, by, metrics);
  if (node.kind !== "call") throw new NotExpressible(`it puts several values together; ${FORMS}.`);
  const isQuantile = node.name === "quantile_over_time";
  const selector = isQuantile ? node.args[1] : node.args[0];
  const aggregation = isQuantile ? percentileOf(node.args[0]) : overTime(node.name);
  if (aggregation === undefined || selector?.kind !== "selector")
    throw new NotExpressible(`it takes ${node.name}; ${FORMS}.`);
  const wanted = isQuantile ? ["min", "max"] : [aggregation];
  if (over === undefined && aggregation === "avg")
    throw new NotExpressible(`it is an alert for each series; a rule is one: avg(${node.name}(...)).`);
  if (over !== undefined && !wanted.includes(over))
    throw new NotExpressible(`it takes the ${over} of ${node.name}; a rule can say ${wanted.join(" or ")} of it.`);
  // Of each series by itself: as the worst one of them.
  const each = over === undefined ? ["each series"] : by;
  const series = seriesOf(selector, ["gauge", "updowncounter"], metrics);
  return { ...series, aggregation, by: each, times: 1, selector, worst: isQuantile ? over : undefined };
}

function increaseOf(
  selector: Selector,
  isRate: boolean,
  over: string | undefined,
  by: readonly string[],
  metrics: KnownMetrics,
): Found {
  if (over !== undefined && over !== "sum")
    throw new NotExpressible(`it takes the ${over} of what came in each series; a rule can say sum.`);
  const series = seriesOf(selector, ["counter", "histogram"], metrics);
  if (series.part === "_bucket")
    throw new NotExpressible("it counts what came into buckets; a rule can say percentiles of a histogram.");
  const aggregation = series.part === "_count" ? "count" : "sum";
  const times = isRate ? (selector.window ?? 1) : 1;
  return { ...series, aggregation, by: over === undefined ? ["each series"] : by, times, selector };
}

function quantileOf([share, buckets]: readonly PromqlNode[], metrics: KnownMetrics): Found {
  const aggregation = percentileOf(share);
  if (aggregation === undefined)
    throw new NotExpressible("it takes a quantile other than 0, 0.5, 0.9, 0.95, 0.99 and 1.");
  if (buckets?.kind !== "aggregate" || buckets.name !== "sum")
    throw new NotExpressible("it takes a quantile of each series; a rule takes that of sum by (le).");
  const selector = rateOf(buckets.arg);
  if (selector === undefined) throw new NotExpressible("it takes a quantile of what is no rate of buckets.");
  const series = seriesOf(selector, ["histogram"], metrics);
  if (series.part !== "_bucket" || !buckets.by.includes("le"))
    throw new NotExpressible("it takes a quantile of what is no rate of buckets by le.");
  return { ...series, aggregation, by: buckets.by.filter((label) => label !== "le"), times: 1, selector };
}

function meanOf(left: PromqlNode, right: PromqlNode, metrics: KnownMetrics): Found {
  const [sum, count] = [left, right].map((node) =>
    node.kind === "aggregate" && node.name === "sum" ? { by: node.by, selector: rateOf(node.arg) } : undefined,
  );
  if (sum?.selector === undefined || count?.selector === undefined)
    throw new NotExpressible(`it divides values; ${FORMS}.`);
  const [over, under] = [
    seriesOf(sum.selector, ["histogram"], metrics),
    seriesOf(count.selector, ["histogram"], metrics),
  ];
  const isMean =
    over.metric === under.metric &&
    over.part === "_sum" &&
    under.part === "_count" &&
    isSame({ ...sum.selector, name: "" }, { ...count.selector, name: "" }) &&
    isSame(sum.by, count.by);
  if (!isMean) throw new NotExpressible("it divides what is not the sum and the count of one histogram.");
  return { ...over, aggregation: "avg", by: sum.by, times: 1, selector: sum.selector };
}

/** `increase`, `rate`, or growth that counts a series that is new with its whole value. */
function growthOf(node: PromqlNode): { readonly selector: Selector; readonly isRate: boolean } | undefined {
  if (node.kind === "call" && (node.name === "increase" || node.name === "rate")) {
    const [selector] = node.args;
    return selector?.kind === "selector" ? { selector, isRate: node.name === "rate" } : undefined;
  }
  if (node.kind !== "binary" || node.op !== "or") return undefined;
  const grown = growthOf(node.right);
  if (grown === undefined || grown.isRate || grown.selector.window === undefined) return undefined;
  const { selector } = grown;
  const now: PromqlNode = { ...selector, window: undefined };
  const before: PromqlNode = {
    kind: "call",
    name: "last_over_time",
    args: [{ ...selector, offset: grown.selector.window }],
  };
  return isSame(node.left, { kind: "binary", op: "unless", left: now, right: before }) ? grown : undefined;
}

function rateOf(node: PromqlNode): Selector | undefined {
  return node.kind === "call" ? growthOf(node)?.selector : undefined;
}

function overTime(name: string): AlertAggregation | undefined {
  return (["avg", "min", "max"] as const).find((one) => name === `${one}_over_time`);
}

function percentileOf(share: PromqlNode | undefined): AlertAggregation | undefined {
  return share?.kind === "number" ? PERCENTILES.find(([value]) => value === share.value)?.[1] : undefined;
}

function seriesOf(selector: Selector, kinds: readonly string[], metrics: KnownMetrics) {
  const series = metrics.bySeries(selector.name);
  if (series === undefined)
    throw new NotExpressible(
      `it is about ${selector.name}, whose kind is not known: give its definition as one of metrics.`,
    );
  if (!kinds.includes(series.metric.kind))
    throw new NotExpressible(`it takes ${selector.name}, a ${series.metric.kind}, for another kind of metric.`);
  if (selector.offset !== 0) throw new NotExpressible("it asks for an earlier time, by offset.");
  return series;
}

/** Whether any of several series, or groups of them, makes the alert fire exactly when the value of them all does. */
function checkGrouping({ aggregation, by, metric, worst }: Found, operator: AlertOperator, threshold: number): void {
  if (worst !== undefined && worst !== (operator.startsWith("<") ? "min" : "max"))
    throw new NotExpressible(`it holds when all series are ${operator} ${threshold}, and not one of them.`);
  if (by.length === 0) return;
  const isAbove = operator === ">" || operator === ">=";
  const isAnyMax = aggregation === "max" && isAbove;
  const isAnyMin = aggregation === "min" && operator.startsWith("<");
  // What only grows is above nothing in all when it is in any of them.
  const isGrowth = aggregation === "count" || (aggregation === "sum" && metric.kind === "counter");
  if (isAnyMax || isAnyMin || (isGrowth && operator === ">" && threshold === 0)) return;
  throw new NotExpressible(`it is an alert for each ${by.join(", ")}; a rule is one, of all of them.`);
}

function toCondition(
  { aggregation, selector, metric }: Found,
  operator: AlertOperator,
  threshold: number,
  isZeroFilled: boolean,
): ConditionFields {
  const labels = labelsOf(selector, metric);
  const common = { operator, threshold, time_window_minutes: (selector.window ?? 0) / 60 };
  const isCount = aggregation === "count";
  const needsZero = holdsAtZero(operator, threshold);
  const event = aggregation === "sum" && needsZero === isZeroFilled ? eventOf(metric.name, labels) : undefined;
  if (event !== undefined) return { rule_type: "event_frequency", condition_config: { ...event, ...common } };
  if (isCount && needsZero && !isZeroFilled)
    throw new NotExpressible(
      "where nothing was counted it does not hold, and a rule's count is 0 there: ... or vector(0).",
    );
  if (!isCount && needsZero && isZeroFilled)
    throw new NotExpressible("it holds where there are no values, and a rule about a metric does not.");
  return { rule_type: "metric_threshold", condition_config: { metric: metric.name, labels, aggregation, ...common } };
}

/** The events that a counter counts. */
function eventOf(metric: string, labels: Readonly<Record<string, string>>): object | undefined {
  const { event_type, symbol, ...fields } = labels;
  if (labels[SERVICE_LABELS[0]] !== undefined) return undefined;
  if (metric === "trading_events_total" && event_type !== undefined) return { event_type };
  if (metric !== "trading_decisions_total") return undefined;
  return { event_type: "decision", fields, ...(symbol === undefined ? undefined : { symbol }) };
}

function labelsOf({ matchers }: Selector, metric: MetricDefinition): Readonly<Record<string, string>> {
  const [ours, theirs] = SERVICE_LABELS;
  const entries = matchers.map(({ label, op, value }) => {
    if (op !== "=")
      throw new NotExpressible(
        `it chooses series by ${label}${op}${JSON.stringify(value)}; a rule can say that a label is equal.`,
      );
    const known = label === theirs ? ours : metric.labels.find((one) => toWireName(one) === label);
    if (known === undefined)
      throw new NotExpressible(
        `it chooses series by ${label}, which ${metric.name} has not where the rule is evaluated.`,
      );
    return [known, value] as const;
  });
  if (new Set(entries.map(([label]) => label)).size < entries.length)
    throw new NotExpressible("it says a label twice.");
  return Object.fromEntries(entries);
}

function momentary({ name }: Selector): NotExpressible {
  return new NotExpressible(
    `it asks for ${name} of the moment; a rule has a window: max_over_time(${name}[1m]), for one.`,
  );
}

function isZero(node: PromqlNode): boolean {
  return isSame(node, { kind: "call", name: "vector", args: [{ kind: "number", value: 0 }] });
}

function isSame(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}
