// Events, metrics and secrets of flows that go through someone else's SDK.
import type { ReadableSpan } from "@opentelemetry/sdk-trace";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { type ForeignSdk, startForeignSdk } from "../test/foreign-sdk.ts";
import { defineEvent } from "./define-event.ts";
import { defineFlow } from "./define-flow.ts";
import { tradingEvents } from "./event-catalogue.ts";

const tick = defineFlow("tick", { stages: ["book", "signal", "risk"] });
const filled = defineEvent<{ symbol: string; quantity: string }>("filled_test", { severity: "warn" });

describe("with someone else's SDK", () => {
  let sdk: ForeignSdk;
  beforeAll(() => {
    sdk = startForeignSdk();
  });
  afterEach(() => sdk.reset());
  afterAll(() => sdk.stop());

  it("an event is a log record with its name, its data and the context of its flow", () => {
    tick.run({ strategy: "basis" }, (flow) => {
      filled.emit({ symbol: "BTC/USDT", quantity: "0.10" });
      tradingEvents.errorOccurred.emit({ error_message: "late", error_type: "Timeout" }, { runId: "r1" });
      flow.stop("done");
    });
    const [flow] = sdk.spans().filter((span) => span.name === "tick");
    const [first, second] = sdk.logs();
    expect(first).toMatchObject({
      eventName: "trading.filled_test",
      severityNumber: 13,
      severityText: "WARN",
      body: "filled_test",
      attributes: { "trading.symbol": "BTC/USDT", "trading.quantity": "0.10", "trading.strategy": "basis" },
    });
    expect(first?.spanContext).toMatchObject({
      traceId: flow?.spanContext().traceId,
      spanId: flow?.spanContext().spanId,
    });
    expect(second).toMatchObject({
      eventName: "trading.error_occurred",
      body: "error_occurred: late",
      attributes: { "exception.message": "late", "exception.type": "Timeout", "trading.run_id": "r1" },
    });
  });

  it("stages, flows, outcomes and events are measured under the names of the catalogue", async () => {
    const before = await sdk.metrics();
    tick.run({ symbol: "ETH/USDT", strategy: "basis" }, (flow) => {
      flow.mark("book");
      flow.mark("signal");
      filled.emit({ symbol: "ETH/USDT", quantity: "1" });
      flow.stop("no_signal");
    });
    const after = await sdk.metrics();
    const grown = (name: string, labels: Record<string, string>): number =>
      countOf(after.get(name), labels) - countOf(before.get(name), labels);
    const durations = "trading_stage_duration_seconds";
    expect(grown(durations, { flow: "tick", stage: "book" })).toBe(1);
    expect(grown(durations, { flow: "tick", stage: "end_to_end" })).toBe(1);
    expect(grown("trading_flow_duration_seconds", { flow: "tick" })).toBe(1);
    expect(grown("trading_events_total", { event_type: "filled_test" })).toBe(1);
    const outcome = { flow: "tick", stage: "signal", reason_code: "no_signal", strategy: "basis", symbol: "ETH/USDT" };
    expect(grown("trading_flow_outcomes_total", outcome)).toBe(1);
    expect(after.get(durations)?.descriptor).toMatchObject({ unit: "s" });
    expect(after.get(durations)?.dataPoints[0]?.value).toMatchObject({
      buckets: { boundaries: { 0: 0.000005, 19: 10 } },
    });
  });

  it("secrets are scrubbed before that SDK sees them", () => {
    const secret = "hX93kfLq20vNaZr7TbWc";
    tick.run({ apiKey: secret }, (flow) => {
      flow.setAttribute("url", `https://x.example/order?signature=${secret}`);
      filled.emit({ symbol: "A", quantity: "1", listenKey: secret } as { symbol: string; quantity: string });
      flow.fail(new Error(`GET /?api_key=${secret}`));
      flow.stop("error", `password=${secret}`);
    });
    const all = JSON.stringify([sdk.spans().map(dataOf), sdk.logs().map(({ attributes, body }) => [attributes, body])]);
    expect(all).not.toContain(secret);
    expect(all.match(/REDACTED/g)?.length).toBeGreaterThanOrEqual(6);
  });
});

function countOf(
  metric: { dataPoints: readonly { attributes: object; value: unknown }[] } | undefined,
  labels: object,
): number {
  const wanted = JSON.stringify(Object.entries(labels).sort());
  const point = metric?.dataPoints.find(
    ({ attributes }) => JSON.stringify(Object.entries(attributes).sort()) === wanted,
  );
  const value = point?.value ?? 0;
  return typeof value === "number" ? value : (value as { count: number }).count;
}

function dataOf({ name, attributes, events, status }: ReadableSpan): unknown {
  return { name, attributes, events, status };
}
