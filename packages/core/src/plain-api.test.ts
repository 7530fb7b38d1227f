// Flows and events without a runtime of ours: nothing while there is no SDK, ordinary signals once someone else's is there.
import { context, ROOT_CONTEXT, SpanKind, SpanStatusCode, trace } from "@opentelemetry/api";
import type { ReadableSpan } from "@opentelemetry/sdk-trace";
import { afterAll, afterEach, beforeAll, describe, expect, it, test } from "vitest";
import { type ForeignSdk, startForeignSdk } from "../test/foreign-sdk.ts";
import { defineEvent } from "./define-event.ts";
import { defineFlow } from "./define-flow.ts";
import { tradingEvents } from "./event-catalogue.ts";
import { onForeignSdk } from "./plain-api.ts";
import { halt } from "./runtime-control.ts";
import { currentFlow, currentTraceId, injectContext, withRun } from "./trace-context.ts";

// Declared before there is any SDK, as modules do.
const tick = defineFlow("tick", { stages: ["book", "signal", "risk"], spanKind: "consumer" });
const filled = defineEvent<{ symbol: string; quantity: string }>("filled_test", { severity: "warn" });

describe("without any SDK", () => {
  it("flows run their function and hand on what it returns or throws, and are nothing themselves", async () => {
    const boom = new Error("boom");
    expect(tick.run({ symbol: "BTC/USDT" }, () => 7)).toBe(7);
    await expect(tick.run({}, async () => 8)).resolves.toBe(8);
    expect(() => tick.run({}, () => raise(boom))).toThrow(boom);
    tick.run({}, (flow) => {
      expect([flow.traceId, flow.spanId, currentFlow(), currentTraceId()]).toEqual(["", "", undefined, undefined]);
      flow.mark("book");
      flow.setAttribute("a", 1).setAttributes({ b: 2 });
      flow.keep();
      expect([flow.stop("no_signal"), flow.fail(boom), flow.within(() => 3)]).toEqual([undefined, undefined, 3]);
    });
    const flow = tick.start();
    flow.end("done");
    flow.end("again");
    expect(tick.start()).toBe(flow);
  });

  it("events, halts and injected contexts do nothing", () => {
    filled.emit({ symbol: "BTC/USDT", quantity: "1" });
    tradingEvents.orderRequest.emit({ client_order_id: "1", symbol: "BTC/USDT", side: "buy", quantity: "1" });
    expect(halt({ reason_code: "risk_limit" })).toBe(0);
    expect(injectContext({ a: 1 })).toEqual({ a: 1 });
  });
});

describe("with someone else's SDK", () => {
  let sdk: ForeignSdk;
  beforeAll(() => {
    sdk = startForeignSdk();
  });
  afterEach(() => {
    sdk.throws = false;
    sdk.reset();
  });
  afterAll(() => sdk.stop());

  const named = (name: string): ReadableSpan[] => sdk.spans().filter((span) => span.name === name);
  const parentOf = (span: ReadableSpan | undefined): string | undefined => span?.parentSpanContext?.spanId;

  it("a flow is a root span with its stages below it, one after the other, and its outcome on it", () => {
    const traceId = withRun("scan-7", () =>
      tick.run({ symbol: "BTC/USDT", venue: "binance" }, (flow) => {
        flow.mark("book");
        flow.mark("signal");
        expect(currentFlow()).toBe(flow);
        flow.stop("no_signal", "nothing to see");
        return flow.traceId;
      }),
    );
    const [root] = named("tick");
    const [book, signal] = [named("book")[0], named("signal")[0]];
    expect(root?.spanContext().traceId).toBe(traceId);
    expect(root?.kind).toBe(SpanKind.CONSUMER);
    expect(parentOf(root)).toBeUndefined();
    expect([parentOf(book), parentOf(signal)]).toEqual([root?.spanContext().spanId, root?.spanContext().spanId]);
    expect(root?.attributes).toEqual({
      "trading.symbol": "BTC/USDT",
      "trading.venue": "binance",
      "trading.run_id": "scan-7",
      "trading.stage": "signal",
      "trading.reason_code": "no_signal",
      "trading.reason": "nothing to see",
    });
    expect(book?.startTime).toEqual(root?.startTime);
    expect(signal?.startTime).toEqual(book?.endTime);
    expect(nanos(root?.endTime)).toBeGreaterThanOrEqual(nanos(signal?.endTime));
  });

  it("nested flows, spans of instrumentations and later calls hang where they belong", async () => {
    const bound = await tick.run({}, async (outer) => {
      trace.getTracer("pg").startSpan("query").end();
      await tick.run({}, (inner) => Promise.resolve(inner.mark("book")));
      return outer.bind(() => trace.getTracer("ws").startSpan("late").end());
    });
    bound();
    const [inner, outer] = named("tick");
    const outerId = outer?.spanContext().spanId;
    expect([parentOf(inner), parentOf(named("query")[0]), parentOf(named("late")[0])]).toEqual([
      outerId,
      outerId,
      outerId,
    ]);
    expect(parentOf(named("book")[0])).toBe(inner?.spanContext().spanId);
  });

  it("errors reach the host unchanged and are on the span; thenables are awaited", async () => {
    const boom = Object.assign(new Error("refused"), { code: "ECONNREFUSED" });
    expect(() => tick.run({}, () => raise(boom))).toThrow(boom);
    await expect(tick.run({}, async () => raise(boom))).rejects.toBe(boom);
    // Lazy, as the queries of query builders are.
    // biome-ignore lint/suspicious/noThenProperty: this is one.
    const query = { then: (resolve: (rows: number) => void) => Promise.resolve(3).then(resolve) };
    await expect(tick.run({}, () => query as PromiseLike<number>)).resolves.toBe(3);
    const [thrown, rejected, awaited] = named("tick");
    for (const span of [thrown, rejected]) {
      expect(span?.status).toEqual({ code: SpanStatusCode.ERROR, message: "refused" });
      expect(span?.attributes).toMatchObject({ "trading.reason_code": "error", "trading.keep_reason": "failed" });
      expect(span?.events[0]).toMatchObject({ name: "exception", attributes: { "exception.type": "ECONNREFUSED" } });
    }
    expect(awaited?.attributes["trading.reason_code"]).toBe("no_reason");
  });

  it("a message on a socket that was opened inside a flow is a trace of its own", () => {
    const opened = tick.start();
    const kept = opened.within(() => context.active());
    opened.end("connected");
    const client = trace.getTracer("http").startSpan("GET", { kind: SpanKind.CLIENT });
    for (const stale of [kept, trace.setSpan(ROOT_CONTEXT, client)])
      context.with(stale, () => tick.run({}, (flow) => flow.stop("message")));
    const [first, ...messages] = named("tick");
    expect(messages.map(parentOf)).toEqual([undefined, undefined]);
    expect(new Set([first, ...messages].map((span) => span?.spanContext().traceId)).size).toBe(3);
    const dropped = trace.setSpanContext(ROOT_CONTEXT, {
      traceId: "a".repeat(32),
      spanId: "b".repeat(16),
      traceFlags: 0,
    });
    expect(context.with(dropped, () => tick.run({}, (flow) => flow.traceId))).toBe("a".repeat(32));
  });

  it("a processor that throws stops neither the flow nor its events", () => {
    sdk.throws = true;
    const value = tick.run({ symbol: "A" }, (flow) => {
      flow.mark("book");
      flow.setAttribute("a", 1);
      filled.emit({ symbol: "A", quantity: "1" });
      return flow.traceId.length;
    });
    expect(value).toBe(32);
  });

  it.each([
    ["null", null],
    [
      "a throwing getter",
      Object.defineProperty({}, "symbol", { enumerable: true, get: () => raise(new Error("trap")) }),
    ],
    ["a Proxy", new Proxy({}, { get: () => raise(new Error("trap")), ownKeys: () => raise(new Error("trap")) })],
    ["an object without a prototype", Object.create(null)],
    ["a symbol", Symbol("s")],
  ])("%s stops neither a flow nor an event", (_name, value) => {
    const hostile = value as never;
    tick.run(hostile, (flow) => {
      flow.mark(hostile);
      flow.setAttribute(hostile, hostile).setAttributes(hostile);
      filled.emit(hostile);
      filled.emit({ symbol: "A", quantity: "1" }, hostile);
      flow.fail(hostile);
      flow.stop(hostile, hostile);
    });
    tick.run({ symbol: hostile, parent: hostile, a: hostile }, () => {});
    expect(named("tick")).toHaveLength(2);
    expect(sdk.logs().length).toBeGreaterThan(0);
  });

  test("a listener hears of the SDK once, whatever it throws, and no more after it left", () => {
    const heard: unknown[] = [];
    const stop = onForeignSdk((meter) => {
      heard.push(meter);
      throw new Error("listener");
    });
    tick.run({}, () => {});
    expect(heard).toHaveLength(1);
    expect(heard[0]).toHaveProperty("createHistogram");
    stop();
  });
});

function raise(error: Error): never {
  throw error;
}

function nanos(time: [number, number] | undefined): bigint {
  return time === undefined ? -1n : BigInt(time[0]) * 1_000_000_000n + BigInt(time[1]);
}
