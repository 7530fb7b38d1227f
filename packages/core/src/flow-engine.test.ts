// Flows inside a running engine: marks, outcomes, fates, parents.
import { EventEmitter } from "node:events";
import { context, ROOT_CONTEXT, trace } from "@opentelemetry/api";
import { AsyncLocalStorageContextManager } from "@opentelemetry/context-async-hooks";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createManualClock } from "./clock.ts";
import { defineFlow } from "./define-flow.ts";
import { tradingEvents } from "./event-catalogue.ts";
import type { Flow } from "./flow.ts";
import { createFlowEngine, type FlowEngine, type FlowEngineOptions } from "./flow-engine.ts";
import { createIdSource } from "./ids.ts";
import type { LiveFlow } from "./live-flow.ts";
import type { EventKind, EventRecord } from "./record.ts";
import { halt, installRuntime } from "./runtime-control.ts";
import { currentFlow, currentRunId, currentTraceId, extractContext, withRun, withTraceId } from "./trace-context.ts";

interface Kept {
  name: string;
  traceId: string;
  spanId: string;
  parentSpanId: string | undefined;
  linkedSpanId: string | undefined;
  reason: string | undefined;
  outcome: string;
  stages: [string, number][];
  records: string[];
}

const tick = defineFlow("tick", { stages: ["book", "signal", "risk", "send"] });
const DECISION: EventKind = {
  eventType: "decision",
  recordClass: "evidence",
  writeThrough: false,
  severityNumber: 9,
  stream: "events",
  toData: () => ({}),
};

let clock = createManualClock(0);
let kept: Kept[] = [];
let ended: { reason: string; stage: string; symbol: string | undefined; strategy: string | undefined }[] = [];
let records: EventRecord[] = [];
let drops: string[] = [];
let pending: (() => void)[] = [];
let uninstall = () => {};
let engine: FlowEngine;

function start(options: Partial<FlowEngineOptions> = {}): void {
  clock = createManualClock(1_700_000_000_000_000);
  engine = createFlowEngine({
    clock,
    ids: createIdSource(),
    instanceId: "test-1",
    runId: "run-default",
    sampleRatio: 0,
    slowMs: 250,
    recentFlows: 4,
    maxFlows: 1024,
    afterTick: (fn) => pending.push(fn),
    onDrop: (what, reason) => drops.push(`${what}:${reason}`),
    flowObservers: [
      {
        flowEnded: (flow) =>
          ended.push({
            reason: flow.reasonCode,
            stage: flow.outcomeStage,
            symbol: flow.symbol,
            strategy: flow.strategy,
          }),
      },
    ],
    recordObservers: [],
    flowSinks: [
      {
        flowKept: (flow) =>
          kept.push({
            name: flow.kind.name,
            traceId: flow.traceId,
            spanId: flow.spanId,
            parentSpanId: flow.parentSpanId,
            linkedSpanId: flow.linkedSpanId,
            reason: flow.keepReason,
            outcome: flow.reasonCode,
            stages: Array.from({ length: flow.markCount }, (_, i) => [
              flow.kind.stages[flow.markStage(i)] ?? "?",
              flow.markMs(i) - (i === 0 ? flow.startMs : flow.markMs(i - 1)),
            ]),
            records: flow.records.map((record) => record.kind.eventType),
          }),
      },
    ],
    recordSinks: [{ accept: (record) => records.push(record), flush: async () => {}, close: async () => {} }],
    ...options,
  });
  uninstall = installRuntime(engine);
}

function afterTick(): void {
  for (const fn of pending.splice(0)) fn();
}

function passMs(ms: number): void {
  clock.advanceTo(clock.epochMicros(clock.nowMs() + ms));
}

beforeEach(() => {
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  kept = [];
  ended = [];
  records = [];
  drops = [];
  pending = [];
});

afterEach(() => {
  uninstall();
  context.disable();
});

describe("the outcome of a flow", () => {
  it("is the last stage and the reason that the host gave", () => {
    start();
    tick.run({ symbol: "BTC/USDT", strategy: "basis" }, (flow) => {
      flow.mark("book");
      flow.mark("signal");
      return flow.stop("no_signal");
    });
    expect(ended).toEqual([{ reason: "no_signal", stage: "signal", symbol: "BTC/USDT", strategy: "basis" }]);
  });

  it("is no_reason when nobody gave one", () => {
    start();
    tick.run({}, () => 1);
    expect(ended[0]).toMatchObject({ reason: "no_reason", stage: "start" });
  });

  it("is the verdict's reason code, and the verdict's strategy joins the labels", () => {
    start();
    tick.run({ symbol: "BTC/USDT" }, () => {
      engine.emitVerdict(DECISION, { accepted: false, reasonCode: "insufficient_edge" }, { strategy: "basis" });
    });
    expect(ended[0]).toMatchObject({ reason: "insufficient_edge", strategy: "basis" });
  });

  it("is error for a throw, which reaches the host unchanged, sync and async", async () => {
    start();
    const boom = new Error("boom");
    expect(() =>
      tick.run({}, () => {
        throw boom;
      }),
    ).toThrow(boom);
    await expect(tick.run({}, async () => Promise.reject(boom))).rejects.toBe(boom);
    afterTick();
    expect(ended.map((flow) => flow.reason)).toEqual(["error", "error"]);
    expect(kept.map((flow) => flow.reason)).toEqual(["failed", "failed"]);
  });

  it("does not execute the getters of a hostile return value's Proxy", () => {
    start();
    const hostile = new Proxy(
      {},
      {
        get: () => {
          throw new Error("trap");
        },
      },
    );
    expect(tick.run({}, () => hostile)).toBe(hostile);
  });
});

describe("stage durations", () => {
  it("are the time since the previous mark, in the order of the marks", () => {
    start({ sampleRatio: 1 });
    tick.run({}, (flow) => {
      passMs(3);
      flow.mark("book");
      passMs(5);
      flow.mark("risk");
      passMs(7);
      flow.mark("book");
    });
    afterTick();
    expect(kept[0]?.stages).toEqual([
      ["book", 3],
      ["risk", 5],
      ["book", 7],
    ]);
  });

  it("count unknown stages, marks after the end and too many marks instead of throwing", () => {
    start();
    const flow = tick.start();
    flow.mark("nonsense" as "book");
    for (let i = 0; i < 40; i++) flow.mark("book");
    flow.end("done");
    flow.mark("book");
    flow.end();
    expect(engine.stats().misuse).toEqual({ unknown_stage: 1, too_many_marks: 10, after_end: 2 });
  });

  it("of a flow that ended are not touched by a stale handle, whoever uses the storage next", () => {
    start({ sampleRatio: 1, recentFlows: 0 });
    const stale = tick.start();
    stale.end("first");
    afterTick();
    const next = tick.start();
    passMs(4);
    stale.mark("book");
    stale.end("again");
    next.mark("signal");
    next.end("second");
    afterTick();
    expect(kept.map((flow) => [flow.outcome, flow.stages])).toEqual([
      ["first", []],
      ["second", [["signal", 4]]],
    ]);
  });
});

describe("keeping", () => {
  it("keeps accepted, failed, slow and marked flows at ratio 0, and no others", () => {
    start();
    tick.run({}, () => engine.emitVerdict(DECISION, { accepted: true, reasonCode: "accepted" }, undefined));
    tick.run({}, (flow) => flow.stop("order_submitted"));
    tick.run({}, (flow) => flow.fail(new Error("handled")));
    tick.run({}, () => passMs(300));
    tick.run({}, (flow) => flow.keep());
    tick.run({}, (flow) => flow.stop("no_signal"));
    afterTick();
    expect(kept.map((flow) => flow.reason)).toEqual(["accepted", "accepted", "failed", "slow", "marked"]);
  });

  it("keeps the ratio of the rest, within 4 sigma of 20,000", () => {
    start({ sampleRatio: 0.1, recentFlows: 0 });
    for (let i = 0; i < 20_000; i++) {
      tick.start().end("no_signal");
      if (i % 1000 === 0) afterTick();
    }
    afterTick();
    const sigma = Math.sqrt(20_000 * 0.1 * 0.9);
    expect(Math.abs(kept.length - 2000)).toBeLessThan(4 * sigma);
    expect(new Set(kept.map((flow) => flow.reason))).toEqual(new Set(["ratio"]));
  });

  it("keeps the last flows before a halt, oldest first, once", () => {
    start();
    for (let i = 0; i < 10; i++) tick.run({}, (flow) => flow.stop(`r${i}`));
    expect(halt({ reason_code: "risk_limit" })).toBe(4);
    expect(halt({ reason_code: "risk_limit" })).toBe(0);
    afterTick();
    expect(kept.map((flow) => flow.outcome)).toEqual(["r6", "r7", "r8", "r9"]);
    expect(kept.every((flow) => flow.reason === "halt")).toBe(true);
  });

  it("counts what does not fit instead of growing", () => {
    start({ sampleRatio: 1, maxFlows: 3 });
    const flows = Array.from({ length: 5 }, () => tick.start());
    for (const flow of flows) flow.end("x");
    expect(drops).toEqual(["flow:too_many_flows", "flow:too_many_flows"]);
    afterTick();
    expect(kept).toHaveLength(3);
  });
});

describe("parents", () => {
  it("nested flows hang below their outer flow and share its fate", () => {
    start();
    tick.run({}, (outer) => {
      tick.run({}, (inner) => inner.stop("no_signal"));
      outer.keep();
    });
    tick.run({}, () => tick.run({}, (inner) => inner.stop("lost")));
    afterTick();
    const [inner, outer] = kept.sort(
      (a, b) => Number(b.parentSpanId !== undefined) - Number(a.parentSpanId !== undefined),
    );
    expect(kept).toHaveLength(2);
    expect(inner?.parentSpanId).toBe(outer?.spanId);
    expect(inner?.traceId).toBe(outer?.traceId);
  });

  it("an accepted inner flow keeps the whole trace", () => {
    start();
    tick.run({}, () => tick.run({}, (inner) => inner.stop("order_submitted")));
    afterTick();
    expect(kept).toHaveLength(2);
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
    afterTick();
    expect(
      kept.map(({ traceId, parentSpanId, linkedSpanId, reason }) => [traceId, parentSpanId, linkedSpanId, reason]),
    ).toEqual([
      ["0af7651916cd43dd8448eb211c80319c", "b7ad6b7169203331", undefined, "parent"],
      ["0af7651916cd43dd8448eb211c80319c", undefined, "b7ad6b7169203331", "accepted"],
    ]);
  });
});

describe("ids and runs", () => {
  it("a flow runs under the trace id it is given, as UUID or hex; a bad one is counted and replaced", () => {
    start({ sampleRatio: 1 });
    const id = "a1b2c3d4-e5f6-4890-abcd-ef1234567890";
    expect(tick.run({ traceId: id }, (flow) => flow.traceId)).toBe("a1b2c3d4e5f64890abcdef1234567890");
    expect(withTraceId(id, () => tick.run({}, (flow) => flow.traceId))).toBe("a1b2c3d4e5f64890abcdef1234567890");
    expect(tick.run({ traceId: "nonsense" }, (flow) => flow.traceId)).toMatch(/^[0-9a-f]{32}$/);
    expect(engine.stats().misuse).toEqual({ invalid_trace_id: 1 });
  });

  it("a trace id given inside another flow starts a trace of its own", () => {
    start({ sampleRatio: 1 });
    tick.run({}, () => tick.run({ traceId: "f".repeat(32) }, () => {}));
    afterTick();
    expect(kept.map((flow) => flow.parentSpanId)).toEqual([undefined, undefined]);
    expect(new Set(kept.map((flow) => flow.traceId)).size).toBe(2);
  });

  it("records bear the run of the flow, of withRun, or of the process, and a sequence without gaps", () => {
    start();
    withRun("scan-7", () => {
      expect(currentRunId()).toBe("scan-7");
      tick.run({}, () => tradingEvents.riskPassed.emit({}));
      tradingEvents.scanStarted.emit({ symbols: ["A"], profile: "p", symbol_count: 1 });
    });
    tradingEvents.riskPassed.emit({}, { runId: "explicit" });
    tradingEvents.riskPassed.emit({});
    expect(records.map((record) => record.runId)).toEqual(["scan-7", "scan-7", "explicit", "run-default"]);
    expect(records.map((record) => record.seq)).toEqual([1, 2, 3, 4]);
  });

  it("an event belongs to the flow it was emitted in, to the trace id given, or to none", () => {
    start({ sampleRatio: 1 });
    tick.run({ symbol: "ETH/USDT" }, () => tradingEvents.riskPassed.emit({}));
    tradingEvents.riskPassed.emit({}, { traceId: "b".repeat(32) });
    tradingEvents.riskPassed.emit({});
    afterTick();
    expect(records.map((record) => record.traced)).toEqual([true, true, false]);
    expect(records[0]?.symbol).toBe("ETH/USDT");
    expect(kept[0]?.records).toEqual(["risk_passed"]);
  });
});

describe("a flow as an OpenTelemetry span", () => {
  it("is the active span, keeps attributes set on it, and survives hostile ones", () => {
    start({ sampleRatio: 1 });
    tick.run({}, (flow) => {
      expect(trace.getActiveSpan()).toBe(flow);
      trace.getActiveSpan()?.setAttribute("http.route", "/x");
      flow.setAttributes(
        new Proxy(
          {},
          {
            ownKeys: () => {
              throw new Error("trap");
            },
          },
        ),
      );
      expect((flow as unknown as LiveFlow).attributes).toMatchObject({ "http.route": "/x" });
    });
  });

  it("hostile message payloads give the active context, not a throw", () => {
    start();
    const trap = new Proxy(
      {},
      {
        get: () => {
          throw new Error("trap");
        },
      },
    );
    for (const payload of [null, 3, "x", [], {}, { traceparent: 5 }, { traceparent: "x".repeat(9999) }, trap])
      expect(extractContext(payload)).toBe(context.active());
  });
});
