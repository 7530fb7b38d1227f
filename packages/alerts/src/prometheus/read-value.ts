// A value of PromQL as an aggregate that rules have.
import type { MetricDefinition } from "@tracebook/metrics";
import type { AcrossSeries, AlertAggregation } from "../rules/alert-rule.ts";
import { type KnownMetrics, labelsOfRules, type SeriesPart, toPrometheusLabel } from "./known-metrics.ts";
import { NotExpressible } from "./not-expressible.ts";
import type { PromqlNode, Selector } from "./promql-parser.ts";

/** An aggregate of what a selector chooses. */
export interface ReadValue {
  readonly aggregation: AlertAggregation;
  readonly across: AcrossSeries | undefined;
  readonly selector: Selector;
  readonly part: SeriesPart;
  readonly metric: MetricDefinition;
  /** Labels of Prometheus by which there is a value each. */
  readonly by: readonly string[];
  readonly windowS: number;
  /** Of which series a percentile is: the highest or the lowest one. */
  readonly worst: string | undefined;
  /** What the threshold is multiplied by: of a count a second, the seconds of the window. */
  readonly times: number;
}

/** How series become one: over all of them, by some labels, or (undefined) not at all. */
interface Aggregate {
  readonly name: string;
  readonly by: readonly string[];
}

/** How far Prometheus looks back for the value of the moment. */
const LOOK_BACK_S = 300;
const PERCENTILES: readonly (readonly [number, AlertAggregation])[] = [
  [0, "min"],
  [0.5, "p50"],
  [0.9, "p90"],
  [0.95, "p95"],
  [0.99, "p99"],
  [1, "max"],
];
const ACROSS: readonly AcrossSeries[] = ["sum", "max", "min", "avg"];
/** What a rule can say, for messages. */
const FORMS =
  "a rule can say avg, min, max, a percentile or the last value of a gauge over time, the increase or rate of counters, and averages and percentiles of histograms";

/** What a node is in the words of a rule. Throws {@link NotExpressible}. */
export function readValue(node: PromqlNode, metrics: KnownMetrics): ReadValue {
  if (node.kind === "call" && node.name === "histogram_quantile") return readQuantile(node.args, metrics);
  if (node.kind === "aggregate") return readSeries(node.arg, node, metrics);
  if (node.kind === "call" || node.kind === "selector") return readSeries(node, undefined, metrics);
  const growing = growthOf(node);
  if (growing !== undefined) return readGrowth(growing, undefined, metrics);
  if (node.kind === "binary" && node.op === "/") return readMean(node, metrics);
  throw new NotExpressible(`it puts several values together; ${FORMS}.`);
}

export function isSame(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

function readSeries(node: PromqlNode, over: Aggregate | undefined, metrics: KnownMetrics): ReadValue {
  const growing = growthOf(node);
  if (growing !== undefined) return readGrowth(growing, over, metrics);
  if (node.kind === "selector") return readLast(node, over, metrics);
  if (node.kind !== "call") throw new NotExpressible(`it puts several values together; ${FORMS}.`);
  const isQuantile = node.name === "quantile_over_time";
  const selector = isQuantile ? node.args[1] : node.args[0];
  if (node.name === "last_over_time" && selector?.kind === "selector") return readLast(selector, over, metrics);
  const aggregation = isQuantile ? percentileOf(node.args[0]) : overTime(node.name);
  if (aggregation === undefined || selector?.kind !== "selector")
    throw new NotExpressible(`it takes ${node.name}; ${FORMS}.`);
  const wanted = isQuantile ? ["min", "max"] : [aggregation];
  if (over !== undefined && !wanted.includes(over.name))
    throw new NotExpressible(`it takes the ${over.name} of ${node.name}; a rule can say ${wanted.join(" or ")} of it.`);
  return { ...base(selector, GAUGES, over, metrics), aggregation, worst: isQuantile ? over?.name : undefined };
}

/** The newest value of each series; that of the moment is one that Prometheus looks back for. */
function readLast(selector: Selector, over: Aggregate | undefined, metrics: KnownMetrics): ReadValue {
  const across = over === undefined ? "sum" : ACROSS.find((name) => name === over.name);
  if (across === undefined)
    throw new NotExpressible(`it takes the ${over?.name} of several series; a rule can say ${ACROSS.join(", ")}.`);
  return { ...base(selector, GAUGES, over, metrics), aggregation: "last", across };
}

function readGrowth({ selector, isRate }: Growth, over: Aggregate | undefined, metrics: KnownMetrics): ReadValue {
  if (over !== undefined && over.name !== "sum")
    throw new NotExpressible(`it takes the ${over.name} of what came in each series; a rule can say sum.`);
  const read = base(selector, ["counter", "histogram"], over, metrics);
  if (read.part === "_bucket")
    throw new NotExpressible("it counts what came into buckets; a rule can say percentiles of a histogram.");
  if (read.part === "_count") return { ...read, aggregation: "count", times: isRate ? read.windowS : 1 };
  return { ...read, aggregation: isRate ? "rate" : "sum" };
}

function readQuantile([share, buckets]: readonly PromqlNode[], metrics: KnownMetrics): ReadValue {
  const aggregation = percentileOf(share);
  if (aggregation === undefined)
    throw new NotExpressible("it takes a quantile other than 0, 0.5, 0.9, 0.95, 0.99 and 1.");
  if (buckets?.kind === "aggregate" && buckets.name !== "sum")
    throw new NotExpressible(`it takes a quantile of the ${buckets.name} of series; a rule takes that of sum by (le).`);
  const selector = rateOf(buckets?.kind === "aggregate" ? buckets.arg : buckets);
  if (selector === undefined) throw new NotExpressible("it takes a quantile of what is no rate of buckets.");
  const over = buckets?.kind === "aggregate" ? buckets : undefined;
  if (over !== undefined && !over.by.includes("le"))
    throw new NotExpressible("it takes a quantile of what is no rate of buckets by le.");
  const others = over && { ...over, by: over.by.filter((label) => label !== "le") };
  const read = base(selector, ["histogram"], others, metrics);
  if (read.part !== "_bucket") throw new NotExpressible("it takes a quantile of what is no rate of buckets by le.");
  return { ...read, aggregation };
}

function readMean(
  { left, right }: { readonly left: PromqlNode; readonly right: PromqlNode },
  metrics: KnownMetrics,
): ReadValue {
  const [sum, count] = [left, right].map((node) =>
    node.kind === "aggregate" && node.name === "sum" ? { over: node, selector: rateOf(node.arg) } : undefined,
  );
  if (sum?.selector === undefined || count?.selector === undefined)
    throw new NotExpressible(`it divides values; ${FORMS}.`);
  const [over, under] = [
    base(sum.selector, ["histogram"], sum.over, metrics),
    base(count.selector, ["histogram"], count.over, metrics),
  ];
  const isMean =
    over.metric === under.metric &&
    over.part === "_sum" &&
    under.part === "_count" &&
    isSame({ ...sum.selector, name: "" }, { ...count.selector, name: "" }) &&
    isSame(over.by, under.by);
  if (!isMean) throw new NotExpressible("it divides what is not the sum and the count of one histogram.");
  return { ...over, aggregation: "avg" };
}

interface Growth {
  readonly selector: Selector;
  readonly isRate: boolean;
}

/** `increase`, `rate`, or growth that counts a series that is new with its whole value. */
function growthOf(node: PromqlNode | undefined): Growth | undefined {
  if (node?.kind === "call" && (node.name === "increase" || node.name === "rate")) {
    const [selector] = node.args;
    return selector?.kind === "selector" ? { selector, isRate: node.name === "rate" } : undefined;
  }
  if (node?.kind !== "binary" || node.op !== "or") return undefined;
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

function rateOf(node: PromqlNode | undefined): Selector | undefined {
  return node?.kind === "call" ? growthOf(node)?.selector : undefined;
}

function overTime(name: string): AlertAggregation | undefined {
  return (["avg", "min", "max"] as const).find((one) => name === `${one}_over_time`);
}

function percentileOf(share: PromqlNode | undefined): AlertAggregation | undefined {
  return share?.kind === "number" ? PERCENTILES.find(([value]) => value === share.value)?.[1] : undefined;
}

const GAUGES = ["gauge", "updowncounter"];

function base(
  selector: Selector,
  kinds: readonly string[],
  over: Aggregate | undefined,
  metrics: KnownMetrics,
): Omit<ReadValue, "aggregation"> {
  const series = metrics.bySeries(selector.name);
  if (series === undefined)
    throw new NotExpressible(
      `it is about ${selector.name}, whose kind is not known: give its definition as one of metrics.`,
    );
  const { metric } = series;
  if (!kinds.includes(metric.kind))
    throw new NotExpressible(`it takes ${selector.name}, a ${metric.kind}, for another kind of metric.`);
  if (selector.offset !== 0) throw new NotExpressible("it asks for an earlier time, by offset.");
  // A value of each series by itself is one by all labels.
  const by = over?.by ?? labelsOfRules(metric).map((label) => toPrometheusLabel(label, metric)!);
  return {
    ...series,
    selector,
    by,
    across: undefined,
    windowS: selector.window ?? LOOK_BACK_S,
    worst: undefined,
    times: 1,
  };
}
