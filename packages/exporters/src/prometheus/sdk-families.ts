// OpenTelemetry's own metrics (of instrumentations and of the host's meters) as families.
import {
  type DataPoint,
  DataPointType,
  type ExponentialHistogram,
  type Histogram,
  type MetricData,
  type ScopeMetrics,
} from "@opentelemetry/sdk-metrics";
import type { FamilyCandidate } from "./family-plan.ts";
import type { LabelNames } from "./label-names.ts";
import type { FamilyType, HistogramValue } from "./metric-family.ts";

/** The metrics of all scopes as candidates for families, in their order. */
export function sdkCandidates(scopes: readonly ScopeMetrics[], names: LabelNames): FamilyCandidate[] {
  return scopes.flatMap(({ metrics }) => metrics.map((metric) => candidateOf(metric, names)));
}

function candidateOf(metric: MetricData, names: LabelNames): FamilyCandidate {
  const { name, description, unit } = metric.descriptor;
  const type = typeOf(metric);
  const points = metric.dataPoints as readonly DataPoint<number | Histogram | ExponentialHistogram>[];
  return {
    name,
    type,
    help: description,
    unit,
    size: points.length,
    pointAt(series) {
      const point = points[series];
      // A counter that was given NaN says nothing any more, and no format has a place for it.
      if (point === undefined || (type === "counter" && !((point.value as number) >= 0))) return undefined;
      const labels = names.labels(point.attributes, type === "histogram");
      return { labels, value: typeof point.value === "number" ? point.value : toHistogram(point.value) };
    },
    mayRepeat: true,
  };
}

function typeOf(metric: MetricData): FamilyType {
  if (metric.dataPointType === DataPointType.SUM) return metric.isMonotonic ? "counter" : "gauge";
  return metric.dataPointType === DataPointType.GAUGE ? "gauge" : "histogram";
}

function toHistogram(value: Histogram | ExponentialHistogram): HistogramValue {
  const { count, sum } = value;
  if ("buckets" in value) {
    const { boundaries, counts } = value.buckets;
    // A host may give infinity as its last bound; the bucket behind it is empty then.
    const bounds = boundaries.at(-1) === Infinity ? boundaries.slice(0, -1) : boundaries;
    return { bounds, counts: counts.slice(0, bounds.length + 1), count, sum, native: undefined, exemplars: undefined };
  }
  const { scale, zeroCount, positive, negative } = value;
  const native = { scale, zeroThreshold: 2 ** -128, zeroCount, positive, negative };
  // Text formats have no exponential buckets: the one to infinity is true in any case.
  return { bounds: [], counts: [count], count, sum, native, exemplars: undefined };
}
