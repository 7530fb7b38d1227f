// Events for tests.
import type { StoredEvent } from "../api/client.ts";
import { microsTimestamp } from "../format/timestamp-micros.ts";

/** The moment of event 0, in microseconds since 1970. */
export const START_MICROS = Date.UTC(2026, 10, 20, 12) * 1_000;

/** The event of an id: a millisecond later for each, unless it says otherwise. */
export function testEvent(id: number, more: Partial<StoredEvent> = {}): StoredEvent {
  return {
    id,
    event_type: "decision",
    timestamp: microsTimestamp(START_MICROS + id * 1_000),
    run_id: "run-1",
    symbol: "BTC/USDT",
    data: {},
    trace_id: null,
    span_id: null,
    severity_number: 9,
    instance_id: "i-1",
    service_name: "trader",
    seq: id,
    ...more,
  };
}
