// Many events, numbered.
import { toTimestamp } from "@tracebook/core";
import type { EventInput } from "@tracebook/store";

let next = 1;

/** So many events, each with a number of its own within this process, and with `padding` characters more. */
export function numberedEvents(count: number, more: Partial<EventInput> = {}, padding = 0): readonly EventInput[] {
  return Array.from({ length: count }, () => {
    const seq = next++;
    return {
      eventType: "tick",
      timestamp: toTimestamp(Date.now() * 1_000),
      source: { serviceName: "load", instanceId: "load-1" },
      seq,
      runId: undefined,
      symbol: seq % 2 === 0 ? "BTC/USDT" : "ETH/USDT",
      traceId: undefined,
      spanId: undefined,
      severityNumber: 9,
      data: { seq, ...(padding > 0 && { padding: "x".repeat(padding) }) },
      ...more,
    };
  });
}
