// Requests of metrics, read back into what a metric reader collected.
import { ValueType } from "@opentelemetry/api";
import {
  AggregationTemporality,
  DataPointType,
  type MetricData,
  type MetricDescriptor,
  type ResourceMetrics,
} from "@opentelemetry/sdk-metrics";
import {
  EXPONENTIAL_POINT,
  type ExponentialPoint,
  HISTOGRAM_POINT,
  type HistogramPoint,
  NUMBER_POINT,
  type NumberPoint,
  newExponentialPoint,
  newHistogramPoint,
  newNumberPoint,
  toNumberPoints,
} from "./metric-points.ts";
import { defineRequestReader } from "./request-entries.ts";
import type { MessageTable } from "./wire-reader.ts";

/** Gauge, Sum, Histogram or ExponentialHistogram: they have the same fields, as far as they have them. */
interface PointsDraft<Point> {
  readonly points: Point[];
  temporality: number;
  isMonotonic: boolean;
}
interface MetricDraft {
  name: string;
  description: string;
  unit: string;
  /** Makes the whole of it; undefined until there are data of a known kind. */
  finish: ((descriptor: Omit<MetricDescriptor, "valueType">) => MetricData) | undefined;
}

/** AGGREGATION_TEMPORALITY_DELTA (opentelemetry-proto 1.x); 2 is cumulative, and gauges, which have none, pass for that. */
const DELTA = 1;

// Field numbers: opentelemetry-proto 1.x, metrics/v1/metrics.proto.
const NUMBER_POINTS = pointsTable(NUMBER_POINT, newNumberPoint);
const HISTOGRAM_POINTS = pointsTable(HISTOGRAM_POINT, newHistogramPoint);
const EXPONENTIAL_POINTS = pointsTable(EXPONENTIAL_POINT, newExponentialPoint);
const METRIC: MessageTable<MetricDraft> = {
  1: (metric, wire) => {
    metric.name = wire.string();
  },
  2: (metric, wire) => {
    metric.description = wire.string();
  },
  3: (metric, wire) => {
    metric.unit = wire.string();
  },
  5: (metric, wire) => {
    const gauge = wire.message(NUMBER_POINTS, beginPoints<NumberPoint>());
    metric.finish = (descriptor) => ({ ...toNumberData(descriptor, gauge), dataPointType: DataPointType.GAUGE });
  },
  7: (metric, wire) => {
    const sum = wire.message(NUMBER_POINTS, beginPoints<NumberPoint>());
    const { isMonotonic } = sum;
    metric.finish = (descriptor) => ({
      ...toNumberData(descriptor, sum),
      dataPointType: DataPointType.SUM,
      isMonotonic,
    });
  },
  9: (metric, wire) => {
    const histogram = wire.message(HISTOGRAM_POINTS, beginPoints<HistogramPoint>());
    metric.finish = (descriptor) => ({
      ...toData(descriptor, ValueType.DOUBLE, histogram),
      dataPointType: DataPointType.HISTOGRAM,
      dataPoints: histogram.points,
    });
  },
  10: (metric, wire) => {
    const histogram = wire.message(EXPONENTIAL_POINTS, beginPoints<ExponentialPoint>());
    metric.finish = (descriptor) => ({
      ...toData(descriptor, ValueType.DOUBLE, histogram),
      dataPointType: DataPointType.EXPONENTIAL_HISTOGRAM,
      dataPoints: histogram.points,
    });
  },
};
const readRequest = defineRequestReader(METRIC, beginMetric);

/**
 * What an `ExportMetricsServiceRequest` holds, by resource. Throws an {@link OtlpDecodeError}.
 *
 * OTLP does not carry, and nobody can tell any more: the value type of histograms (double is assumed), and the temporality of gauges
 * (cumulative). A metric without data, or with data that the SDK has no type for (`Summary`), is left out.
 */
export function decodeMetrics(bytes: Uint8Array): ResourceMetrics[] {
  return readRequest(bytes).map(({ resource, scopes }) => ({
    resource,
    scopeMetrics: scopes.map(({ scope, items }) => ({ scope, metrics: items.flatMap(toMetrics) })),
  }));
}

function pointsTable<Point>(table: MessageTable<Point>, begin: () => Point): MessageTable<PointsDraft<Point>> {
  return {
    1: (draft, wire) => draft.points.push(wire.message(table, begin())),
    2: (draft, wire) => {
      draft.temporality = wire.uint();
    },
    3: (draft, wire) => {
      draft.isMonotonic = wire.bool();
    },
  };
}

function beginPoints<Point>(): PointsDraft<Point> {
  return { points: [], temporality: 0, isMonotonic: false };
}

function beginMetric(): MetricDraft {
  return { name: "", description: "", unit: "", finish: undefined };
}

function toMetrics({ name, description, unit, finish }: MetricDraft): MetricData[] {
  return finish === undefined ? [] : [finish({ name, description, unit })];
}

function toNumberData(descriptor: Omit<MetricDescriptor, "valueType">, draft: PointsDraft<NumberPoint>) {
  const areInts = draft.points.length > 0 && draft.points.every(({ isInt }) => isInt);
  const valueType = areInts ? ValueType.INT : ValueType.DOUBLE;
  return { ...toData(descriptor, valueType, draft), dataPoints: toNumberPoints(draft.points) };
}

function toData(
  descriptor: Omit<MetricDescriptor, "valueType">,
  valueType: ValueType,
  { temporality }: PointsDraft<unknown>,
) {
  return {
    descriptor: { ...descriptor, valueType },
    aggregationTemporality: temporality === DELTA ? AggregationTemporality.DELTA : AggregationTemporality.CUMULATIVE,
  };
}
