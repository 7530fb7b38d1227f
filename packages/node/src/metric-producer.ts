// The metric registry as a source of pre-aggregated OpenTelemetry metrics, for any reader of the SDK.
import type { HrTime } from "@opentelemetry/api";
import { ValueType } from "@opentelemetry/api";
import type { Resource } from "@opentelemetry/resources";
import {
  AggregationTemporality,
  type CollectionResult,
  type DataPoint,
  DataPointType,
  type MetricData,
  type MetricProducer,
} from "@opentelemetry/sdk-metrics";
import { TRACEBOOK_SCOPE } from "@tracebook/exporters";
import type { HistogramAggregation, HistogramMetric, MetricRegistry, ScalarMetric } from "@tracebook/metrics";

/** Makes the producer. Metrics are cumulative; `aggregation` says whether histograms leave with explicit bounds or exponential. */
export function createMetricProducer(
  registry: MetricRegistry,
  resource: Resource,
  aggregation: HistogramAggregation,
): MetricProducer {
  return {
    collect(): Promise<CollectionResult> {
      try {
        const snapshot = registry.collect({ histogramAggregation: aggregation });
        const from = toHrTime(snapshot.startEpochMs);
        const to = toHrTime(snapshot.timeEpochMs);
        const metrics = snapshot.metrics.map((metric) =>
          metric.type === "scalar" ? scalarData(metric, from, to) : histogramData(metric, from, to, aggregation),
        );
        return Promise.resolve({
          resourceMetrics: { resource, scopeMetrics: [{ scope: TRACEBOOK_SCOPE, metrics }] },
          errors: [],
        });
      } catch (error) {
        return Promise.resolve({ resourceMetrics: { resource, scopeMetrics: [] }, errors: [error] });
      }
    },
  };
}

function scalarData(metric: ScalarMetric, startTime: HrTime, endTime: HrTime): MetricData {
  const { kind } = metric.definition;
  const dataPoints: DataPoint<number>[] = metric.points.map((point) => ({
    startTime,
    endTime,
    attributes: point.labels,
    value: point.value,
  }));
  const base = {
    descriptor: descriptorOf(metric),
    aggregationTemporality: AggregationTemporality.CUMULATIVE,
    dataPoints,
  };
  if (kind === "gauge") return { ...base, dataPointType: DataPointType.GAUGE };
  return { ...base, dataPointType: DataPointType.SUM, isMonotonic: kind === "counter" };
}

function histogramData(
  metric: HistogramMetric,
  startTime: HrTime,
  endTime: HrTime,
  aggregation: HistogramAggregation,
): MetricData {
  const base = { descriptor: descriptorOf(metric), aggregationTemporality: AggregationTemporality.CUMULATIVE };
  if (aggregation === "base2_exponential_bucket_histogram") {
    return {
      ...base,
      dataPointType: DataPointType.EXPONENTIAL_HISTOGRAM,
      dataPoints: metric.points.flatMap((point) => {
        const exponential = point.exponential;
        if (exponential === undefined) return [];
        const { count, sum, min, max, labels: attributes } = point;
        const { offset, bucketCounts } = exponential.positive;
        const value = {
          count,
          sum,
          min,
          max,
          scale: exponential.scale,
          zeroCount: exponential.zeroCount,
          positive: { offset, bucketCounts: [...bucketCounts] },
          // What is measured here is never negative; the catalogue refuses such values.
          negative: { offset: 0, bucketCounts: [] },
        };
        return [{ startTime, endTime, attributes, value }];
      }),
    };
  }
  return {
    ...base,
    dataPointType: DataPointType.HISTOGRAM,
    dataPoints: metric.points.map(({ count, sum, min, max, bounds, counts, labels: attributes }) => ({
      startTime,
      endTime,
      attributes,
      value: { buckets: { boundaries: [...bounds], counts }, count, sum, min, max },
    })),
  };
}

function descriptorOf({ definition }: ScalarMetric | HistogramMetric): MetricData["descriptor"] {
  return { name: definition.name, description: definition.help, unit: definition.unit, valueType: ValueType.DOUBLE };
}

function toHrTime(epochMs: number): HrTime {
  const seconds = Math.floor(epochMs / 1e3);
  return [seconds, Math.round((epochMs - seconds * 1e3) * 1e6)];
}
