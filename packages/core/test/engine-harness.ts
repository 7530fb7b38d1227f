// An engine with everything it does in plain sight: for tests of flows.
import { context } from "@opentelemetry/api";
import { AsyncLocalStorageContextManager } from "@opentelemetry/context-async-hooks";
import { createManualClock, type ManualClock } from "../src/clock.ts";
import { createFlowEngine, type FlowEngine, type FlowEngineOptions } from "../src/flow-engine.ts";
import { createIdSource } from "../src/ids.ts";
import type { EventRecord } from "../src/record.ts";
import { installRuntime } from "../src/runtime-control.ts";

/** A kept flow, copied while it could be read. */
export interface Kept {
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

/** What an engine did, and the levers to move it. */
export class EngineHarness {
  clock: ManualClock = createManualClock(1_700_000_000_000_000);
  readonly kept: Kept[] = [];
  readonly #ended: { reason: string; stage: string; symbol: string | undefined; strategy: string | undefined }[] = [];
  readonly records: EventRecord[] = [];
  readonly drops: string[] = [];
  readonly engine: FlowEngine;
  readonly #pending: (() => void)[] = [];
  readonly #uninstall: () => void;

  constructor(options: Partial<FlowEngineOptions> = {}) {
    context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
    this.engine = createFlowEngine({
      clock: this.clock,
      ids: createIdSource(),
      instanceId: "test-1",
      runId: "run-default",
      sampleRatio: 0,
      slowMs: 250,
      recentFlows: 4,
      maxFlows: 1024,
      afterTick: (fn) => this.#pending.push(fn),
      afterPause: (fn) => this.#pending.push(fn),
      onDrop: (what, reason) => this.drops.push(`${what}:${reason}`),
      flowObservers: [
        {
          flowEnded: (flow) =>
            this.#ended.push({
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
            this.kept.push({
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
      recordSinks: [{ accept: (record) => this.records.push(record), flush: async () => {}, close: async () => {} }],
      ...options,
    });
    this.#uninstall = installRuntime(this.engine);
  }

  /** The flows that the observer heard of; it hears after the tick. */
  get ended() {
    this.engine.drain();
    return this.#ended;
  }

  /** Everything that was put off until after the tick, and what that puts off itself. */
  afterTick(): void {
    while (this.#pending.length > 0) this.nextTurn();
  }

  /** What was put off until now, and no more. */
  nextTurn(): void {
    for (const fn of this.#pending.splice(0)) fn();
  }

  passMs(ms: number): void {
    this.clock.advanceTo(this.clock.epochMicros(this.clock.nowMs() + ms));
  }

  stop(): void {
    this.#uninstall();
    context.disable();
  }
}
