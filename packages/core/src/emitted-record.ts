// The record object that leaves the hot path.
import { type Context, ROOT_CONTEXT, trace } from "@opentelemetry/api";
import { TRACE_ID_KEY } from "./context-keys.ts";
import { hexToWord, parseTraceId } from "./ids.ts";
import type { EventKind, EventRecord } from "./record.ts";

/** The ids of a flow, as words. */
type TraceWords = Pick<EventRecord, "trace0" | "trace1" | "trace2" | "trace3" | "span0" | "span1">;

/** One shape for all records, whatever their type: the fields in one order, so that readers stay monomorphic. */
export class EmittedRecord implements EventRecord {
  readonly kind: EventKind;
  readonly seq: number;
  readonly timeMs: number;
  readonly runId: string;
  readonly payload: unknown;
  readonly symbol: string | undefined;
  readonly strategy: string | undefined;
  traced = false;
  trace0 = 0;
  trace1 = 0;
  trace2 = 0;
  trace3 = 0;
  span0 = 0;
  span1 = 0;

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
}

/** The same trace and span as a flow. */
export function traceByFlow(record: EmittedRecord, flow: TraceWords): void {
  record.traced = true;
  record.trace0 = flow.trace0;
  record.trace1 = flow.trace1;
  record.trace2 = flow.trace2;
  record.trace3 = flow.trace3;
  record.span0 = flow.span0;
  record.span1 = flow.span1;
}

/** A trace given as text; false when it is none. */
export function traceByHex(record: EmittedRecord, traceId: unknown, spanId: string | undefined): boolean {
  const hex = parseTraceId(traceId);
  if (hex === undefined) return false;
  record.traced = true;
  record.trace0 = hexToWord(hex, 0);
  record.trace1 = hexToWord(hex, 8);
  record.trace2 = hexToWord(hex, 16);
  record.trace3 = hexToWord(hex, 24);
  if (spanId !== undefined) {
    record.span0 = hexToWord(spanId, 0);
    record.span1 = hexToWord(spanId, 8);
  }
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
