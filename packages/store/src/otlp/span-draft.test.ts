// Spans as the store takes them.
import { describe, expect, it } from "vitest";
import { BODIES, NOW_MICROS, readBoth, readSpans, span } from "./testdata/stock-bodies.ts";

const TRACE_ID = "0af7651916cd43dd8448eb211c80319c";
const START_MICROS = 1_795_132_800_000_000;

function spanOf(parts: Parameters<typeof span>[0]) {
  const { items } = readBoth(BODIES.spans([span(parts)]), readSpans);
  expect(items).toHaveLength(1);
  return items[0]!;
}

describe("a span", () => {
  it("has what was sent, to the nanosecond, under the names it came by", () => {
    const context = { traceId: TRACE_ID, spanId: "00000000000000aa", traceFlags: 1 };
    const given = {
      traceId: TRACE_ID,
      spanId: "b7ad6b7169203331",
      parentSpanContext: { ...context, spanId: "00000000000000bb" },
      kind: 2,
      status: { code: 2, message: "venue is gone" },
      attributes: { "trading.symbol": "BTC/USDT", "exception.type": "E", text: '{"a":1}' },
      events: [{ name: "risk", time: [1_795_132_800, 2_999] as [number, number], attributes: { "trading.gate": "g" } }],
      links: [{ context, attributes: { a: 1 } }],
      instrumentationScope: { name: "tracebook" },
    };
    expect(spanOf(given)).toStrictEqual({
      source: { serviceName: "bot", instanceId: "bot-1" },
      traceId: TRACE_ID,
      spanId: "b7ad6b7169203331",
      parentSpanId: "00000000000000bb",
      name: "tick",
      kind: 3,
      startMicros: START_MICROS + 1,
      startNanosRest: 7,
      durationNanos: 4_002,
      statusCode: 2,
      statusMessage: "venue is gone",
      scope: "tracebook",
      attributes: given.attributes,
      events: [{ name: "risk", timeMicros: START_MICROS + 2, attributes: { "trading.gate": "g" } }],
      links: [{ traceId: TRACE_ID, spanId: "00000000000000aa", attributes: { a: 1 } }],
    });
  });

  it("is rejected without valid ids, with the reason and the place of the first", () => {
    const all = [span({}), span({ traceId: "0".repeat(32) }), span({ spanId: "" }), span({ traceId: TRACE_ID })];
    const bodies = BODIES.spans(all);
    expect(readBoth(bodies, readSpans)).toMatchObject({ accepted: 2, rejected: 2 });
    expect(readSpans(bodies.json, "json").message).toBe(
      "A span has no trace id of 16 bytes that are not all zero (at $.resourceSpans[0].scopeSpans[0].spans[1]).",
    );
    expect(readSpans(bodies.protobuf, "protobuf").message).toMatch(/trace id of 16 bytes .* \(before byte \d+\)\.$/);
    expect(readBoth(BODIES.spans([span({ spanId: "" })]), readSpans).message).toMatch(
      /^A span has no span id of 8 bytes/,
    );
  });

  it("lasts nothing when it ends before it begins, and at most what a number holds", () => {
    expect(spanOf({ startTime: [20, 5], endTime: [20, 4] }).durationNanos).toBe(0);
    expect(spanOf({ startTime: [1, 0], endTime: [18_446_744_073, 0] }).durationNanos).toBe(Number.MAX_SAFE_INTEGER);
  });

  it("begins where it ends when it has no start, and now when it has neither", () => {
    const ended = spanOf({ startTime: [0, 0], endTime: [5, 1_002] });
    expect(ended).toMatchObject({ startMicros: 5_000_001, startNanosRest: 2, durationNanos: 0 });
    const timeless = spanOf({ startTime: [0, 0], endTime: [0, 0] });
    expect(timeless).toMatchObject({ startMicros: NOW_MICROS, startNanosRest: 0, durationNanos: 0 });
  });

  it("has kinds and status codes that there are", () => {
    expect(spanOf({ kind: 5, status: { code: 3 } } as never)).toMatchObject({ kind: 0, statusCode: 0 });
    expect(spanOf({ kind: -5, status: { code: -1 } } as never)).toMatchObject({ kind: 0, statusCode: 0 });
  });

  it("has at most 128 events and 128 links, and no link that leads nowhere", () => {
    const context = { traceId: TRACE_ID, spanId: "00000000000000aa", traceFlags: 1 };
    const events = Array.from({ length: 130 }, (_, i) => ({ name: `e${i}`, time: [1, 0] as [number, number] }));
    const links = [{ context: { ...context, traceId: "" } }, ...Array.from({ length: 130 }, () => ({ context }))];
    const read = spanOf({ events, links });
    expect([read.events.length, read.links.length, read.events[127]!.name]).toStrictEqual([128, 128, "e127"]);
    expect(spanOf({ links: links.slice(0, 2) }).links).toHaveLength(1);
  });

  it("says how many attributes are missing", () => {
    const attributes = Object.fromEntries(Array.from({ length: 257 }, (_, i) => [`a${i}`, i]));
    expect(spanOf({ attributes, droppedAttributesCount: 2 }).attributes["dropped_attributes"]).toBe(3);
  });
});

describe("spans of several resources and scopes", () => {
  it("have the source and scope of their own", () => {
    const other = { attributes: { "service.name": "risk" } } as never;
    const all = [span({}), span({ instrumentationScope: { name: "b" } }), span({ resource: other })];
    const { items } = readBoth(BODIES.spans(all), readSpans);
    expect(items.map(({ source, scope }) => `${source.serviceName} ${scope}`)).toStrictEqual([
      "bot tests",
      "bot b",
      "risk tests",
    ]);
    expect(items[0]!.source).toBe(items[1]!.source);
  });
});
