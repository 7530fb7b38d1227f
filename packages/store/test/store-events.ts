// Events for tests.
import type { EventInput } from "../src/store-input.ts";

/** An event that differs from the others in what `more` says. */
export function createEvent(more: Partial<EventInput> = {}): EventInput {
  return {
    eventType: "signal_rejected",
    timestamp: "2026-11-20T12:34:56.789012Z",
    source: { serviceName: "bot", instanceId: "i-1" },
    seq: 1,
    runId: "run-1",
    symbol: "BTC/USDT",
    traceId: undefined,
    spanId: undefined,
    severityNumber: 9,
    data: { reason_code: "gate_failed", reason: "Below minimum confluence threshold" },
    ...more,
  };
}
