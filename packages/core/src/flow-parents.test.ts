// Whose child a flow is: across concurrency, processes, sockets and things that are over.
import { EventEmitter } from "node:events";
import { connect, createServer } from "node:net";
import { context, ROOT_CONTEXT, SpanKind, trace } from "@opentelemetry/api";
import { TracerProvider } from "@opentelemetry/sdk-trace";
import { afterEach, describe, expect, it } from "vitest";
import { EngineHarness } from "../test/engine-harness.ts";
import { defineFlow } from "./define-flow.ts";
import type { Flow } from "./flow.ts";
import type { FlowEngineOptions } from "./flow-engine.ts";
import { currentFlow, currentTraceId } from "./trace-context.ts";

const tick = defineFlow("tick", { stages: ["book", "signal", "risk", "send"] });
let harness: EngineHarness;

function start(options: Partial<FlowEngineOptions> = {}): void {
  harness = new EngineHarness(options);
}

afterEach(() => harness.stop());

describe("parents", () => {
  it("nested flows hang below their outer flow and share its fate", () => {
    start();
    tick.run({}, (outer) => {
      tick.run({}, (inner) => inner.stop("no_signal"));
      outer.keep();
    });
    tick.run({}, () => tick.run({}, (inner) => inner.stop("lost")));
    harness.afterTick();
    const [inner, outer] = harness.kept.sort(
      (a, b) => Number(b.parentSpanId !== undefined) - Number(a.parentSpanId !== undefined),
    );
    expect(harness.kept).toHaveLength(2);
    expect(inner?.parentSpanId).toBe(outer?.spanId);
    expect(inner?.traceId).toBe(outer?.traceId);
  });

  it("an accepted inner flow keeps the whole trace", () => {
    start();
    tick.run({}, () => tick.run({}, (inner) => inner.stop("order_submitted")));
    harness.afterTick();
    expect(harness.kept).toHaveLength(2);
  });

  it("are right across concurrency, timers, microtasks, emitters and async generators", async () => {
    start({ sampleRatio: 1 });
    const seen = new Map<string, Set<string>>();
    const see = (flow: Flow, where: string) => {
      const ids = seen.get(where) ?? new Set();
      seen.set(where, ids.add(String(currentFlow() === flow && currentTraceId() === flow.traceId)));
    };
    async function* book() {
      for (let i = 0; i < 3; i++) {
        await new Promise((resolve) => setImmediate(resolve));
        yield i;
      }
    }
    const emitter = new EventEmitter();
    await Promise.all(
      Array.from({ length: 20 }, (_, n) =>
        tick.run({}, async (flow) => {
          see(flow, "sync");
          await new Promise<void>((resolve) => setTimeout(resolve, n % 3));
          see(flow, "timer");
          await new Promise<void>((resolve) => queueMicrotask(resolve));
          see(flow, "microtask");
          for await (const _ of book()) see(flow, "generator");
          await Promise.race([new Promise((resolve) => setImmediate(resolve)), new Promise(() => {})]);
          see(flow, "race");
          emitter.once(
            `bound-${n}`,
            flow.bind(() => see(flow, "bound listener")),
          );
        }),
      ),
    );
    for (let n = 0; n < 20; n++) emitter.emit(`bound-${n}`);
    expect([...seen].map(([where, ok]) => [where, [...ok]])).toEqual(
      ["sync", "timer", "microtask", "generator", "race", "bound listener"].map((where) => [where, ["true"]]),
    );
    expect(currentFlow()).toBeUndefined();
  });

  it("a sampled remote parent is continued and the flow kept; an unsampled one is linked, not a parent", () => {
    start();
    const remote = (flags: string) =>
      trace.setSpanContext(ROOT_CONTEXT, {
        traceId: "0af7651916cd43dd8448eb211c80319c",
        spanId: "b7ad6b7169203331",
        traceFlags: flags === "01" ? 1 : 0,
        isRemote: true,
      });
    tick.run({ parent: remote("01") }, (flow) => flow.stop("no_signal"));
    tick.run({ parent: remote("00") }, (flow) => flow.stop("no_signal"));
    tick.run({ parent: remote("00") }, (flow) => flow.stop("order_submitted"));
    harness.afterTick();
    expect(
      harness.kept.map(({ traceId, parentSpanId, linkedSpanId, reason }) => [
        traceId,
        parentSpanId,
        linkedSpanId,
        reason,
      ]),
    ).toEqual([
      ["0af7651916cd43dd8448eb211c80319c", "b7ad6b7169203331", undefined, "parent"],
      ["0af7651916cd43dd8448eb211c80319c", undefined, "b7ad6b7169203331", "accepted"],
    ]);
  });

  it("a socket keeps the context it was made in; its messages are traces of their own all the same", async () => {
    start({ sampleRatio: 1 });
    const server = createServer((socket) => {
      for (let i = 0; i < 3; i++) setTimeout(() => socket.write(`message ${i}`), 10 * i);
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const { port } = server.address() as { port: number };
    const opened = new Set<string>();
    const ids = new Set<string>();
    await new Promise<void>((done) =>
      tick.run({}, (flow) => {
        opened.add(flow.traceId);
        const socket = connect(port, "127.0.0.1", () => {});
        socket.on("data", () => {
          ids.add(tick.run({}, (message) => message.traceId));
          if (ids.size === 3) {
            socket.destroy();
            done();
          }
        });
      }),
    );
    server.close();
    harness.afterTick();
    expect(ids.size).toBe(3);
    expect([...ids].some((id) => opened.has(id))).toBe(false);
    expect(harness.kept.every((flow) => flow.parentSpanId === undefined)).toBe(true);
  });

  it("a server's span that is being recorded is a parent; a client's span is not", () => {
    start();
    const tracer = new TracerProvider().getTracer("test");
    const under = (kind: SpanKind) => {
      const span = tracer.startSpan("x", { kind });
      return context.with(trace.setSpan(ROOT_CONTEXT, span), () =>
        tick.run({}, (flow) => flow.traceId === span.spanContext().traceId),
      );
    };
    expect(under(SpanKind.SERVER)).toBe(true);
    expect(under(SpanKind.INTERNAL)).toBe(true);
    expect(under(SpanKind.CLIENT)).toBe(false);
  });
});
