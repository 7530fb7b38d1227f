// A flow that has ended, as metrics and exporters read it.
import type { Attributes, Link, SpanKind, SpanStatus } from "@opentelemetry/api";
import type { FlowAttributes } from "./flow.ts";
import type { EventRecord } from "./record.ts";

/** Why the trace of a flow was kept (the attribute `trading.keep_reason`). */
export type KeepReason =
  | "accepted"
  | "failed"
  | "slow"
  | "marked"
  | "propagated"
  | "parent"
  | "ratio"
  | "halt"
  | "crash";

/** What is the same for all flows of one definition. Compare and index by `index`, a small integer per runtime. */
export interface FlowKind {
  readonly name: string;
  readonly index: number;
  readonly stages: readonly string[];
  readonly spanKind: SpanKind;
}

/** A span event as a flow remembers it until its span is built. */
export interface FlowSpanEvent {
  readonly name: string;
  readonly timeMs: number;
  readonly attributes: Attributes | undefined;
}

/**
 * A flow that has ended. Only valid during the call that hands it over: its numbers live in arrays that are used again.
 * Copy what you keep.
 */
export interface EndedFlow {
  readonly kind: FlowKind;
  readonly symbol: string | undefined;
  readonly strategy: string | undefined;
  /** The run the flow belongs to. */
  readonly runId: string;
  /** Monotonic milliseconds, as all times here. */
  readonly startMs: number;
  /** The time of the end of the flow (not of its last mark). */
  readonly endMs: number;
  /** How many marks were set; mark i closes a stage that began at mark i-1 (mark 0: at the start). */
  readonly markCount: number;
  /** Index into `kind.stages` of the stage that mark i closed. */
  markStage(i: number): number;
  /** The time of mark i. */
  markMs(i: number): number;
  /** Puts start, marks and end, in this order, at the front of `into`, which has room for `markCount + 2`. No garbage. */
  readTimes(into: Float64Array): void;
  /** The last stage that was reached, or `start` when none was. */
  readonly outcomeStage: string;
  /** How the flow ended; `no_reason` when nobody said. */
  readonly reasonCode: string;
  /** The sentence that goes with the reason code, if one was given. */
  readonly reason: string | undefined;
  readonly accepted: boolean;
  readonly failed: boolean;
  /** What the flow failed with, if it failed. */
  readonly error: unknown;
  /** Undefined while the fate of the flow is open (metrics are told of every flow before that is decided). */
  readonly keepReason: KeepReason | undefined;
  /** 32 lower-case hex digits; made when read, then cached. */
  readonly traceId: string;
  /** 16 lower-case hex digits; made when read, then cached. */
  readonly spanId: string;
  /** The same ids as signed 32-bit words, most significant first, for those who write bytes. */
  readonly trace0: number;
  readonly trace1: number;
  readonly trace2: number;
  readonly trace3: number;
  readonly span0: number;
  readonly span1: number;
  /** The span this flow was started in, if it is to be shown below one; same trace. */
  readonly parentSpanId: string | undefined;
  /** A span of another, unsampled trace or parent that this flow came from; shown as a link. */
  readonly linkedSpanId: string | undefined;
  /** What the flow was started with. */
  readonly given: FlowAttributes | undefined;
  /** Attributes that were set on the flow as a span; names and values as given. */
  readonly attributes: Attributes | undefined;
  /** What a host or an instrumentation set on the flow as a span: another name, a status, events, links. */
  readonly spanName: string | undefined;
  readonly status: SpanStatus | undefined;
  readonly spanEvents: readonly FlowSpanEvent[] | undefined;
  readonly links: readonly Link[] | undefined;
  /** The record of the verdict that decided the flow, if there was one. */
  readonly verdictRecord: EventRecord | undefined;
  /** The events that were emitted inside this flow, in order; not to be changed. */
  readonly records: readonly EventRecord[];
  /** How many they are, and each by its place, from 0: the way without garbage. */
  readonly recordCount: number;
  recordAt(i: number): EventRecord | undefined;
  /** Spans of instrumentations inside this flow that shared its fate, in the order in which they ended; not to be changed. */
  readonly heldSpans: readonly unknown[];
}

/** Hears of the end of every flow, kept or not, after the tick and in their order: no throw, no wait, no I/O, next to no garbage. */
export interface FlowObserver {
  flowEnded(flow: EndedFlow): void;
}

/** Receives the flows whose trace is kept, after the tick. */
export interface FlowSink {
  flowKept(flow: EndedFlow): void;
}
