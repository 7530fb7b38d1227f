// Flows inside a running engine: marks, outcomes, fates, ids.
import { context, trace } from "@opentelemetry/api";
import { afterEach, describe, expect, it } from "vitest";
import { EngineHarness } from "../test/engine-harness.ts";
import { defineFlow } from "./define-flow.ts";
import { tradingEvents } from "./event-catalogue.ts";
import type { FlowEngineOptions } from "./flow-engine.ts";
import type { LiveFlow } from "./live-flow.ts";
import type { EventKind } from "./record.ts";
import { halt } from "./runtime-control.ts";
import { currentRunId, extractContext, withRun, withTraceId } from "./trace-context.ts";

const DECISION: EventKind = {
  eventType: "decision",
  recordClass: "evidence",
  writeThrough: false,
  severityNumber: 9,
  stream: "events",
  toData: () => ({}),
};

const tick = defineFlow("tick", { stages: ["book", "signal", "risk", "send"] });
let harness: EngineHarness;

function start(options: Partial<FlowEngineOptions> = {}): void {
  harness = new EngineHarness(options);
}

afterEach(() => harness.stop());

describe("the outcome of a flow", () => {
  it("is the last stage and the reason that the host gave", () => {
    start();
    tick.run({ symbol: "BTC/USDT", strategy: "basis" }, (flow) => {
      flow.mark("book");
      flow.mark("signal");
      return flow.stop("no_signal");
    });
    expect(harness.ended).toEqual([{ reason: "no_signal", stage: "signal", symbol: "BTC/USDT", strategy: "basis" }]);
  });

  it("is no_reason when nobody gave one", () => {
    start();
    tick.run({}, () => 1);
    expect(harness.ended[0]).toMatchObject({ reason: "no_reason", stage: "start" });
  });

  it("is the verdict's reason code, and the verdict's strategy joins the labels", () => {
    start();
    tick.run({ symbol: "BTC/USDT" }, () => {
      harness.engine.emitVerdict(DECISION, { accepted: false, reasonCode: "insufficient_edge" }, { strategy: "basis" });
    });
    expect(harness.ended[0]).toMatchObject({ reason: "insufficient_edge", strategy: "basis" });
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
    harness.afterTick();
    expect(harness.ended.map((flow) => flow.reason)).toEqual(["error", "error"]);
    expect(harness.kept.map((flow) => flow.reason)).toEqual(["failed", "failed"]);
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
      harness.passMs(3);
      flow.mark("book");
      harness.passMs(5);
      flow.mark("risk");
      harness.passMs(7);
      flow.mark("book");
    });
    harness.afterTick();
    expect(harness.kept[0]?.stages).toEqual([
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
    expect(harness.engine.stats().misuse).toEqual({ unknown_stage: 1, too_many_marks: 10, after_end: 2 });
  });

  it("of a flow that ended are not touched by a stale handle, whoever uses the storage next", () => {
    start({ sampleRatio: 1, recentFlows: 0 });
    const stale = tick.start();
    stale.end("first");
    harness.afterTick();
    const next = tick.start();
    harness.passMs(4);
    stale.mark("book");
    stale.end("again");
    next.mark("signal");
    next.end("second");
    harness.afterTick();
    expect(harness.kept.map((flow) => [flow.outcome, flow.stages])).toEqual([
      ["first", []],
      ["second", [["signal", 4]]],
    ]);
  });
});

describe("keeping", () => {
  it("keeps accepted, failed, slow and marked flows at ratio 0, and no others", () => {
    start();
    tick.run({}, () => harness.engine.emitVerdict(DECISION, { accepted: true, reasonCode: "accepted" }, undefined));
    tick.run({}, (flow) => flow.stop("order_submitted"));
    tick.run({}, (flow) => flow.fail(new Error("handled")));
    tick.run({}, () => harness.passMs(300));
    tick.run({}, (flow) => flow.keep());
    tick.run({}, (flow) => flow.stop("no_signal"));
    harness.afterTick();
    expect(harness.kept.map((flow) => flow.reason)).toEqual(["accepted", "accepted", "failed", "slow", "marked"]);
  });

  it("keeps the ratio of the rest, within 4 sigma of 20,000", () => {
    start({ sampleRatio: 0.1, recentFlows: 0 });
    for (let i = 0; i < 20_000; i++) {
      tick.start().end("no_signal");
      if (i % 1000 === 0) harness.afterTick();
    }
    harness.afterTick();
    const sigma = Math.sqrt(20_000 * 0.1 * 0.9);
    expect(Math.abs(harness.kept.length - 2000)).toBeLessThan(4 * sigma);
    expect(new Set(harness.kept.map((flow) => flow.reason))).toEqual(new Set(["ratio"]));
  });

  it("keeps the last flows before a halt, oldest first, once", () => {
    start();
    for (let i = 0; i < 10; i++) tick.run({}, (flow) => flow.stop(`r${i}`));
    expect(halt({ reason_code: "risk_limit" })).toBe(4);
    expect(halt({ reason_code: "risk_limit" })).toBe(0);
    harness.afterTick();
    expect(harness.kept.map((flow) => flow.outcome)).toEqual(["r6", "r7", "r8", "r9"]);
    expect(harness.kept.every((flow) => flow.reason === "halt")).toBe(true);
  });

  it("counts what does not fit instead of growing", () => {
    start({ sampleRatio: 1, maxFlows: 3 });
    const flows = Array.from({ length: 5 }, () => tick.start());
    for (const flow of flows) flow.end("x");
    expect(harness.drops).toEqual(["flow:too_many_flows", "flow:too_many_flows"]);
    harness.afterTick();
    expect(harness.kept).toHaveLength(3);
  });
});

describe("ids and runs", () => {
  it("a flow runs under the trace id it is given, as UUID or hex; a bad one is counted and replaced", () => {
    start({ sampleRatio: 1 });
    const id = "a1b2c3d4-e5f6-4890-abcd-ef1234567890";
    expect(tick.run({ traceId: id }, (flow) => flow.traceId)).toBe("a1b2c3d4e5f64890abcdef1234567890");
    expect(withTraceId(id, () => tick.run({}, (flow) => flow.traceId))).toBe("a1b2c3d4e5f64890abcdef1234567890");
    expect(tick.run({ traceId: "nonsense" }, (flow) => flow.traceId)).toMatch(/^[0-9a-f]{32}$/);
    expect(harness.engine.stats().misuse).toEqual({ invalid_trace_id: 1 });
  });

  it("a trace id given inside another flow starts a trace of its own", () => {
    start({ sampleRatio: 1 });
    tick.run({}, () => tick.run({ traceId: "f".repeat(32) }, () => {}));
    harness.afterTick();
    expect(harness.kept.map((flow) => flow.parentSpanId)).toEqual([undefined, undefined]);
    expect(new Set(harness.kept.map((flow) => flow.traceId)).size).toBe(2);
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
    expect(harness.records.map((record) => record.runId)).toEqual(["scan-7", "scan-7", "explicit", "run-default"]);
    expect(harness.records.map((record) => record.seq)).toEqual([1, 2, 3, 4]);
  });

  it("an event belongs to the flow it was emitted in, to the trace id given, or to none", () => {
    start({ sampleRatio: 1 });
    tick.run({ symbol: "ETH/USDT" }, () => tradingEvents.riskPassed.emit({}));
    tradingEvents.riskPassed.emit({}, { traceId: "b".repeat(32) });
    tradingEvents.riskPassed.emit({});
    harness.afterTick();
    expect(harness.records.map((record) => record.traced)).toEqual([true, true, false]);
    expect(harness.records[0]?.symbol).toBe("ETH/USDT");
    expect(harness.kept[0]?.records).toEqual(["risk_passed"]);
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
