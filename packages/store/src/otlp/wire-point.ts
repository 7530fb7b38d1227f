// Data points in protobuf: NumberDataPoint, HistogramDataPoint and ExponentialHistogramDataPoint, metrics.proto.
import type { PointDraft } from "./point-draft.ts";
import type { WireReader } from "./wire-reader.ts";
import { readWireAttribute } from "./wire-value.ts";

// The same in all of them, but for the attributes and the flags.
const START = 0x11;
const TIME = 0x19;
const NUMBER_AS_DOUBLE = 0x21;
const NUMBER_AS_INT = 0x31;
const NUMBER_ATTRIBUTES = 0x3a;
const NUMBER_FLAGS = 0x40;
const COUNT = 0x21;
const SUM = 0x29;
/** Packed, and one by one. */
const BUCKET_COUNTS = 0x32;
const BUCKET_COUNT = 0x31;
const BOUNDS = 0x3a;
const BOUND = 0x39;
const HISTOGRAM_ATTRIBUTES = 0x4a;
const FLAGS = 0x50;
const EXPONENTIAL_ATTRIBUTES = 0x0a;
const SCALE = 0x30;
const ZERO_COUNT = 0x39;
const POSITIVE = 0x42;
const NEGATIVE = 0x4a;
/** ExponentialHistogramDataPoint.Buckets. */
const OFFSET = 0x08;
const COUNTS = 0x12;
const ONE_COUNT = 0x10;

/** Reads the NumberDataPoint that ends at `end`. */
export function readNumberPoint(reader: WireReader, end: number, draft: PointDraft, maxDepth: number): void {
  while (reader.at < end) {
    const tag = reader.tag();
    if (tag === NUMBER_ATTRIBUTES) readWireAttribute(reader, reader.enter(end), draft.attributes, maxDepth);
    else if (tag === NUMBER_AS_DOUBLE) draft.value = reader.double() + 0;
    else if (tag === NUMBER_AS_INT) draft.value = reader.sfixed64();
    else if (tag === NUMBER_FLAGS) draft.flags = reader.uint32();
    else readTime(reader, tag, end, draft);
  }
}

/** Reads the HistogramDataPoint that ends at `end`. */
export function readHistogramPoint(reader: WireReader, end: number, draft: PointDraft, maxDepth: number): void {
  while (reader.at < end) {
    const tag = reader.tag();
    if (tag === HISTOGRAM_ATTRIBUTES) readWireAttribute(reader, reader.enter(end), draft.attributes, maxDepth);
    else if (tag === COUNT) draft.count = reader.fixed64();
    else if (tag === SUM) draft.sum = reader.double() + 0;
    else if (tag === BUCKET_COUNTS) readPacked(reader, reader.enter(end), draft.bucketCounts, () => reader.fixed64());
    else if (tag === BUCKET_COUNT) draft.bucketCounts.push(reader.fixed64());
    else if (tag === BOUNDS) readPacked(reader, reader.enter(end), draft.bounds, () => reader.double() + 0);
    else if (tag === BOUND) draft.bounds.push(reader.double() + 0);
    else if (tag === FLAGS) draft.flags = reader.uint32();
    else readTime(reader, tag, end, draft);
  }
}

/** Reads the ExponentialHistogramDataPoint that ends at `end`. */
export function readExponentialPoint(reader: WireReader, end: number, draft: PointDraft, maxDepth: number): void {
  while (reader.at < end) {
    const tag = reader.tag();
    if (tag === EXPONENTIAL_ATTRIBUTES) readWireAttribute(reader, reader.enter(end), draft.attributes, maxDepth);
    else if (tag === COUNT) draft.count = reader.fixed64();
    else if (tag === SUM) draft.sum = reader.double() + 0;
    else if (tag === SCALE) draft.scale = reader.sint32();
    else if (tag === ZERO_COUNT) draft.zeroCount = reader.fixed64();
    else if (tag === POSITIVE) draft.positiveOffset = readBuckets(reader, reader.enter(end), draft.positiveCounts);
    else if (tag === NEGATIVE) readBuckets(reader, reader.enter(end), draft.negativeCounts);
    else if (tag === FLAGS) draft.flags = reader.uint32();
    else readTime(reader, tag, end, draft);
  }
}

function readTime(reader: WireReader, tag: number, end: number, draft: PointDraft): void {
  if (tag === TIME) draft.timeMicros = reader.instant();
  else if (tag === START) draft.startMicros = reader.instant();
  else reader.skip(tag, end);
}

/** Appends the counts of buckets; returns the index of the first. */
function readBuckets(reader: WireReader, end: number, counts: number[]): number {
  let offset = 0;
  while (reader.at < end) {
    const tag = reader.tag();
    if (tag === OFFSET) offset = reader.sint32();
    else if (tag === COUNTS) readPacked(reader, reader.enter(end), counts, () => reader.uint64());
    else if (tag === ONE_COUNT) counts.push(reader.uint64());
    else reader.skip(tag, end);
  }
  reader.close(end);
  return offset;
}

function readPacked(reader: WireReader, end: number, numbers: number[], read: () => number): void {
  while (reader.at < end) numbers.push(read());
  reader.close(end);
}
