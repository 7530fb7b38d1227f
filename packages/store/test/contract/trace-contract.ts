// Traces of a store: lists, and one with all that belongs to it.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { SpanInput } from "../../src/store-input.ts";
import { ReferenceStore } from "../reference-store.ts";
import { spans, traceFilter } from "../store-arbitraries.ts";
import { createEvent } from "../store-events.ts";
import { createSpan } from "../store-spans.ts";
import { type OpenStore, withStore } from "./contract-store.ts";

const START_MICROS = Date.parse("2026-11-20T12:34:56Z") * 1000;
const ONE = "0af7651916cd43dd8448eb211c80319c";

const idOf = (i: number) => i.toString(16).padStart(16, "0");

export function describeTraces(open: OpenStore, runs: number): void {
  describe("traces", () => {
    test("have all their spans, parents before children, and all their events, oldest first", () =>
      withStore(open, async (store) => {
        const attributes = {
          "http.request.method": "GET",
          "url.full": "http://localhost/orders",
          "http.response.status_code": 503,
          "user.id": "u1",
        };
        const event = { name: "exception", timeMicros: START_MICROS, attributes: { "exception.message": "no" } };
        const link = { traceId: ONE, spanId: idOf(9), attributes: {} };
        await store.writeSpans([
          createSpan({ spanId: idOf(3), parentSpanId: idOf(2) }),
          createSpan({
            spanId: idOf(2),
            parentSpanId: idOf(1),
            attributes,
            events: [event],
            links: [link],
            statusCode: 2,
            statusMessage: "no",
          }),
          createSpan(),
          createSpan({ traceId: "f".repeat(32) }),
        ]);
        await store.writeEvents([
          createEvent({ seq: 1, traceId: ONE, timestamp: "2026-11-20T12:34:57.000000Z" }),
          createEvent({ seq: 2, traceId: ONE, timestamp: "2026-11-20T12:34:56.000000Z" }),
          createEvent({ seq: 3, traceId: "f".repeat(32) }),
        ]);
        const trace = await store.trace(ONE.toUpperCase());
        expect(trace.spans.map((span) => span.span_id)).toEqual([1, 2, 3].map(idOf));
        expect(trace.spans[1]).toEqual({
          trace_id: ONE,
          span_id: idOf(2),
          parent_span_id: idOf(1),
          service_name: "bot",
          instance_id: "i-1",
          operation_name: "tick",
          span_kind: 1,
          start_time: "2026-11-20T12:34:56.000000Z",
          start_nanos: 0,
          duration_nanos: 1_500_000,
          duration_ms: 1.5,
          status_code: 2,
          status_message: "no",
          scope: "tracebook",
          http_method: "GET",
          http_url: "http://localhost/orders",
          http_status_code: 503,
          user_id: "u1",
          tags: attributes,
          events: [event],
          links: [link],
        });
        expect(trace.events.map((one) => one.seq)).toEqual([2, 1]);
        expect(await store.trace("e".repeat(32))).toEqual({ spans: [], events: [] });
      }));

    test("a trace whose root is elsewhere is listed by the span with which it came in; one without either is not", () =>
      withStore(open, async (store) => {
        await store.writeSpans([
          createSpan({
            traceId: "a".repeat(32),
            spanId: idOf(2),
            parentSpanId: idOf(7),
            kind: 2,
            startMicros: START_MICROS + 1,
          }),
          createSpan({
            traceId: "a".repeat(32),
            spanId: idOf(3),
            parentSpanId: idOf(2),
            kind: 5,
            startMicros: START_MICROS + 2,
          }),
          createSpan({ traceId: "b".repeat(32), spanId: idOf(2), parentSpanId: idOf(7), kind: 1 }),
        ]);
        const listed = await store.findTraces({}, 10);
        expect(listed.map(({ root, span_count }) => [root.span_id, span_count])).toEqual([[idOf(2), 2]]);
      }));

    test("pages skip no trace, many though they are in one microsecond", () =>
      withStore(open, async (store) => {
        const traceIds = Array.from({ length: 30 }, (_, i) => i.toString(16).padStart(32, "c"));
        await store.writeSpans(
          traceIds.map((traceId, i) => createSpan({ traceId, startMicros: START_MICROS + Math.floor(i / 7) })),
        );
        const seen: string[] = [];
        let before: string | undefined;
        for (let page = await store.findTraces({}, 4); page.length > 0; page = await store.findTraces({}, 4, before)) {
          expect(page.length).toBeGreaterThan(0);
          seen.push(...page.map((trace) => trace.trace_id));
          before = page.at(-1)!.root.start_time;
        }
        expect(seen).toHaveLength(30);
        expect(new Set(seen)).toEqual(new Set(traceIds));
      }));

    test("the slowest come first, however many entries of their traces are in between", () =>
      withStore(open, async (store) => {
        const traceIdOf = (i: number) => i.toString(16).padStart(32, "0");
        // The spans with which a trace comes into a second service are entries too, but not the first of their trace.
        await store.writeSpans(
          [1, 2, 3].flatMap((i) => [
            createSpan({ traceId: traceIdOf(i), durationNanos: i * 1_000 }),
            ...Array.from({ length: 200 }, (_, j) =>
              createSpan({
                traceId: traceIdOf(i),
                spanId: idOf(j + 2),
                parentSpanId: idOf(1),
                kind: 2,
                durationNanos: 1e9,
              }),
            ),
          ]),
        );
        const slowest = await store.slowestTraces({}, 2);
        expect(slowest.map((trace) => trace.trace_id)).toEqual([3, 2].map(traceIdOf));
        expect(slowest[0]).toMatchObject({ span_count: 201, root: { duration_nanos: 3_000 } });
        expect(await store.slowestTraces({ minDurationMs: 0.0025 }, 10)).toHaveLength(1);
      }));

    test("the stages of a flow come in their order, merged from traces of which none has all", () =>
      withStore(open, async (store) => {
        const stages = (trace: number, names: readonly string[], more: Partial<SpanInput> = {}) => [
          createSpan({ traceId: trace.toString(16).padStart(32, "0"), ...more }),
          ...names.map((name, i) =>
            createSpan({
              traceId: trace.toString(16).padStart(32, "0"),
              spanId: idOf(i + 2),
              parentSpanId: idOf(1),
              name,
              startMicros: START_MICROS + i,
            }),
          ),
        ];
        const other = { traceId: "1".padStart(32, "0"), parentSpanId: idOf(1), startMicros: START_MICROS };
        await store.writeSpans([
          ...stages(1, ["ws_to_book_update", "book_to_signal"]),
          ...stages(2, ["book_to_signal", "signal_to_risk", "risk_to_send"]),
          ...stages(3, ["signal_to_risk", "hedge", "risk_to_send"]),
          // What else is within a flow: a request, a span of the host's own, another flow.
          createSpan({ ...other, spanId: idOf(20), name: "GET", kind: 3 }),
          createSpan({ ...other, spanId: idOf(21), name: "load", scope: "my-bot" }),
          createSpan({ ...other, spanId: idOf(22), name: "order", attributes: { "trading.stage": "sent" } }),
          // A flow that is within others only.
          ...stages(4, ["check", "send"], { name: "inner", parentSpanId: idOf(77) }),
        ]);
        expect(await store.stageOrder("tick")).toEqual([
          "ws_to_book_update",
          "book_to_signal",
          "signal_to_risk",
          "hedge",
          "risk_to_send",
        ]);
        expect(await store.stageOrder("inner")).toEqual(["check", "send"]);
        expect(await store.stageOrder("no such flow")).toEqual([]);
      }));

    test("lists are those of looking at everything", () =>
      fc.assert(
        fc.asyncProperty(spans, fc.array(traceFilter, { minLength: 8, maxLength: 8 }), async (some, filters) =>
          withStore(open, async (store) => {
            const reference = new ReferenceStore();
            await store.writeSpans(some);
            reference.writeSpans(some);
            for (const filter of filters) {
              const listed = await store.findTraces(filter, 100);
              expect(listed.map((trace) => trace.trace_id)).toEqual(reference.findTraces(filter));
              const slowest = await store.slowestTraces(filter, 3);
              expect(slowest.map((trace) => trace.trace_id)).toEqual(reference.slowestTraces(filter).slice(0, 3));
              for (const trace of slowest) expect(listed).toContainEqual(trace);
              for (const trace of listed) {
                const detail = await store.trace(trace.trace_id);
                expect(trace.span_count).toBe(detail.spans.length);
                expect(trace.error_count).toBe(detail.spans.filter((span) => span.status_code === 2).length);
                expect(trace.services).toEqual([...new Set(detail.spans.map((span) => span.service_name))].sort());
                const starts = detail.spans.map(
                  (span) => `${span.start_time}${String(span.start_nanos).padStart(3, "0")}`,
                );
                expect(starts).toEqual([...starts].sort());
              }
            }
          }),
        ),
        { numRuns: runs },
      ));
  });
}
