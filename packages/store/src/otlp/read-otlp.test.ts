// Requests as a whole: limits, and what hostile ones come to.
import { ValueType } from "@opentelemetry/api";
import {
  AggregationTemporality,
  DataPointType,
  type MetricData,
  type ResourceMetrics,
} from "@opentelemetry/sdk-metrics";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { OtlpError } from "./otlp-error.ts";
import { type OtlpFormat, readOtlpLogs, readOtlpMetrics, readOtlpSpans } from "./read-otlp.ts";
import { BODIES, json, logRecord, RESOURCE, readLogs, readMetrics, readSpans, span } from "./testdata/stock-bodies.ts";

const CONTEXT = { traceId: "0af7651916cd43dd8448eb211c80319c", spanId: "b7ad6b7169203331", traceFlags: 1 };
const ATTRIBUTES = {
  "trading.seq": 7,
  text: "é",
  list: [1, [2.5]],
  object: { a: { b: "c" } },
  bytes: Uint8Array.of(1),
};
const READERS = { logs: readOtlpLogs, spans: readOtlpSpans, metrics: readOtlpMetrics };

const OWN_LOG = logRecord({ eventName: "trading.decision", spanContext: CONTEXT, attributes: ATTRIBUTES, body: "b" });
const OTHER_LOG = logRecord({
  severityNumber: 9,
  severityText: "INFO",
  body: { a: [1, "x"] },
  droppedAttributesCount: 1,
});
const FULL_SPAN = span({
  parentSpanContext: CONTEXT,
  attributes: ATTRIBUTES as never,
  events: [{ name: "e", time: [1, 5], attributes: { a: 1 } }],
  links: [{ context: CONTEXT, attributes: { a: "b" } }],
  status: { code: 2, message: "m" },
});

/** A body of every signal with something of everything in it. */
const VALID = {
  logs: BODIES.logs([OWN_LOG, OTHER_LOG]),
  spans: BODIES.spans([FULL_SPAN, span({})]),
  metrics: BODIES.metrics(metrics()),
};
const CASES = (["logs", "spans", "metrics"] as const).flatMap((signal) =>
  (["protobuf", "json"] as const).map((format) => ({ signal, format, body: Buffer.from(VALID[signal][format]) })),
);

/** Reads what may be no request: how many items it had, undefined if it was refused whole, in the one way that there is. */
function readAny(signal: keyof typeof READERS, format: OtlpFormat, body: Uint8Array): number | undefined {
  let taken = 0;
  try {
    const { accepted } = READERS[signal](body, format, () => taken++);
    expect(taken).toBe(accepted);
    return accepted;
  } catch (error) {
    if (!(error instanceof OtlpError)) throw error;
    expect(taken).toBe(0);
    return undefined;
  }
}

describe("a request", () => {
  it.each(["protobuf", "json"] as const)("in %s has at most as many items as it may have", (format) => {
    const bodies = BODIES.logs([logRecord({}), logRecord({}), logRecord({})]);
    expect(readLogs(bodies[format], format, { maxItems: 3 }).accepted).toBe(3);
    const tooMany = () => readLogs(bodies[format], format, { maxItems: 2 });
    expect(tooMany).toThrow(expect.objectContaining({ code: "too_many_items" }));
    expect(tooMany).toThrow(/holds more than 2 items: see (before byte \d+|at \$\S+)\. Send fewer/);
  });

  it("has 10,000 items at most by default, rejected ones and points of one metric among them", () => {
    const spans = new Array(10_001).fill({});
    const body = json({ resourceSpans: [{ scopeSpans: [{ spans }] }] });
    expect(() => readOtlpSpans(body, "json", () => {})).toThrow("more than 10000 items");
    const dataPoints = new Array(10_001).fill({ flags: 1 });
    const points = json({ resourceMetrics: [{ scopeMetrics: [{ metrics: [{ name: "m", gauge: { dataPoints } }] }] }] });
    expect(() => readOtlpMetrics(points, "json", () => {})).toThrow("more than 10000 items");
  });

  it.each(["protobuf", "json"] as const)("in %s carries nothing from one item to the next", (format) => {
    const { items: events } = readLogs(BODIES.logs([OWN_LOG, OTHER_LOG, logRecord({}), OWN_LOG])[format], format);
    const logs = [OWN_LOG, OTHER_LOG, logRecord({}), OWN_LOG].map((one) => BODIES.logs([one])[format]);
    expect(events).toStrictEqual(logs.flatMap((body) => readLogs(body, format).items));
    const { items: spans } = readSpans(BODIES.spans([FULL_SPAN, span({}), FULL_SPAN])[format], format);
    const alone = [FULL_SPAN, span({}), FULL_SPAN].map((one) => BODIES.spans([one])[format]);
    expect(spans).toStrictEqual(alone.flatMap((body) => readSpans(body, format).items));
    const withEmpty = BODIES.metrics(metrics([{}, { value: Number.NaN, attributes: {} }]))[format];
    const { accepted, rejected } = readMetrics(withEmpty, format);
    expect([accepted, rejected]).toStrictEqual([1, 1]);
  });

  it("is read with options that are in their range", () => {
    for (const options of [{ maxItems: 0 }, { maxItems: 1.5 }, { maxDepth: 129 }, { maxDepth: Number.NaN }])
      expect(() => readOtlpLogs(json({}), "json", () => {}, options)).toThrow(RangeError);
    expect(() => readOtlpLogs(json({}), "json", () => {}, { maxDepth: 0 })).toThrow(
      "maxDepth is 0; it must be an integer from 1 to 128",
    );
  });
});

describe("a hostile request", () => {
  it.each(CASES)("of $signal in $format may end anywhere", ({ signal, format, body }) => {
    const whole = readAny(signal, format, body);
    expect(whole).toBeGreaterThan(1);
    for (let length = 1; length < body.length; length++) {
      // Room behind the end, with what would be good bytes.
      expect(readAny(signal, format, body.subarray(0, length))).toBeUndefined();
      expect(readAny(signal, format, Uint8Array.from(body.subarray(0, length)))).toBeUndefined();
    }
  });

  it.each(CASES)("of $signal in $format may have any bytes changed", ({ signal, format, body }) => {
    const before = snapshot();
    const edit = fc.record({
      at: fc.nat(body.length - 1),
      kind: fc.constantFrom("set", "flip", "drop", "double", "big"),
      byte: fc.integer({ min: 0, max: 255 }),
      size: fc.integer({ min: 1, max: 12 }),
    });
    let refused = 0;
    fc.assert(
      fc.property(fc.array(edit, { minLength: 1, maxLength: 4 }), (edits) => {
        if (readAny(signal, format, edits.reduce(mutate, body)) === undefined) refused++;
      }),
      { numRuns: 3_500, seed: 20_261_120 },
    );
    // Both happens: what is refused, and what is another request than it was.
    expect(refused).toBeGreaterThan(300);
    expect(refused).toBeLessThan(3_400);
    expect(snapshot()).toStrictEqual(before);
  });

  it("is told from a good one, whatever bytes it is made of", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 64 }), fc.constantFrom(...CASES), (bytes, { signal, format }) => {
        readAny(signal, format, bytes);
      }),
      { numRuns: 3_000 },
    );
  });
});

function mutate(body: Buffer, edit: { at: number; kind: string; byte: number; size: number }): Buffer {
  const at = edit.at % Math.max(body.length, 1);
  const { kind, byte, size } = edit;
  const copy = Buffer.from(body);
  if (kind === "drop") return Buffer.concat([body.subarray(0, at), body.subarray(at + size)]);
  if (kind === "double") return Buffer.concat([body.subarray(0, at + size), body.subarray(at)]);
  if (kind === "big") return copy.fill(0xff, at, Math.min(at + size, copy.length));
  if (copy.length > 0) copy[at] = kind === "set" ? byte : copy[at]! ^ (1 << (byte % 8));
  return copy;
}

/** What a polluted prototype would show. */
function snapshot() {
  return [Object.prototype, Array.prototype].map((prototype) => Reflect.ownKeys(prototype).map(String));
}

/** One metric of each kind, or a gauge with these points. */
function metrics(gaugePoints?: readonly object[]): ResourceMetrics {
  const point = { startTime: [1, 0], endTime: [2, 0], attributes: { a: "b", list: [1] } };
  const buckets = { boundaries: [1, 2], counts: [1, 2, 3] };
  const exponential = {
    scale: 1,
    zeroCount: 1,
    count: 4,
    sum: 5,
    positive: { offset: -1, bucketCounts: [1, 300] },
    negative: { offset: 0, bucketCounts: [2] },
  };
  const metric = (dataPointType: DataPointType, valueType: ValueType, ...points: readonly object[]) => ({
    descriptor: { name: "m", description: "d", unit: "u", valueType },
    aggregationTemporality: AggregationTemporality.CUMULATIVE,
    dataPointType,
    isMonotonic: true,
    dataPoints: points.map((given) => ({ ...point, value: 0.5, ...given })),
  });
  const all = [
    metric(DataPointType.GAUGE, ValueType.DOUBLE, ...(gaugePoints ?? [{ value: 0.5 }])),
    metric(DataPointType.SUM, ValueType.INT, { value: 5 }),
    metric(DataPointType.HISTOGRAM, ValueType.DOUBLE, { value: { buckets, count: 6, sum: 7 } }),
    metric(DataPointType.EXPONENTIAL_HISTOGRAM, ValueType.DOUBLE, { value: exponential }),
  ] as unknown as MetricData[];
  const shown = gaugePoints === undefined ? all : all.slice(0, 1);
  return { resource: RESOURCE, scopeMetrics: [{ scope: { name: "s" }, metrics: shown }] };
}
