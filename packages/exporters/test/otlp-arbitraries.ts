// Random objects of the SDK, as exporters are given them.
import {
  type AnyValue,
  type Attributes,
  type HrTime,
  type Link,
  type SpanContext,
  ValueType,
} from "@opentelemetry/api";
import { type InstrumentationScope, TraceState } from "@opentelemetry/core";
import { type Resource, resourceFromAttributes } from "@opentelemetry/resources";
import type { ReadableLogRecord } from "@opentelemetry/sdk-logs";
import {
  AggregationTemporality,
  type DataPoint,
  DataPointType,
  type MetricData,
  type MetricDescriptor,
  type ResourceMetrics,
} from "@opentelemetry/sdk-metrics";
import type { ReadableSpan, TimedEvent } from "@opentelemetry/sdk-trace";
import fc from "fast-check";

/** Text without lone surrogates, which no UTF-8 can hold. */
const text = fc.oneof(
  fc.constantFrom("", "BTC/USDT", "漢字", "😀".repeat(40), "\ufeffbyte order mark", "a\u0000b", "é".repeat(64)),
  fc.string({ maxLength: 20 }),
  fc.string({ unit: "binary", maxLength: 40 }),
);
const key = fc.oneof(
  fc.constantFrom("__proto__", "constructor", "hasOwnProperty", "10", "9", "service.name", ""),
  fc.string({ maxLength: 10 }),
  fc.string({ unit: "binary", maxLength: 6 }),
);
/** Not -0: as an integer it has no sign. */
const whole = fc.oneof(
  fc.maxSafeInteger().map((n) => n + 0),
  fc.constantFrom(0, 1, -1, 127, 128, 2 ** 31, 2 ** 32, -(2 ** 32), 2 ** 53 + 2, -(2 ** 60), 2 ** 62, -(2 ** 63)),
  fc.double({ min: -(2 ** 63), max: 2 ** 62, noNaN: true }).map((n) => Math.trunc(n) + 0),
);
const broken = fc.oneof(
  fc.double().filter((n) => !Object.is(n, -0)),
  fc.constantFrom(Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 2 ** 63, 1e300, 5e-324),
);
const count = fc.oneof(
  fc.nat(),
  fc.maxSafeInteger().map((n) => Math.abs(n)),
  fc.constantFrom(2 ** 32, 2 ** 53, 2 ** 62),
);

/** Values of every type that attributes and log bodies can have. */
const anyValue: fc.Arbitrary<AnyValue> = fc.letrec<{ value: AnyValue }>((tie) => ({
  value: fc.oneof(
    { depthSize: "small", withCrossShrink: true },
    fc.oneof(text, whole, broken, fc.boolean(), fc.constant(null), fc.uint8Array({ maxLength: 12 })),
    fc.array(tie("value"), { maxLength: 4 }),
    fc.dictionary(key, tie("value"), { maxKeys: 4 }),
  ),
})).value;
/** Attributes, also such as have names that mean something to JavaScript. */
const attributes: fc.Arbitrary<Attributes> = fc.dictionary(key, anyValue, { maxKeys: 5 });

const simple = fc.oneof(text, whole, broken, fc.boolean(), fc.array(text, { maxLength: 3 }), fc.array(whole));
const resource: fc.Arbitrary<Resource> = fc
  .tuple(fc.dictionary(key, simple, { maxKeys: 4 }), fc.option(text, { nil: undefined }))
  .map(([given, schemaUrl]) => resourceFromAttributes(given, schemaUrl === undefined ? {} : { schemaUrl }));
const scope: fc.Arbitrary<InstrumentationScope & { attributes?: Attributes; droppedAttributesCount?: number }> =
  fc.record(
    {
      name: text,
      version: text,
      schemaUrl: text,
      attributes,
      droppedAttributesCount: fc.nat(1_000),
    },
    { requiredKeys: ["name"] },
  );

/** Nanoseconds since 1970, as far as 64 bits go. */
const time: fc.Arbitrary<HrTime> = fc.oneof(
  fc.tuple(fc.integer({ min: 0, max: 18_446_744_072 }), fc.integer({ min: 0, max: 999_999_999 })),
  fc.constantFrom<HrTime>([0, 0], [18_446_744_073, 709_551_615], [4, 294_967_295], [4, 294_967_296]),
);
const hex = (digits: number): fc.Arbitrary<string> =>
  fc.string({ unit: fc.constantFrom(..."0123456789abcdef"), minLength: digits, maxLength: digits });
const traceState = fc
  .array(fc.tuple(fc.stringMatching(/^[a-z][a-z0-9_]{0,8}$/), fc.stringMatching(/^[a-zA-Z0-9 ]{0,8}[!-+]$/)), {
    minLength: 1,
    maxLength: 4,
  })
  .map((members) => new TraceState(members.map((member) => member.join("=")).join(",")));
const flags = fc.integer({ min: 0, max: 255 });
const context: fc.Arbitrary<SpanContext> = fc.record(
  { traceId: hex(32), spanId: hex(16), traceFlags: flags, traceState, isRemote: fc.boolean() },
  { requiredKeys: ["traceId", "spanId", "traceFlags"] },
);
const event: fc.Arbitrary<TimedEvent> = fc.record(
  { time, name: text, attributes, droppedAttributesCount: fc.nat() },
  { requiredKeys: ["time", "name"] },
);
const link: fc.Arbitrary<Link> = fc.record(
  { context, attributes, droppedAttributesCount: fc.nat() },
  { requiredKeys: ["context"] },
);

/** Items spread over a few resources and scopes, whose objects are shared. */
function inScopes<Item>(item: fc.Arbitrary<Item>) {
  const shared = fc.tuple(
    fc.array(resource, { minLength: 2, maxLength: 2 }),
    fc.array(scope, { minLength: 2, maxLength: 2 }),
  );
  const which = fc.tuple(item, fc.nat(1), fc.nat(1));
  return fc
    .tuple(shared, fc.array(which, { maxLength: 6 }))
    .map(([[resources, scopes], items]) =>
      items.map(([one, r, s]) => ({ ...one, resource: resources[r]!, instrumentationScope: scopes[s]! })),
    );
}

const spanParts = fc.record({
  name: text,
  kind: fc.integer({ min: 0, max: 4 }),
  context,
  parent: fc.option(fc.record({ spanId: hex(16), traceFlags: flags, isRemote: fc.boolean() }), { nil: undefined }),
  startTime: time,
  endTime: time,
  status: fc.record({ code: fc.integer({ min: 0, max: 2 }), message: text }, { requiredKeys: ["code"] }),
  attributes,
  links: fc.array(link, { maxLength: 3 }),
  events: fc.array(event, { maxLength: 3 }),
  droppedAttributesCount: count,
  droppedEventsCount: fc.nat(),
  droppedLinksCount: fc.nat(),
});
/** Spans that have ended. */
export const spans: fc.Arbitrary<ReadableSpan[]> = inScopes(spanParts).map((all) =>
  all.map(({ context: own, parent, ...span }) => ({
    ...span,
    spanContext: () => own,
    ...(parent === undefined ? {} : { parentSpanContext: { ...parent, traceId: own.traceId } }),
    duration: [0, 0] as HrTime,
    ended: true,
  })),
);

/** Log records. */
export const logRecords: fc.Arbitrary<ReadableLogRecord[]> = inScopes(
  fc.record(
    {
      hrTime: time,
      hrTimeObserved: time,
      spanContext: context,
      severityText: text,
      severityNumber: fc.integer({ min: 0, max: 24 }),
      body: anyValue,
      eventName: text,
      attributes,
      droppedAttributesCount: fc.nat(),
    },
    { requiredKeys: ["hrTime", "hrTimeObserved", "attributes", "droppedAttributesCount"] },
  ),
);

function pointsOf<Value>(value: fc.Arbitrary<Value>): fc.Arbitrary<DataPoint<Value>[]> {
  return fc.array(fc.record({ startTime: time, endTime: time, attributes, value }), { maxLength: 3 });
}

const limits = { sum: fc.double(), min: fc.double(), max: fc.double() };
const histogram = fc.record(
  {
    buckets: fc.record({ boundaries: fc.array(fc.double()), counts: fc.array(count) }),
    count,
    ...limits,
  },
  { requiredKeys: ["buckets", "count"] },
);
const buckets = fc.record({ offset: fc.integer(), bucketCounts: fc.array(count) });
const exponential = fc.record(
  { count, scale: fc.integer(), zeroCount: count, positive: buckets, negative: buckets, ...limits },
  { requiredKeys: ["count", "scale", "zeroCount", "positive", "negative"] },
);
const temporality = fc.constantFrom(AggregationTemporality.DELTA, AggregationTemporality.CUMULATIVE);
const named = { name: text, description: text, unit: text };
const doubles = fc.record({ ...named, valueType: fc.constant(ValueType.DOUBLE) });
const ints = fc.record({ ...named, valueType: fc.constant(ValueType.INT) });

function metric<Kind extends DataPointType, Value>(
  dataPointType: Kind,
  descriptor: fc.Arbitrary<MetricDescriptor>,
  value: fc.Arbitrary<Value>,
) {
  return fc.record({
    descriptor,
    aggregationTemporality: temporality,
    dataPointType: fc.constant(dataPointType),
    dataPoints: pointsOf(value),
    isMonotonic: fc.boolean(),
  });
}

const metricData: fc.Arbitrary<MetricData> = fc
  .oneof(
    metric(DataPointType.GAUGE, doubles, fc.double()),
    metric(DataPointType.GAUGE, ints, whole),
    metric(DataPointType.SUM, doubles, fc.double()),
    metric(DataPointType.SUM, ints, whole),
    metric(DataPointType.HISTOGRAM, doubles, histogram),
    metric(DataPointType.EXPONENTIAL_HISTOGRAM, doubles, exponential),
  )
  .map(({ isMonotonic, ...data }) =>
    data.dataPointType === DataPointType.SUM ? { ...data, isMonotonic } : data,
  ) as fc.Arbitrary<MetricData>;

/** What a metric reader collects in one go. */
export const resourceMetrics: fc.Arbitrary<ResourceMetrics> = fc.record({
  resource,
  scopeMetrics: fc.array(fc.record({ scope, metrics: fc.array(metricData, { maxLength: 3 }) }), { maxLength: 3 }),
});
