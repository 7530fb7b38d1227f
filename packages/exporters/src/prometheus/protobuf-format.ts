// The protobuf format: delimited `io.prometheus.client.MetricFamily` messages, histograms with native buckets beside the classic ones.
import type { Exemplar } from "@tracebook/metrics";
import type { FamilyPoint, FamilyType, HistogramValue, MetricFamily, NativeBuckets } from "./metric-family.ts";
import { type SpannedBuckets, schemaShift, spanBuckets } from "./native-buckets.ts";
import { ProtobufMessage } from "./protobuf-message.ts";

/** Bytes that are collected before they are handed on, and the largest piece of a message that is longer. */
const CHUNK_BYTES = 32_768;

// Field numbers: github.com/prometheus/client_model, io/prometheus/client/metrics.proto.
const FAMILY = { name: 1, help: 2, type: 3, metric: 4, unit: 5 } as const;
const TYPES: Readonly<Record<FamilyType, number>> = { counter: 0, gauge: 1, histogram: 4 };
const METRIC = { label: 1, gauge: 2, counter: 3, histogram: 7 } as const;
const LABEL = { name: 1, value: 2 } as const;
const VALUE = 1;
const HISTOGRAM = {
  sampleCount: 1,
  sampleSum: 2,
  bucket: 3,
  schema: 5,
  zeroThreshold: 6,
  zeroCount: 7,
  negativeSpan: 9,
  negativeDelta: 10,
  positiveSpan: 12,
  positiveDelta: 13,
} as const;
const BUCKET = { cumulativeCount: 1, upperBound: 2, exemplar: 3 } as const;
const SPAN = { offset: 1, length: 2 } as const;
const EXEMPLAR = { label: 1, value: 2, timestamp: 3 } as const;
const TIMESTAMP = { seconds: 1, nanos: 2 } as const;

/** Writes families as delimited messages. Gives bytes when there are enough of them, and nothing, for the chance to pause, after each series. */
export function* writeProtobuf(families: Iterable<MetricFamily>): Generator<Buffer | undefined> {
  const out = new ProtobufMessage();
  for (const family of families) {
    let at: number | undefined;
    for (let series = 0; series < family.size; series++) {
      const point = family.pointAt(series);
      if (point === undefined) continue;
      at ??= beginFamily(out, family);
      writeMetric(out, family.type, point);
      yield undefined;
    }
    if (at !== undefined) out.end(at);
    if (out.length >= CHUNK_BYTES) yield* pieces(out.take());
  }
  yield* pieces(out.take());
}

function* pieces(bytes: Buffer): Generator<Buffer> {
  for (let at = 0; at < bytes.length; at += CHUNK_BYTES) yield bytes.subarray(at, at + CHUNK_BYTES);
}

function beginFamily(out: ProtobufMessage, { name, help, type, unit }: MetricFamily): number {
  const at = out.open();
  out.text(FAMILY.name, name);
  out.text(FAMILY.help, help);
  out.uint(FAMILY.type, TYPES[type]);
  if (unit !== "") out.text(FAMILY.unit, unit);
  return at;
}

function writeMetric(out: ProtobufMessage, type: FamilyType, { labels, value }: FamilyPoint): void {
  const at = out.begin(FAMILY.metric);
  for (let i = 0; i < labels.length; i += 2) writeLabel(out, METRIC.label, labels[i]!, labels[i + 1]!);
  if (typeof value !== "number") writeHistogram(out, value);
  else {
    const inner = out.begin(type === "counter" ? METRIC.counter : METRIC.gauge);
    out.double(VALUE, value);
    out.end(inner);
  }
  out.end(at);
}

function writeLabel(out: ProtobufMessage, field: number, name: string, value: string): void {
  const at = out.begin(field);
  out.text(LABEL.name, name);
  out.text(LABEL.value, value);
  out.end(at);
}

function writeHistogram(out: ProtobufMessage, histogram: HistogramValue): void {
  const { bounds, counts, count, sum, native, exemplars } = histogram;
  const at = out.begin(METRIC.histogram);
  out.uint(HISTOGRAM.sampleCount, count);
  if (sum !== undefined) out.double(HISTOGRAM.sampleSum, sum);
  let below = 0;
  for (let i = 0; i <= bounds.length; i++) {
    below += counts[i] ?? 0;
    const bucket = out.begin(HISTOGRAM.bucket);
    out.uint(BUCKET.cumulativeCount, i === bounds.length ? count : below);
    out.double(BUCKET.upperBound, bounds[i] ?? Infinity);
    const exemplar = exemplars?.[i];
    if (exemplar !== undefined) writeExemplar(out, exemplar);
    out.end(bucket);
  }
  if (native !== undefined) writeNative(out, native);
  out.end(at);
}

function writeNative(out: ProtobufMessage, native: NativeBuckets): void {
  const shift = schemaShift(native);
  if (shift === undefined) return;
  out.sint(HISTOGRAM.schema, native.scale - shift);
  out.double(HISTOGRAM.zeroThreshold, native.zeroThreshold);
  out.uint(HISTOGRAM.zeroCount, native.zeroCount);
  if (native.negative !== undefined && native.negative.bucketCounts.length > 0)
    writeSpans(out, spanBuckets(native.negative, shift), HISTOGRAM.negativeSpan, HISTOGRAM.negativeDelta);
  writeSpans(out, spanBuckets(native.positive, shift), HISTOGRAM.positiveSpan, HISTOGRAM.positiveDelta);
}

function writeSpans(out: ProtobufMessage, { spans, deltas }: SpannedBuckets, span: number, delta: number): void {
  for (const { offset, length } of spans) {
    const at = out.begin(span);
    out.sint(SPAN.offset, offset);
    out.uint(SPAN.length, length);
    out.end(at);
  }
  if (deltas.length > 0) out.sints(delta, deltas);
}

function writeExemplar(out: ProtobufMessage, { traceId, spanId, value, timeEpochMs }: Exemplar): void {
  const at = out.begin(BUCKET.exemplar);
  writeLabel(out, EXEMPLAR.label, "trace_id", traceId);
  writeLabel(out, EXEMPLAR.label, "span_id", spanId);
  out.double(EXEMPLAR.value, value);
  const time = out.begin(EXEMPLAR.timestamp);
  const seconds = Math.floor(timeEpochMs / 1000);
  out.uint(TIMESTAMP.seconds, Math.max(0, seconds));
  out.uint(TIMESTAMP.nanos, Math.floor((timeEpochMs - seconds * 1000) * 1e3) * 1e3);
  out.end(time);
  out.end(at);
}
