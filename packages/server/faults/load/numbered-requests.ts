// OTLP requests as a stock SDK sends them, of events and spans that bear a number: whatever of them is in a database says which it is.
import { ProtobufLogsSerializer, ProtobufTraceSerializer } from "@opentelemetry/otlp-transformer";
import { type Resource, resourceFromAttributes } from "@opentelemetry/resources";
import type { ReadableLogRecord } from "@opentelemetry/sdk-logs";
import type { ReadableSpan } from "@opentelemetry/sdk-trace";
import { numberedTraceId } from "../../../node/faults/harness/numbered-id.ts";

/** An export request, ready to be sent, and sent again. */
export interface NumberedRequest {
  readonly signal: "logs" | "traces";
  readonly body: Uint8Array;
}

/** Makes requests, each with numbers of its own. */
export interface RequestMaker {
  /** In the trace id of everything. */
  readonly run: number;
  /** Items in each request. */
  readonly itemsEach: number;
  next(): NumberedRequest;
  /** What was made so far, by kind: the numbers from 0 on. */
  made(): Readonly<Record<string, number>>;
}

/** What is made. */
export interface MakerOptions {
  readonly run: number;
  /** Wall clock of the items, in milliseconds since 1970. Default: now. */
  readonly atMs?: () => number;
  /** Items a request. Default 100. */
  readonly items?: number;
  /** Characters that every event has besides. Default 0. */
  readonly padding?: number;
}

/** Events by turns: of each of these the store keeps other counts. */
const EVENT_KINDS = ["decision", "signal_rejected", "signal_generated", "orderbook_snapshot"] as const;
type EventKind = (typeof EVENT_KINDS)[number];
/** The name of the spans. */
const SPAN_KIND = "load";
/** Of the events the share that the live feed is asked for: so many a second it hands on whole. */
export const WATCHED_TYPE = "decision" satisfies EventKind;
/** Every third request is one of spans. */
const SPANS_EACH = 3;
const SCOPE = { name: "load" };
const SYMBOLS = ["BTC/USDT", "ETH/USDT", "SOL/USDT"];

/** Makes the maker. Cost: about 15 us an item. */
export function createRequestMaker({ run, atMs = Date.now, items = 100, padding = 0 }: MakerOptions): RequestMaker {
  const resource = resourceFromAttributes({ "service.name": "load", "service.instance.id": `load-${run}` });
  const made: Record<string, number> = {};
  const filler = padding === 0 ? undefined : "x".repeat(padding);
  let [requests, seq] = [0, 0];
  const count = (kind: string): number => {
    const number = made[kind] ?? 0;
    made[kind] = number + 1;
    return number;
  };
  const event = (): ReadableLogRecord => {
    const type = EVENT_KINDS[seq % EVENT_KINDS.length]!;
    seq++;
    const number = count(`trading.${type}`);
    const attributes = { ...eventAttributes(type, number), "trading.seq": seq, ...(filler && { note: filler }) };
    return logRecord({ type, traceId: numberedTraceId(run, number), resource, atMs: atMs(), attributes });
  };
  return {
    run,
    itemsEach: items,
    next() {
      const isSpans = ++requests % SPANS_EACH === 0;
      const body = isSpans
        ? ProtobufTraceSerializer.serializeRequest(
            Array.from({ length: items }, () => span(run, count(SPAN_KIND), resource, atMs())),
          )
        : ProtobufLogsSerializer.serializeRequest(Array.from({ length: items }, event));
      return { signal: isSpans ? "traces" : "logs", body: body! };
    },
    made: () => ({ ...made }),
  };
}

/** Scores are whole: their sums are exact in any order. */
function eventAttributes(type: EventKind, number: number): Record<string, string | number> {
  const symbol = SYMBOLS[number % SYMBOLS.length]!;
  const common = { "trading.symbol": symbol, "trading.strategy": `s-${number % 4}`, "trading.run_id": "load-run" };
  switch (type) {
    case "decision":
      return {
        ...common,
        "trading.decision": number % 10 === 0 ? "ACCEPT" : "REJECT",
        "trading.reason_code": number % 10 === 0 ? "passed" : "insufficient_edge",
        "trading.edge_unit": "bps",
        "trading.gross_edge": "4.10",
        "trading.net_edge": number % 10 === 0 ? "1.70" : "1.20",
        "trading.min_threshold": "1.50",
      };
    case "signal_rejected":
      return {
        ...common,
        "trading.reason_code": `gate_${number % 7}`,
        "trading.reason": `Gate ${number % 7} was shut`,
      };
    case "signal_generated":
      return { ...common, "trading.confidence_score": number % 101 };
    case "orderbook_snapshot":
      return { ...common, "trading.best_bid": "61795.43", "trading.best_ask": "61795.44" };
  }
}

interface LogParts {
  readonly type: EventKind;
  readonly traceId: string;
  readonly resource: Resource;
  readonly atMs: number;
  readonly attributes: Record<string, string | number>;
}

function logRecord({ type, traceId, resource, atMs, attributes }: LogParts): ReadableLogRecord {
  const time = hrTimeOf(atMs);
  return {
    eventName: `trading.${type}`,
    hrTime: time,
    hrTimeObserved: time,
    severityNumber: 9,
    spanContext: { traceId, spanId: "00000000000000ff", traceFlags: 1 },
    resource,
    instrumentationScope: SCOPE,
    attributes,
    droppedAttributesCount: 0,
  };
}

function span(run: number, number: number, resource: Resource, atMs: number): ReadableSpan {
  const time = hrTimeOf(atMs);
  const traceId = numberedTraceId(run, number);
  return {
    name: SPAN_KIND,
    kind: 0,
    spanContext: () => ({ traceId, spanId: (number + 1).toString(16).padStart(16, "0"), traceFlags: 1 }),
    startTime: time,
    endTime: [time[0], time[1] + 1_000],
    duration: [0, 1_000],
    status: { code: 0 },
    attributes: { "trading.symbol": SYMBOLS[number % SYMBOLS.length]! },
    links: [],
    events: [],
    ended: true,
    resource,
    instrumentationScope: SCOPE,
    droppedAttributesCount: 0,
    droppedEventsCount: 0,
    droppedLinksCount: 0,
  };
}

function hrTimeOf(atMs: number): [number, number] {
  return [Math.floor(atMs / 1e3), Math.round((atMs % 1e3) * 1e6)];
}
