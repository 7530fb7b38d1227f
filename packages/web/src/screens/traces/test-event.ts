// An event for tests: what a test does not say is plain.
import type { StoredEvent } from "../../api/client.ts";
import { TEST_START } from "../../charts/test-span.ts";
import { microsTimestamp } from "../../format/timestamp-micros.ts";

/** An event `micros` microseconds after the traces of tests begin. */
export function testEvent(
  id: number,
  type: string,
  micros: number,
  data: Readonly<Record<string, unknown>> = {},
  rest: Partial<StoredEvent> = {},
): StoredEvent {
  return {
    id,
    event_type: type,
    timestamp: microsTimestamp(TEST_START + micros),
    run_id: "run-1",
    symbol: "BTC/USDT",
    data,
    trace_id: "0af7651916cd43dd8448eb211c80319c",
    span_id: null,
    severity_number: 9,
    instance_id: "i-1",
    service_name: "bot",
    seq: id,
    ...rest,
  };
}
