// An expression of PromQL as the condition of a rule, where the two hold at the same times.
import type { AlertOperator, LabelMatch } from "../rules/alert-rule.ts";
import { fromPrometheusLabel, type KnownMetrics } from "./known-metrics.ts";
import { NotExpressible } from "./not-expressible.ts";
import { type PromqlNode, parsePromql, type Selector } from "./promql-parser.ts";
import { isSame, type ReadValue, readValue } from "./read-value.ts";
import { alternativesOf } from "./series-selector.ts";
import { EMPTY_IS_ZERO, holdsAtZero } from "./to-expression.ts";

/** What of a rule its expression says: to be read by `parseAlertRule`. */
export interface ConditionFields {
  readonly rule_type: "metric_threshold" | "event_frequency";
  readonly condition_config: object;
  /** What a rule calls the labels that tell its alerts apart, by what Prometheus calls them. */
  readonly labelNames: ReadonlyMap<string, string>;
}

interface Comparison {
  readonly value: PromqlNode;
  readonly operator: AlertOperator;
  readonly threshold: number;
}

/** What is compared, and what stands in where there is nothing. */
interface Compared {
  readonly read: ReadValue;
  readonly divisor?: ReadValue;
  readonly rememberS?: number;
  readonly isZeroFilled: boolean;
}

/** A divisor that is left out where it is 0, or not above it. */
interface Guarded {
  readonly under: PromqlNode;
  readonly isAbove: boolean;
}

const FLIPPED: Readonly<Record<string, AlertOperator>> = {
  ">": "<",
  ">=": "<=",
  "<": ">",
  "<=": ">=",
  "==": "==",
  "!=": "!=",
};

/** The condition of an expression. Throws {@link NotExpressible}. */
export function fromExpression(expr: string, metrics: KnownMetrics): ConditionFields {
  const comparison = comparisonOf(parsePromql(expr));
  const compared = comparedOf(comparison.value, metrics);
  checkWorst(compared, comparison);
  return toCondition(compared, comparison);
}

function comparisonOf(node: PromqlNode): Comparison {
  if (node.kind === "binary" && FLIPPED[node.op] !== undefined) {
    const { op, left, right } = node;
    if (right.kind === "number") return { value: left, operator: op as AlertOperator, threshold: right.value };
    if (left.kind === "number") return { value: right, operator: FLIPPED[op]!, threshold: left.value };
  }
  throw new NotExpressible("it does not end in a comparison of a value with a number.");
}

function comparedOf(node: PromqlNode, metrics: KnownMetrics): Compared {
  if (node.kind === "binary" && node.op === "or") {
    const zeros = zeroTimes(node.right);
    if (isSame(node.right, NO_SERIES)) return { read: readValue(node.left, metrics), isZeroFilled: true };
    if (zeros !== undefined) return rememberedOf(node.left, zeros, metrics);
  }
  if (node.kind === "binary" && node.op === "/") {
    const guarded = guardedOf(node.right);
    if (guarded !== undefined) return ratioOf(node.left, guarded, metrics);
    if (!isMean(node)) return shareOf(node.left, node.right, metrics);
  }
  return { read: readValue(node, metrics), isZeroFilled: false };
}

/** Those who have gone count as 0 for a while: `x or 0 * sum(last_over_time(x[6h]))`. */
function rememberedOf(now: PromqlNode, before: PromqlNode, metrics: KnownMetrics): Compared {
  const [read, past] = [readValue(now, metrics), readValue(before, metrics)];
  const isOfSame =
    read.aggregation === "last" &&
    past.aggregation === "last" &&
    read.across === past.across &&
    past.windowS > read.windowS &&
    isSame(read.by, past.by) &&
    isSame(anyTime(read.selector), anyTime(past.selector));
  if (!isOfSame) throw new NotExpressible("it has two values of which one stands in for the other.");
  return { read, rememberS: past.windowS, isZeroFilled: false };
}

/** `x / (y != 0)`, and `(x or 0 * y) / (y != 0)`. */
function ratioOf(left: PromqlNode, { under, isAbove }: Guarded, metrics: KnownMetrics): Compared {
  const zeros = left.kind === "binary" && left.op === "or" ? zeroTimes(left.right) : undefined;
  const isZeroFilled = zeros !== undefined && isSame(zeros, under);
  const over = isZeroFilled && left.kind === "binary" ? left.left : left;
  const [read, divisor] = [readValue(over, metrics), readValue(under, metrics)];
  checkRatio(read, divisor);
  // What only grows is above 0 where it is not 0; a level may be below it.
  if (isAbove && !EMPTY_IS_ZERO.includes(divisor.aggregation))
    throw new NotExpressible("it divides by what is above 0, where a rule divides by what is not 0: x / (y != 0).");
  return { read, divisor, isZeroFilled };
}

/** `x / y`, where y is of the same metric and has all that x has: 0 / 0 is nothing, and nothing else is divided by 0. */
function shareOf(left: PromqlNode, right: PromqlNode, metrics: KnownMetrics): Compared {
  const [read, divisor] = [readValue(left, metrics), readValue(right, metrics)];
  checkRatio(read, divisor);
  const isPart =
    EMPTY_IS_ZERO.includes(read.aggregation) &&
    read.selector.name === divisor.selector.name &&
    divisor.selector.matchers.every((matcher) => read.selector.matchers.some((one) => isSame(one, matcher)));
  if (!isPart) throw new NotExpressible("it divides by what may be 0; a rule has no value then: x / (y != 0).");
  return { read, divisor, isZeroFilled: false };
}

function checkRatio(read: ReadValue, divisor: ReadValue): void {
  const how = ({ aggregation, across, by, windowS, times }: ReadValue) => [aggregation, across, by, windowS, times];
  if (read.worst !== undefined || divisor.worst !== undefined || !isSame(how(read), how(divisor)))
    throw new NotExpressible("it divides values that are not worked out alike; a rule takes both the same way.");
}

/** Y of `(y != 0)`, or of `(y > 0)`. */
function guardedOf(node: PromqlNode): Guarded | undefined {
  const isGuard = node.kind === "binary" && (node.op === "!=" || node.op === ">");
  if (!isGuard || node.right.kind !== "number" || node.right.value !== 0) return undefined;
  return { under: node.left, isAbove: node.op === ">" };
}

/** Y of `0 * y`. */
function zeroTimes(node: PromqlNode): PromqlNode | undefined {
  const isZero = node.kind === "binary" && node.op === "*" && node.left.kind === "number" && node.left.value === 0;
  return isZero ? node.right : undefined;
}

/** `sum(rate(x_sum[5m])) / sum(rate(x_count[5m]))` is one value. */
function isMean({ left, right }: { readonly left: PromqlNode; readonly right: PromqlNode }): boolean {
  return nameWithin(left).endsWith("_sum") && nameWithin(right).endsWith("_count");
}

/** The name of the series of `sum(rate(x[5m]))`. */
function nameWithin(node: PromqlNode): string {
  const [series] = node.kind === "aggregate" && node.arg.kind === "call" ? node.arg.args : [];
  return series?.kind === "selector" ? series.name : "";
}

/** Whether a percentile is that of the series that makes the alert fire first. */
function checkWorst({ read: { worst } }: Compared, { operator, threshold }: Comparison): void {
  if (worst !== undefined && worst !== (operator.startsWith("<") ? "min" : "max"))
    throw new NotExpressible(`it holds when all series are ${operator} ${threshold}, and not one of them.`);
}

function toCondition(compared: Compared, { operator, threshold: given }: Comparison): ConditionFields {
  const { read, divisor, rememberS } = compared;
  const threshold = divisor === undefined ? given * read.times : given;
  const needsZero = holdsAtZero(operator, threshold);
  const event = eventOf(compared, threshold, needsZero);
  const common = { operator, threshold, time_window_minutes: read.windowS / 60 };
  const labelNames = new Map(read.by.map((label) => [label, nameOf(label, read)]));
  if (event !== undefined)
    return { rule_type: "event_frequency", condition_config: { ...common, ...event }, labelNames };
  checkZeros(compared, needsZero);
  const condition_config = {
    metric: read.metric.name,
    labels: labelsOf(read),
    by: read.by.map((label) => nameOf(label, read)),
    aggregation: read.aggregation,
    ...common,
    ...(read.across === undefined ? undefined : { across: read.across }),
    ...(rememberS === undefined ? undefined : { remember_minutes: rememberS / 60 }),
    ...(divisor === undefined ? undefined : { divided_by: { metric: divisor.metric.name, labels: labelsOf(divisor) } }),
  };
  // A divisor that is grouped by labels of its own is refused here.
  if (divisor !== undefined) for (const label of divisor.by) nameOf(label, divisor);
  return { rule_type: "metric_threshold", condition_config, labelNames };
}

/** Where there is nothing, a rule has no value; but a count of all, and a share of what came, are 0. */
function checkZeros({ read, divisor, isZeroFilled }: Compared, needsZero: boolean): void {
  const hasZero =
    divisor === undefined
      ? read.aggregation === "count" && read.by.length === 0
      : EMPTY_IS_ZERO.includes(read.aggregation);
  if (!needsZero || hasZero === isZeroFilled) return;
  if (isZeroFilled) throw new NotExpressible("it holds where there are no values, and a rule about a metric does not.");
  throw new NotExpressible(
    divisor === undefined
      ? "where nothing was counted it does not hold, and a rule's count is 0 there: ... or vector(0)."
      : "where nothing is divided it does not hold, and a rule's share is 0 there: (x or 0 * y) / (y != 0).",
  );
}

/** The events that a counter counts. */
function eventOf({ read, divisor, isZeroFilled }: Compared, threshold: number, needsZero: boolean): object | undefined {
  const isGrowth = read.aggregation === "sum" || read.aggregation === "rate";
  if (!isGrowth || divisor !== undefined || read.by.length > 0 || needsZero !== isZeroFilled) return undefined;
  const labels = labelsOf(read);
  const isPlain = Object.entries(labels).every(
    ([label, value]) => typeof value === "string" && read.metric.labels.includes(label),
  );
  if (!isPlain) return undefined;
  const { event_type, symbol, ...fields } = labels;
  const compared = { threshold: read.aggregation === "rate" ? threshold * read.windowS : threshold };
  if (read.metric.name === "trading_events_total" && event_type !== undefined) return { event_type, ...compared };
  if (read.metric.name !== "trading_decisions_total") return undefined;
  return { event_type: "decision", fields, ...(symbol === undefined ? undefined : { symbol }), ...compared };
}

function labelsOf(read: ReadValue): LabelMatch {
  const entries = read.selector.matchers.map(({ label, op, value }) => {
    const values = op === "=" ? [value] : op === "=~" ? alternativesOf(value) : undefined;
    if (values === undefined)
      throw new NotExpressible(
        `it chooses series by ${label}${op}${JSON.stringify(value)}; a rule can say that a label is one of some values.`,
      );
    return [nameOf(label, read), values.length === 1 ? values[0]! : values] as const;
  });
  if (new Set(entries.map(([label]) => label)).size < entries.length)
    throw new NotExpressible("it says a label twice.");
  return Object.fromEntries(entries);
}

function nameOf(label: string, { metric }: ReadValue): string {
  const known = fromPrometheusLabel(label, metric);
  if (known !== undefined) return known;
  throw new NotExpressible(
    `it tells series apart by ${label}, which ${metric.name} has not where the rule is evaluated.`,
  );
}

function anyTime(selector: Selector): object {
  return { ...selector, window: undefined };
}

const NO_SERIES: PromqlNode = { kind: "call", name: "vector", args: [{ kind: "number", value: 0 }] };
