// Data points in OTLP/JSON.
import { type JsonObject, type JsonReader, jsonField } from "./json-reader.ts";
import { readJsonAttributes } from "./json-value.ts";
import type { PointDraft } from "./point-draft.ts";

const ATTRIBUTES = jsonField("attributes");
const START = jsonField("startTimeUnixNano");
const TIME = jsonField("timeUnixNano");
const FLAGS = jsonField("flags");
const AS_DOUBLE = jsonField("asDouble");
const AS_INT = jsonField("asInt");
const COUNT = jsonField("count");
const SUM = jsonField("sum");
const BUCKET_COUNTS = jsonField("bucketCounts");
const BOUNDS = jsonField("explicitBounds");
const SCALE = jsonField("scale");
const ZERO_COUNT = jsonField("zeroCount");
const POSITIVE = jsonField("positive");
const NEGATIVE = jsonField("negative");
const OFFSET = jsonField("offset");

/** Reads what all points have. */
export function readPoint(reader: JsonReader, point: JsonObject, draft: PointDraft, maxDepth: number): void {
  readJsonAttributes(reader, point, ATTRIBUTES, draft.attributes, maxDepth);
  draft.startMicros = reader.instant(point, START).micros;
  draft.timeMicros = reader.instant(point, TIME).micros;
  draft.flags = reader.int32(point, FLAGS);
}

/** A number: without a value it has none, which is not 0 (NaN is null in JSON of JavaScript). */
export function readNumberPoint(reader: JsonReader, point: JsonObject, draft: PointDraft): void {
  if (reader.get(point, AS_DOUBLE) !== undefined) draft.value = reader.double(point, AS_DOUBLE);
  else if (reader.get(point, AS_INT) !== undefined) draft.value = reader.int64(point, AS_INT);
}

/** A histogram with explicit bounds. */
export function readHistogramPoint(reader: JsonReader, point: JsonObject, draft: PointDraft): void {
  draft.count = reader.count(point, COUNT);
  draft.sum = reader.double(point, SUM);
  draft.bucketCounts = reader.counts(point, BUCKET_COUNTS);
  draft.bounds = reader.doubles(point, BOUNDS);
}

/** An exponential histogram. */
export function readExponentialPoint(reader: JsonReader, point: JsonObject, draft: PointDraft): void {
  draft.count = reader.count(point, COUNT);
  draft.sum = reader.double(point, SUM);
  draft.scale = reader.int32(point, SCALE);
  draft.zeroCount = reader.count(point, ZERO_COUNT);
  reader.in(point, POSITIVE, (buckets) => {
    draft.positiveOffset = reader.int32(buckets, OFFSET);
    draft.positiveCounts = reader.counts(buckets, BUCKET_COUNTS);
  });
  reader.in(point, NEGATIVE, (buckets) => {
    draft.negativeCounts = reader.counts(buckets, BUCKET_COUNTS);
  });
}
