// Data points of metrics by their fields: numbers, histograms, exponential histograms.
import type { Attributes, HrTime } from "@opentelemetry/api";
import type { DataPoint, ExponentialHistogram, Histogram } from "@opentelemetry/sdk-metrics";
import { readKeyValue } from "./any-value.ts";
import type { MessageTable, WireReader } from "./wire-reader.ts";

/** A data point while it is being read. */
interface PointDraft<Value> {
  startTime: HrTime;
  endTime: HrTime;
  attributes: Attributes;
  value: Value;
}
/** A `NumberDataPoint`; the SDK keeps the type of its value with the metric. */
export interface NumberPoint extends PointDraft<number> {
  isInt: boolean;
}
/** A `HistogramDataPoint`, which is the SDK's as it is. */
export type HistogramPoint = PointDraft<Histogram>;
/** An `ExponentialHistogramDataPoint`, which is the SDK's as it is. */
export type ExponentialPoint = PointDraft<ExponentialHistogram>;
type Buckets = ExponentialHistogram["positive"];

// Field numbers: opentelemetry-proto 1.x, metrics/v1/metrics.proto. The fields 2 and 3 are the same in all points.
const TIMES: MessageTable<PointDraft<unknown>> = {
  2: (point, wire) => {
    point.startTime = wire.time();
  },
  3: (point, wire) => {
    point.endTime = wire.time();
  },
};
/** Exemplars and flags, which the SDK does not export, are skipped here and in all points. */
export const NUMBER_POINT: MessageTable<NumberPoint> = {
  ...TIMES,
  4: (point, wire) => {
    point.value = wire.double();
    point.isInt = false;
  },
  6: (point, wire) => {
    point.value = wire.sfixed64();
    point.isInt = true;
  },
  7: readAttribute,
};
/** Sum, minimum and maximum are there only if they were recorded. */
export const HISTOGRAM_POINT: MessageTable<HistogramPoint> = {
  ...TIMES,
  4: ({ value }, wire) => {
    value.count = wire.fixed64();
  },
  5: ({ value }, wire) => {
    value.sum = wire.double();
  },
  6: ({ value }, wire) => wire.fixed64s(value.buckets.counts),
  7: ({ value }, wire) => wire.doubles(value.buckets.boundaries),
  9: readAttribute,
  11: ({ value }, wire) => {
    value.min = wire.double();
  },
  12: ({ value }, wire) => {
    value.max = wire.double();
  },
};
const BUCKETS: MessageTable<Buckets> = {
  1: (buckets, wire) => {
    buckets.offset = wire.sint32();
  },
  2: (buckets, wire) => wire.uints(buckets.bucketCounts),
};
/** The same for exponential histograms; the SDK has no zero threshold. */
export const EXPONENTIAL_POINT: MessageTable<ExponentialPoint> = {
  ...TIMES,
  1: readAttribute,
  4: ({ value }, wire) => {
    value.count = wire.fixed64();
  },
  5: ({ value }, wire) => {
    value.sum = wire.double();
  },
  6: ({ value }, wire) => {
    value.scale = wire.sint32();
  },
  7: ({ value }, wire) => {
    value.zeroCount = wire.fixed64();
  },
  8: ({ value }, wire) => wire.message(BUCKETS, value.positive),
  9: ({ value }, wire) => wire.message(BUCKETS, value.negative),
  12: ({ value }, wire) => {
    value.min = wire.double();
  },
  13: ({ value }, wire) => {
    value.max = wire.double();
  },
};

/** What reading a number begins with. */
export function newNumberPoint(): NumberPoint {
  return { ...newPoint(0), isInt: false };
}

/** What reading a histogram begins with: one without observations. */
export function newHistogramPoint(): HistogramPoint {
  return newPoint({ buckets: { boundaries: [], counts: [] }, count: 0 });
}

/** What reading an exponential histogram begins with. */
export function newExponentialPoint(): ExponentialPoint {
  const [positive, negative] = [newBuckets(), newBuckets()];
  return newPoint({ count: 0, scale: 0, zeroCount: 0, positive, negative });
}

/** The points as the SDK has them. */
export function toNumberPoints(points: readonly NumberPoint[]): DataPoint<number>[] {
  return points.map(({ startTime, endTime, attributes, value }) => ({ startTime, endTime, attributes, value }));
}

function newPoint<Value>(value: Value): PointDraft<Value> {
  return { startTime: [0, 0], endTime: [0, 0], attributes: {}, value };
}

function newBuckets(): Buckets {
  return { offset: 0, bucketCounts: [] };
}

function readAttribute(point: PointDraft<unknown>, wire: WireReader): void {
  readKeyValue(point.attributes, wire);
}
