// Trace context over the wire: to hosts of one's own, never to an exchange, and through messages only when asked to.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startChild } from "../test/child.ts";
import { type OtlpSink, startOtlpSink } from "../test/otlp-sink.ts";
import {
  CLIENTS,
  callSettings,
  contextOf,
  findCall,
  makeOutgoingCalls,
  type OutgoingCalls,
} from "../test/outgoing-calls.ts";

describe("calls of a flow", () => {
  let calls: OutgoingCalls;
  beforeAll(async () => {
    calls = await makeOutgoingCalls();
  });

  const nothing = { traceparent: undefined, tracestate: undefined, baggage: undefined };
  const keptFlow = (name: string) =>
    calls.sink.spans.find((span) => span.name === "call" && span.traceId === calls.flows[name])?.attributes[
      "trading.keep_reason"
    ];

  it.each(CLIENTS)("%s: an address of one's own gets context and baggage, and the flow is kept", (client) => {
    const { traceparent, baggage } = contextOf(findCall(calls, "127.0.0.1", client));
    expect(traceparent).toMatch(new RegExp(`^00-${calls.flows[`127.0.0.1 ${client}`]}-[0-9a-f]{16}-0[13]$`));
    expect(baggage).toBe("account=main-account");
    expect(keptFlow(`127.0.0.1 ${client}`)).toBe("propagated");
  });

  it.each(CLIENTS)("%s: an exchange gets nothing, and the flow is not kept for it", (client) => {
    expect(contextOf(findCall(calls, "api.exchange.example", client))).toEqual(nothing);
    expect(keptFlow(`api.exchange.example ${client}`)).toBeUndefined();
  });

  it.each(CLIENTS)("%s: a host on the list gets context", (client) => {
    expect(contextOf(findCall(calls, "feed.partner.example", client)).traceparent).toContain(
      calls.flows[`feed.partner.example ${client}`],
    );
  });

  it("a redirect to an exchange drops what the first request had", () => {
    const first = calls.recorded.find((request) => request.path.startsWith("/to?"));
    expect(contextOf(first).traceparent).toContain(calls.flows.redirect);
    expect(contextOf(findCall(calls, "api.exchange.example", "redirected"))).toEqual(nothing);
  });

  it("a request through a proxy of one's own goes where its URL says", () => {
    const proxied = calls.recorded.find((request) => request.path.endsWith("/proxied"));
    expect(contextOf(proxied)).toEqual(nothing);
  });
});

describe("context in a message", () => {
  let dir = "";
  let sink: OtlpSink;
  beforeAll(async () => {
    dir = mkdtempSync(join(tmpdir(), "tracebook-messages-"));
    sink = await startOtlpSink();
  });
  afterAll(async () => {
    await sink.close();
    rmSync(dir, { recursive: true, force: true });
  });

  it("makes one trace of two processes, kept at both ends; a flow whose trace is dropped says so", async () => {
    const env = callSettings(sink.url, dir);
    const produced = await startChild("messages.ts", { args: ["producer"], env }).result<Record<string, object>>();
    const message = JSON.stringify(produced.sent);
    await startChild("messages.ts", { args: ["consumer", message], env }).result();
    const [producer, consumer] = ["producer", "consumer"].map((name) =>
      sink.spans.filter((span) => span.name === name),
    );
    expect([producer?.length, consumer?.length]).toEqual([1, 1]);
    expect(consumer?.[0]).toMatchObject({
      traceId: producer?.[0]?.traceId,
      parentSpanId: producer?.[0]?.spanId,
      kind: 5,
    });
    expect([producer, consumer].map((spans) => spans?.[0]?.attributes["trading.keep_reason"])).toEqual([
      "propagated",
      "parent",
    ]);
    expect(produced.sent).toMatchObject({
      symbol: "BTC/USDT",
      traceparent: expect.stringContaining(`${producer?.[0]?.spanId}`),
    });
    expect(produced.late).toMatchObject({ traceparent: expect.stringMatching(/-0[02]$/) });
  });
});
