// A little of everything, for tests that look at every screen: scans, signals, decisions, orders, errors, spans, metrics.
import { toTimestamp } from "@tracebook/core";
import type { EventInput, HistogramPointInput, NumberPointInput, SpanInput } from "@tracebook/store";
import type { Desk } from "../../src/index.ts";

const SOURCE = { serviceName: "bot", instanceId: "bot-1" };
const MINUTE_MS = 60_000;

/** The trace of the sample. */
export const SAMPLE_TRACE = "0af7651916cd43dd8448eb211c80319c";

/** Writes it; `wrap` is put around every text that comes from outside. Returns the ids of the decision. */
export async function writeSampleDay(desk: Desk, wrap: (text: string) => string = (text) => text): Promise<void> {
  const startMs = Math.floor(Date.now() / MINUTE_MS) * MINUTE_MS - 5 * MINUTE_MS;
  await desk.store.writeEvents(events(startMs, wrap));
  await desk.store.writeSpans(spans(startMs, wrap));
  await desk.store.writePoints(points(startMs, wrap));
}

function events(startMs: number, wrap: (text: string) => string): EventInput[] {
  const rows: [string, EventInput["data"]][] = [
    ["scan_started", { symbols: ["BTC/USDT"], profile: wrap("balanced"), symbol_count: 1 }],
    [
      "signal_generated",
      {
        direction: wrap("LONG"),
        confidence_score: 85.5,
        setup_type: wrap("breakout"),
        entry_price: "42150.00",
        risk_reward_ratio: 3.2,
      },
    ],
    [
      "signal_rejected",
      {
        reason_code: wrap("min_confluence"),
        reason: wrap("Below minimum confluence threshold"),
        gate_name: wrap("confluence"),
        score: 55,
        threshold: 70,
      },
    ],
    ["scan_completed", { symbols_scanned: 2, signals_generated: 1, signals_rejected: 1, duration_ms: 12 }],
    [
      "error_occurred",
      { error_message: wrap("no data"), error_type: wrap("Error"), traceback: wrap("at scan (a.js:1)") },
    ],
    ["decision", decision("ACCEPT", "accepted", wrap("go ahead"), "2.10", wrap)],
    ["decision", decision("REJECT", "insufficient_edge", wrap("net edge is below the threshold"), "1.20", wrap)],
    ["order_request", { client_order_id: wrap("c-1"), side: wrap("BUY"), quantity: "0.01", price: "42150.00" }],
    ["order_result", { client_order_id: wrap("c-1"), status: wrap("FILLED"), filled_quantity: "0.01" }],
    [wrap("funding_paid"), { amount: "0.12", currency: wrap("USDT"), note: wrap("a custom event") }],
    ["log", { body: wrap("a line of a logger"), level: wrap("info") }],
  ];
  return rows.map(([eventType, data], at) => ({
    eventType,
    timestamp: toTimestamp((startMs + at * 1_000) * 1_000),
    source: { serviceName: wrap(SOURCE.serviceName), instanceId: wrap(SOURCE.instanceId) },
    seq: at + 1,
    runId: wrap("run-1"),
    symbol: wrap("BTC/USDT"),
    traceId: SAMPLE_TRACE,
    spanId: "00f067aa0ba902b7",
    severityNumber: eventType === "error_occurred" ? 17 : 9,
    data,
  }));
}

function decision(word: string, code: string, reason: string, net: string, wrap: (text: string) => string) {
  return {
    strategy: wrap("basis"),
    decision: word,
    reason_code: code,
    reason,
    edge_unit: "bps",
    gross_edge: net === "2.10" ? "5.00" : "4.10",
    fees_est: "2.00",
    slippage_est: "0.60",
    gas_est: "0",
    latency_buffer: "0.30",
    net_edge: net,
    min_threshold: "1.50",
    gates: [{ gate_name: wrap("confluence"), passed: true, score: "80", threshold: "70", comparison: ">=" }],
  };
}

function spans(startMs: number, wrap: (text: string) => string): SpanInput[] {
  const names = ["tick", "ws_to_book_update", "book_to_signal"];
  return names.map((name, at) => ({
    source: { serviceName: wrap(SOURCE.serviceName), instanceId: wrap(SOURCE.instanceId) },
    traceId: SAMPLE_TRACE,
    spanId: at === 0 ? "00f067aa0ba902b7" : `00f067aa0ba902b${at}`,
    parentSpanId: at === 0 ? undefined : "00f067aa0ba902b7",
    name: at === 0 ? name : wrap(name),
    kind: 1,
    startMicros: startMs * 1_000 + at * 40,
    startNanosRest: 0,
    durationNanos: at === 0 ? 200_000 : 40_000,
    statusCode: at === 2 ? 2 : 0,
    statusMessage: wrap("no quote"),
    scope: wrap("tracebook"),
    attributes: { "trading.symbol": wrap("BTC/USDT"), "trading.decision": "ACCEPT", "trading.reason_code": "accepted" },
    events: [{ name: wrap("mark"), timeMicros: startMs * 1_000 + 60, attributes: { note: wrap("a mark") } }],
    links: [],
  }));
}

function points(startMs: number, wrap: (text: string) => string): (NumberPointInput | HistogramPointInput)[] {
  const common = {
    source: { ...SOURCE, serviceName: wrap(SOURCE.serviceName) },
    description: wrap("what it is"),
    startMicros: (startMs - MINUTE_MS) * 1_000,
  };
  const outcome = { flow: "tick", strategy: wrap("basis"), symbol: wrap("BTC/USDT") };
  const ends = [
    ["ws_to_book_update", "no_signal", 60],
    ["book_to_signal", "insufficient_edge", 30],
    ["risk_to_send", "order_submitted", 10],
  ] as const;
  return [0, 1, 2].flatMap((minute) => [
    ...ends.map(
      ([stage, reason, value]): NumberPointInput => ({
        ...common,
        type: "sum",
        name: "trading_flow_outcomes_total",
        unit: "{flow}",
        labels: { ...outcome, stage, reason_code: reason },
        timeMicros: (startMs + minute * MINUTE_MS) * 1_000,
        isMonotonic: true,
        isCumulative: false,
        value,
      }),
    ),
    ...["ws_to_book_update", "book_to_signal", "risk_to_send", "end_to_end"].map(
      (stage): HistogramPointInput => ({
        ...common,
        type: "histogram",
        name: "trading_stage_duration_seconds",
        unit: "s",
        labels: { flow: "tick", stage },
        timeMicros: (startMs + minute * MINUTE_MS) * 1_000,
        isCumulative: false,
        count: 100,
        sum: 0.01,
        bounds: [0.00005, 0.0001, 0.001],
        bucketCounts: [40, 40, 19, 1],
      }),
    ),
  ]);
}
