// Flows as bytes: the same bytes as the stock serializer makes of the same flows as objects.
import { SpanStatusCode } from "@opentelemetry/api";
import { ProtobufTraceSerializer } from "@opentelemetry/otlp-transformer";
import { resourceFromAttributes } from "@opentelemetry/resources";
import type { Clock } from "@tracebook/core";
import { defineFlow, extractContext, type Flow } from "@tracebook/core";
import type { EndedFlow } from "@tracebook/core/extension";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createRepeatableIds, REDACTOR, RESOURCE, recordVerdict, withEngine } from "../test/kept-flows.ts";
import { createFlowEncoder } from "./flow-encoder.ts";
import { buildFlowSpans } from "./flow-spans.ts";
import type { OtlpEntries } from "./otlp-envelope.ts";
import { OtlpWriter } from "./otlp-writer.ts";

const STAGES = ["ws_to_book_update", "book_to_signal", "signal_to_risk", "risk_to_send"] as const;
const tick = defineFlow("tick", { stages: STAGES, spanKind: "consumer" });
const other = defineFlow("rebalance", { stages: ["only"] });

const text = fc.oneof(
  fc.constantFrom("BTC/USDT", "", "漢字", "\ud800 lone", "😀".repeat(30), "é".repeat(64), "café"),
  fc.string({ maxLength: 200 }),
  fc.string({ unit: "binary", maxLength: 80 }),
);
const attribute = fc.oneof(
  text,
  fc.double(),
  fc.integer(),
  fc.maxSafeInteger(),
  fc.constantFrom(-0, 2 ** 53, 2 ** 62, -(2 ** 63), 2 ** 63, 127, 128, 16_383, 16_384),
  fc.boolean(),
  fc.array(fc.string({ maxLength: 5 }), { maxLength: 3 }),
);
const scenario = fc.record({
  symbol: fc.option(text, { nil: undefined }),
  strategy: fc.option(text, { nil: undefined }),
  given: fc.dictionary(fc.string({ maxLength: 20 }), attribute, { maxKeys: 4 }),
  set: fc.option(fc.dictionary(fc.string({ maxLength: 20 }), attribute, { maxKeys: 4 }), { nil: undefined }),
  marks: fc.array(fc.tuple(fc.constantFrom(...STAGES), fc.double({ min: 0, max: 5_000, noNaN: true })), {
    maxLength: 8,
  }),
  netEdge: fc.option(fc.constantFrom("9.00", "-1.00", "nonsense"), { nil: undefined }),
  reasonCode: fc.constantFrom("no_signal", "insufficient_edge", "order_submitted"),
  reason: fc.option(text, { nil: undefined }),
  parent: fc.constantFrom("none", "remote", "unsampled"),
  oddity: fc.constantFrom("none", "none", "none", "fail", "event", "link", "status", "name", "nested"),
  startMicros: fc.integer({ min: 0, max: 4_000_000_000_000_000 }),
});
type Scenario = typeof scenario extends fc.Arbitrary<infer S> ? S : never;

function play(one: Scenario, passMs: (ms: number) => void): void {
  const traceparent = `00-${"4bf92f3577b34da6a3ce929d0e0e4736"}-00f067aa0ba902b7-0${one.parent === "remote" ? 1 : 0}`;
  const parent = one.parent === "none" ? {} : { parent: extractContext({ traceparent }) };
  tick.run({ ...one.given, symbol: one.symbol, strategy: one.strategy, ...parent }, (flow) => {
    for (const [stage, ms] of one.marks) {
      passMs(ms);
      flow.mark(stage);
    }
    if (one.netEdge !== undefined)
      recordVerdict({ accepted: one.netEdge === "9.00", reasonCode: "r", reason: "net edge", netEdge: one.netEdge });
    be(one, flow);
    passMs(0.25);
    flow.stop(one.reasonCode, one.reason);
  });
}

function be({ oddity, set }: Scenario, flow: Flow): void {
  const span = flow as unknown as import("@opentelemetry/api").Span;
  if (set !== undefined) span.setAttributes(set as never);
  if (oddity === "fail") flow.fail(new TypeError("venue closed"));
  if (oddity === "event") span.addEvent("resync", { gap: 3 });
  if (oddity === "link") span.addLink({ context: { traceId: "1".repeat(32), spanId: "2".repeat(16), traceFlags: 1 } });
  if (oddity === "status") span.setStatus({ code: SpanStatusCode.ERROR, message: "rejected" });
  if (oddity === "name") span.updateName("tick BTC");
  if (oddity === "nested") other.run({}, (inner) => inner.mark("only"));
}

describe("flows as OTLP bytes", () => {
  it("are, whatever was recorded, the bytes that the stock serializer makes of their spans", () => {
    const ids = createRepeatableIds();
    let clock: Clock;
    const shared = { nowMs: () => 0, epochMicros: (ms: number) => clock.epochMicros(ms) };
    const options = { clock: shared, ids, redactor: REDACTOR, resource: RESOURCE };
    const encoder = createFlowEncoder(options);
    const seen = { flows: 0, parents: 0, links: 0 };
    fc.assert(
      fc.property(scenario, (one) => {
        const compare = (flow: EndedFlow): void => {
          clock = { nowMs: () => 0, epochMicros: (ms) => Math.round(one.startMicros + ms * 1000) };
          ids.repeat();
          const spans = buildFlowSpans(flow, options);
          ids.repeat();
          const writer = new OtlpWriter(Buffer.alloc(512), encoder.envelope.room);
          expect(encoder.append(flow, writer)).toBe(spans.length);
          const direct = Buffer.from(encoder.envelope.wrap(writer));
          expect(direct.toString("hex")).toBe(Buffer.from(serialize(spans)).toString("hex"));
          seen.flows++;
          if (flow.parentSpanId !== undefined) seen.parents++;
          if (flow.linkedSpanId !== undefined) seen.links++;
        };
        withEngine(one.startMicros, { onFlow: compare }, (passMs) => play(one, passMs));
      }),
      { numRuns: 600 },
    );
    expect(seen.flows).toBeGreaterThanOrEqual(600);
    expect(Math.min(seen.parents, seen.links)).toBeGreaterThan(50);
  });

  it("of several lots are one request in their order", () => {
    const ids = createRepeatableIds();
    const clock: Clock = { nowMs: () => 0, epochMicros: (ms) => Math.round(1.7e15 + ms * 1000) };
    const options = { clock, ids, redactor: REDACTOR, resource: RESOURCE };
    const encoder = createFlowEncoder(options);
    const spans: ReturnType<typeof buildFlowSpans> = [];
    const lots: OtlpEntries[] = [];
    const idsOfObjects = createRepeatableIds();
    const onFlow = (flow: EndedFlow): void => {
      spans.push(...buildFlowSpans(flow, { ...options, ids: idsOfObjects }));
      if (lots.length === 0 || spans.length % 3 === 0)
        lots.push(new OtlpWriter(Buffer.alloc(300), encoder.envelope.room));
      encoder.append(flow, lots.at(-1) as OtlpWriter);
    };
    withEngine(1.7e15, { onFlow }, (passMs) => {
      for (let i = 0; i < 40; i++)
        tick.run({ symbol: `S${i}` }, (flow) => {
          passMs(i);
          for (const stage of STAGES.slice(0, i % 5)) flow.mark(stage);
          flow.stop("no_signal");
        });
    });
    expect(lots.length).toBeGreaterThan(3);
    expect(Buffer.from(encoder.envelope.wrapAll(lots)).equals(serialize(spans))).toBe(true);
  });

  it("are refused for a resource that the envelope cannot surround", () => {
    const options = { clock: { nowMs: () => 0, epochMicros: () => 0 }, ids: createRepeatableIds(), redactor: REDACTOR };
    const resource = resourceFromAttributes({ "service.name": "x" }, { schemaUrl: "https://example.org/schema" });
    expect(() => createFlowEncoder({ ...options, resource })).toThrow("a schema address stands behind the entries");
  });
});

function serialize(spans: ReturnType<typeof buildFlowSpans>): Uint8Array {
  return ProtobufTraceSerializer.serializeRequest(spans) as Uint8Array;
}
