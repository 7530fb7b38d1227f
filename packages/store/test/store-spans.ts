// Spans for tests.
import type { SpanInput } from "../src/store-input.ts";

const TRACE_ID = "0af7651916cd43dd8448eb211c80319c";
const START_MICROS = Date.parse("2026-11-20T12:34:56Z") * 1000;

/** A span that differs from the others in what `more` says. */
export function createSpan(more: Partial<SpanInput> = {}): SpanInput {
  return {
    source: { serviceName: "bot", instanceId: "i-1" },
    traceId: TRACE_ID,
    spanId: "1".padStart(16, "0"),
    parentSpanId: undefined,
    name: "tick",
    kind: 1,
    startMicros: START_MICROS,
    startNanosRest: 0,
    durationNanos: 1_500_000,
    statusCode: 0,
    statusMessage: "",
    scope: "tracebook",
    attributes: {},
    events: [],
    links: [],
    ...more,
  };
}
