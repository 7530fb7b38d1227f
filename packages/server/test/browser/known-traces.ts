// Traces that the browser tests know to the last span: one with an order, one that failed, a long one, a hostile one, and many small ones.
import { toTimestamp } from "@tracebook/core";
import type { EventInput, SpanInput } from "@tracebook/store";

const TRADER = { serviceName: "trader", instanceId: "t-1" };
const EXCHANGE = { serviceName: "exchange", instanceId: "x-1" };
/** Half past some minute, ten minutes ago. */
export const BASE_MS = Math.floor(Date.now() / 60_000) * 60_000 - 600_000 + 30_000;
export const ORDER_TRACE = "0af7651916cd43dd8448eb211c80319c";
export const FAILED_TRACE = "f".repeat(32);
export const LONG_TRACE = "b".repeat(32);
export const HOSTILE_TRACE = "c".repeat(32);
/** A trace in which the order of the first one comes up again. */
export const LATER_TRACE = "d".repeat(32);
export const ORDER = "c-1";
/** More than a page. */
const SMALL_TRACES = 130;
const LONG_PARENTS = 40;
const LONG_CHILDREN = 40;
export const LONG_SPANS = 1 + LONG_PARENTS * (1 + LONG_CHILDREN);
const SCRIPT = "<img src=x onerror=\"document.title='run'\">";
const HUGE = `${SCRIPT}${"A".repeat(10_000)}`;

/** A span `startMicros` after {@link BASE_MS}; ids are made of short names. */
function span(trace: string, name: string, parent: string | undefined, startMicros: number, micros: number) {
  return (more: Partial<SpanInput> = {}): SpanInput => ({
    source: TRADER,
    traceId: trace,
    spanId: idOf(name),
    parentSpanId: parent === undefined ? undefined : idOf(parent),
    name,
    kind: 1,
    startMicros: BASE_MS * 1_000 + startMicros,
    startNanosRest: 0,
    durationNanos: micros * 1_000,
    statusCode: 0,
    statusMessage: "",
    scope: "tracebook",
    attributes: {},
    events: [],
    links: [],
    ...more,
  });
}

/** 16 hex digits of a name. */
function idOf(name: string): string {
  let hash = 0n;
  for (const letter of name) hash = (hash * 131n + BigInt(letter.codePointAt(0) ?? 0)) % (1n << 64n);
  return hash.toString(16).padStart(16, "0");
}

/** The spans of all traces. */
export function knownSpans(): readonly SpanInput[] {
  return [...orderSpans(), ...failedSpans(), ...longSpans(), ...hostileSpans(), ...smallSpans()];
}

function orderSpans(): SpanInput[] {
  const of = (name: string, parent: string | undefined, start: number, micros: number) =>
    span(ORDER_TRACE, name, parent, start, micros);
  return [
    of(
      "tick",
      undefined,
      0,
      10_000,
    )({
      kind: 5,
      attributes: {
        "trading.symbol": "BTC/USDT",
        "trading.decision": "ACCEPT",
        "trading.reason_code": "order_submitted",
        "trading.keep_reason": "accepted",
      },
    }),
    of("ws_to_book_update", "tick", 0, 1_000)(),
    of("book_to_signal", "tick", 1_000, 1_000)(),
    of("signal_to_risk", "tick", 2_000, 500)(),
    of("risk_to_send", "tick", 2_500, 500)(),
    of("POST", "tick", 4_000, 5_000)({ kind: 3, attributes: { "http.request.method": "POST" } }),
    of("POST /order", "POST", 5_000, 3_000)({ source: EXCHANGE, kind: 2 }),
    of(
      "exchange_order",
      "POST /order",
      5_000,
      3_000,
    )({
      source: EXCHANGE,
      attributes: { "trading.client_order_id": ORDER },
      events: [{ name: "matched", timeMicros: BASE_MS * 1_000 + 6_000, attributes: { level: 2 } }],
    }),
  ];
}

function failedSpans(): SpanInput[] {
  const message = "503 Service Unavailable";
  return [
    span(
      FAILED_TRACE,
      "GET /balance",
      undefined,
      5_000_000,
      90_000,
    )({
      source: EXCHANGE,
      kind: 2,
      statusCode: 2,
      statusMessage: message,
      events: [
        { name: "exception", timeMicros: BASE_MS * 1_000 + 5_050_000, attributes: { "exception.message": message } },
      ],
    }),
  ];
}

function longSpans(): SpanInput[] {
  const parents = Array.from({ length: LONG_PARENTS }, (_, i) => i);
  return [
    span(LONG_TRACE, "scan", undefined, 10_000_000, LONG_PARENTS * 1_000)(),
    ...parents.flatMap((i) => [
      span(LONG_TRACE, `symbol ${i}`, "scan", 10_000_000 + i * 1_000, 1_000)(),
      ...Array.from({ length: LONG_CHILDREN }, (_, j) =>
        span(
          LONG_TRACE,
          `indicator ${i}.${j}`,
          `symbol ${i}`,
          10_000_000 + i * 1_000 + j * 25,
          25,
        )({
          statusCode: i === 30 && j === 7 ? 2 : 0,
        }),
      ),
    ]),
  ];
}

function hostileSpans(): SpanInput[] {
  const of = (name: string, parent: string | undefined, start: number) =>
    span(HOSTILE_TRACE, name, parent, 20_000_000 + start, 1_000);
  return [
    of("root", undefined, 0)({ name: "" }),
    of(
      "evil",
      "root",
      10,
    )({
      name: HUGE,
      statusCode: 2,
      statusMessage: HUGE,
      attributes: { [SCRIPT]: "", empty: "", deep: { list: [1, { script: SCRIPT }] }, long: HUGE },
      events: [{ name: HUGE, timeMicros: 0, attributes: { long: HUGE } }],
      links: [{ traceId: ORDER_TRACE, spanId: idOf("tick"), attributes: { why: SCRIPT } }],
    }),
    of("loop one", "loop two", 20)(),
    of("loop two", "loop one", 30)(),
    of("orphan", "elsewhere", 40)({ source: { serviceName: SCRIPT, instanceId: "" } }),
  ];
}

/** A tenth of a second apart, rejected, 100 to 229 microseconds long. */
function smallSpans(): SpanInput[] {
  return Array.from({ length: SMALL_TRACES }, (_, i) =>
    span(
      (i + 1).toString(16).padStart(32, "0"),
      "tick",
      undefined,
      i * 100_000 - 60_000_000,
      100 + i,
    )({
      attributes: {
        "trading.symbol": "ETH/USDT",
        "trading.decision": "REJECT",
        "trading.reason_code": "insufficient_edge",
      },
    }),
  );
}

/** The events of the traces. */
export function knownTraceEvents(): readonly EventInput[] {
  let seq = 0;
  const event =
    (eventType: string, micros: number, spanName: string | undefined, data: EventInput["data"]) =>
    (more: Partial<EventInput> = {}): EventInput => ({
      eventType,
      timestamp: toTimestamp(BASE_MS * 1_000 + micros),
      source: TRADER,
      seq: ++seq,
      runId: "run-1",
      symbol: "BTC/USDT",
      traceId: ORDER_TRACE,
      spanId: spanName === undefined ? undefined : idOf(spanName),
      severityNumber: 9,
      data,
      ...more,
    });
  const edge = { edge_unit: "bps", gross_edge: "4.10", fees_est: "2.00", slippage_est: "0.60", gas_est: "0" };
  return [
    event("decision", 2_400, "tick", {
      ...{ strategy: "basis", decision: "ACCEPT", reason_code: "accepted", reason: "net edge 1.20 bps is enough" },
      ...{ ...edge, latency_buffer: "0.30", net_edge: "1.20", min_threshold: "0.50" },
    })(),
    event("order_request", 2_600, "risk_to_send", {
      ...{ client_order_id: ORDER, side: "BUY", quantity: "0.50", price: "100.10", venue: "spot" },
    })(),
    event("order_transition", 7_000, "exchange_order", {
      ...{ client_order_id: ORDER, previous_status: "RECEIVED", status: "FILLED" },
    })({ source: EXCHANGE }),
    event("order_result", 9_200, "tick", {
      ...{ client_order_id: ORDER, status: "FILLED", filled_quantity: "0.5", average_price: "100.16" },
      fills: [
        { price: "100.10", quantity: "0.20", fee: "0.01", fee_asset: "USDT" },
        { price: "100.20", quantity: "0.30", fee: "0.02", fee_asset: "USDT" },
      ],
    })(),
    event("log", 9_500, "tick", { body: "trade over" })({ seq: 0 }),
    event("order_transition", 30_000_000, undefined, {
      ...{ client_order_id: ORDER, previous_status: "FILLED", status: "SETTLED" },
    })({ source: EXCHANGE, traceId: LATER_TRACE }),
    event("log", 20_000_050, "evil", { body: HUGE })({ traceId: HOSTILE_TRACE, seq: 0 }),
    event(SCRIPT, 20_000_060, "nowhere", { [SCRIPT]: SCRIPT })({ traceId: HOSTILE_TRACE }),
    event("order_request", 20_000_070, "evil", { client_order_id: SCRIPT, quantity: "abc" })({
      traceId: HOSTILE_TRACE,
    }),
  ];
}
