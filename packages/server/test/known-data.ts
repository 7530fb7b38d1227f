// A day of a small service, known to the last count.
import { toTimestamp } from "@tracebook/core";
import { judge } from "@tracebook/decisions";
import type { EventInput, MetricPointInput, SpanInput, Store } from "@tracebook/store";

/** Who has recorded it. */
const SOURCE = { serviceName: "bot", instanceId: "bot-1" };
/** Half past some minute, an hour ago: within the last day, and far from its ends. */
export const KNOWN_MS = Math.floor(Date.now() / 60_000) * 60_000 - 3_600_000 + 30_000;

/** The timestamp so many seconds later. */
export function knownAt(seconds: number): string {
  return toTimestamp((KNOWN_MS + seconds * 1_000) * 1_000);
}

/** The trace that ends with an order. */
export const ORDER_TRACE = "0af7651916cd43dd8448eb211c80319c";
const ROOT_SPAN = "b7ad6b7169203331";

/** Judged: one accepted, three below the threshold (by 0.05, 0.30 and 1.80 bps), one whose gate failed by 2, one 3.80 USD short. */
const DECISIONS = (
  [
    ["bps", "1.00", "80"],
    ["bps", "1.25", "80"],
    ["bps", "1.50", "80"],
    ["bps", "3.00", "80"],
    ["bps", "1.00", "68"],
    ["USD", "5.00", "80"],
  ] as const
).map(([unit, minThreshold, score]) =>
  judge({
    gates: [{ name: "min_confluence", score, threshold: "70" }],
    edge: { unit, gross: "4.10", fees: "2.00", slippage: "0.60", gas: "0", latencyBuffer: "0.30", minThreshold },
  }).toJSON(),
);

/** The events, oldest first, a second apart. */
export function knownEvents(): readonly EventInput[] {
  const events: Pick<EventInput, "eventType" | "data" | "symbol" | "runId" | "traceId">[] = [];
  const add = (eventType: string, data: object, symbol?: string, traceId?: string) =>
    events.push({ eventType, data: data as EventInput["data"], symbol, runId: "run-1", traceId });
  add("scan_started", { symbols: ["BTC/USDT", "ETH/USDT"], profile: "balanced", symbol_count: 2 });
  for (const score of [85.5, 72]) add("signal_generated", { confidence_score: score, direction: "LONG" }, "BTC/USDT");
  for (let i = 0; i < 3; i++)
    add(
      "signal_rejected",
      { reason_code: "gate_failed", reason: "Below minimum confluence threshold", gate_name: "min_confluence" },
      "ETH/USDT",
    );
  add("signal_rejected", { reason_code: "risk_limit", reason: "Failed risk validation" }, "BTC/USDT");
  add("error_occurred", { error_message: "no data", error_type: "TypeError" }, "XRP/USDT");
  add("scan_completed", { symbols_scanned: 2, signals_generated: 2, signals_rejected: 4, duration_ms: 12 });
  for (const [i, decision] of DECISIONS.entries())
    add("decision", { strategy: "basis", ...decision }, "BTC/USDT", i === 0 ? ORDER_TRACE : undefined);
  add("order_request", { client_order_id: "c-1", quantity: "0.5" }, "BTC/USDT", ORDER_TRACE);
  add("order_result", { client_order_id: "c-1", status: "FILLED" }, "BTC/USDT", ORDER_TRACE);
  return events.map((event, i) => ({
    ...event,
    timestamp: knownAt(i),
    source: SOURCE,
    seq: i + 1,
    spanId: undefined,
    severityNumber: 9,
  }));
}

/** A tick with its stages, and one request that failed. */
function knownSpans(): readonly SpanInput[] {
  const span = (more: Partial<SpanInput>): SpanInput => ({
    source: SOURCE,
    traceId: ORDER_TRACE,
    spanId: ROOT_SPAN,
    parentSpanId: undefined,
    name: "tick",
    kind: 1,
    startMicros: KNOWN_MS * 1_000,
    startNanosRest: 0,
    durationNanos: 4_000_000,
    statusCode: 0,
    statusMessage: "",
    scope: "tracebook",
    attributes: {},
    events: [],
    links: [],
    ...more,
  });
  const stages = ["ws_to_book_update", "book_to_signal", "signal_to_risk", "risk_to_send"].map((name, i) =>
    span({
      name,
      spanId: `00f067aa0ba902b${i}`,
      parentSpanId: ROOT_SPAN,
      startMicros: KNOWN_MS * 1_000 + i * 1_000,
      durationNanos: 1_000_000,
    }),
  );
  const root = span({ attributes: { "trading.symbol": "BTC/USDT", "trading.reason_code": "order_submitted" } });
  const failed = span({
    traceId: "1".repeat(32),
    spanId: "2".repeat(16),
    name: "GET /balance",
    kind: 2,
    statusCode: 2,
    statusMessage: "503",
    durationNanos: 90_000_000,
    startMicros: KNOWN_MS * 1_000 + 5_000_000,
  });
  return [root, ...stages, failed];
}

/** How the flows ended, what stages took, and what was dropped. */
export function knownPoints(): readonly MetricPointInput[] {
  const startMicros = (KNOWN_MS - 60_000) * 1_000;
  const timeMicros = KNOWN_MS * 1_000;
  const common = { source: SOURCE, startMicros, timeMicros, description: "", isCumulative: false } as const;
  const outcome = (stage: string, reason_code: string, value: number): MetricPointInput => ({
    ...common,
    type: "sum",
    isMonotonic: true,
    name: "trading_flow_outcomes_total",
    unit: "{flow}",
    labels: { flow: "tick", stage, reason_code, strategy: "basis", symbol: "BTC/USDT" },
    value,
  });
  const stage = (name: string, bucketCounts: readonly number[], sum: number): MetricPointInput => ({
    ...common,
    type: "histogram",
    name: "trading_stage_duration_seconds",
    unit: "s",
    labels: { flow: "tick", stage: name },
    bounds: [0.001, 0.01],
    bucketCounts,
    count: bucketCounts.reduce((all, one) => all + one, 0),
    sum,
  });
  return [
    outcome("", "book_not_ready", 10),
    outcome("ws_to_book_update", "error", 2),
    outcome("book_to_signal", "no_signal", 80),
    outcome("signal_to_risk", "insufficient_edge", 5),
    outcome("signal_to_risk", "", 1),
    outcome("risk_to_send", "order_submitted", 2),
    stage("ws_to_book_update", [90, 0, 0], 0.045),
    stage("book_to_signal", [50, 38, 0], 0.2),
    stage("end_to_end", [0, 100, 0], 0.5),
    {
      ...common,
      type: "sum",
      isMonotonic: true,
      name: "tracebook_dropped_total",
      unit: "{item}",
      labels: { class: "market", reason: "queue_full" },
      value: 7,
    },
  ];
}

/** Writes all of it. */
export async function writeKnownData(store: Store): Promise<void> {
  await store.writeEvents(knownEvents());
  await store.writeSpans(knownSpans());
  await store.writePoints(knownPoints());
}
