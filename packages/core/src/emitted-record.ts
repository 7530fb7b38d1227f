// The record object that leaves the hot path.
import { type Context, ROOT_CONTEXT, trace } from "@opentelemetry/api";
import { TRACE_ID_KEY } from "./context-keys.ts";
import { hexToWord, parseTraceId } from "./ids.ts";
import type { EventKind, EventRecord } from "./record.ts";

/** The ids of a flow, as words. */
export type TraceWords = Pick<EventRecord, "trace0" | "trace1" | "trace2" | "trace3" | "span0" | "span1">;

/** One shape for all records, whatever their type: the fields in one order, so that readers stay monomorphic. */
export class EmittedRecord implements EventRecord {
  readonly kind: EventKind;
  readonly seq: number;
  readonly timeMs: number;
  readonly runId: string;
  readonly payload: unknown;
  readonly symbol: string | undefined;
  readonly strategy: string | undefined;
  /** The flow it belongs to, or ids read from elsewhere: a reference, since most records belong to a flow that has them. */
  ids: TraceWords | undefined = undefined;

  constructor(
    kind: EventKind,
    seq: number,
    timeMs: number,
    runId: string,
    payload: unknown,
    symbol: string | undefined,
    strategy: string | undefined,
  ) {
    this.kind = kind;
    this.seq = seq;
    this.timeMs = timeMs;
    this.runId = runId;
    this.payload = payload;
    this.symbol = symbol;
    this.strategy = strategy;
  }

  get traced(): boolean {
    return this.ids !== undefined;
  }

  get trace0(): number {
    return this.ids === undefined ? 0 : this.ids.trace0;
  }

  get trace1(): number {
    return this.ids === undefined ? 0 : this.ids.trace1;
  }

  get trace2(): number {
    return this.ids === undefined ? 0 : this.ids.trace2;
  }

  get trace3(): number {
    return this.ids === undefined ? 0 : this.ids.trace3;
  }

  get span0(): number {
    return this.ids === undefined ? 0 : this.ids.span0;
  }

  get span1(): number {
    return this.ids === undefined ? 0 : this.ids.span1;
  }
}

/** A trace given as text; false when it is none. */
export function traceByHex(record: EmittedRecord, traceId: unknown, spanId: string | undefined): boolean {
  const hex = parseTraceId(traceId);
  if (hex === undefined) return false;
  record.ids = {
    trace0: hexToWord(hex, 0),
    trace1: hexToWord(hex, 8),
    trace2: hexToWord(hex, 16),
    trace3: hexToWord(hex, 24),
    span0: spanId === undefined ? 0 : hexToWord(spanId, 0),
    span1: spanId === undefined ? 0 : hexToWord(spanId, 8),
  };
  return true;
}

/** The trace of whatever is active outside of flows: a span of an instrumentation, or the id that `withTraceId` set. */
export function traceByContext(record: EmittedRecord, active: Context): boolean {
  if (active === ROOT_CONTEXT) return true;
  const spanContext = trace.getSpanContext(active);
  if (spanContext !== undefined && trace.isSpanContextValid(spanContext))
    return traceByHex(record, spanContext.traceId, spanContext.spanId);
  const traceId = active.getValue(TRACE_ID_KEY);
  return traceId === undefined || traceByHex(record, traceId, undefined);
}
