// What trading services record: decisions, plain events, and the spans of flows, as the SDK hands them to a serializer.
import type { HrTime } from "@opentelemetry/api";
import { resourceFromAttributes } from "@opentelemetry/resources";
import type { ReadableLogRecord } from "@opentelemetry/sdk-logs";
import type { ReadableSpan } from "@opentelemetry/sdk-trace";
import type { EventData } from "../src/store-input.ts";

/** A stream of items. */
export type Mix = "decisions" | "events" | "spans";

/** An event without what all of them have. */
export interface SampleEvent {
  readonly eventType: string;
  readonly symbol: string | undefined;
  readonly data: EventData;
}

/** The instance that everything is from, its digits there to be replaced. */
export const INSTANCE = "bench-00000000";
/** The service that it is of. */
export const SERVICE = "bench-bot";
const RUN = "scan-2026-11-20T12-00-00-7b1c";

const SYMBOLS = Array.from(
  { length: 20 },
  (_, i) => `${["BTC", "ETH", "SOL", "XRP", "ADA"][i % 5]}${i > 4 ? i : ""}/USDT`,
);
const STRATEGIES = ["basis", "trend", "grid"] as const;
const REASONS = [
  "insufficient_edge",
  "insufficient_edge",
  "insufficient_edge",
  "gate_failed",
  "risk_limit",
  "stale_book",
];
const SENTENCES = [
  "Below minimum confluence threshold",
  "No data available",
  "Risk/reward ratio below the minimum",
  "Spread is too wide",
  "Volume is too thin",
  "The book is older than 500 ms",
];
const STAGES = ["ws_to_book_update", "book_to_signal", "signal_to_risk", "risk_to_send"];
const RESOURCE = resourceFromAttributes({ "service.name": SERVICE, "service.instance.id": INSTANCE });
const SCOPE = { name: "tracebook", version: "0.1.0" };

const pick = <T>(list: readonly T[], i: number): T => list[i % list.length]!;
/** Spread like noise, and the same in each run. */
const noise = (i: number, range: number) => (Math.imul(i + 1, 0x9e3779b1) >>> 8) % range;
const cents = (value: number) => (value / 100).toFixed(2);

/** One of twenty symbols. */
export function symbolOf(i: number): string {
  return pick(SYMBOLS, noise(i, SYMBOLS.length));
}

/** Numbered ids that look like random ones. */
export function hexOf(i: number, digits: 16 | 32): string {
  const words = Array.from({ length: digits / 8 }, (_, k) => (Math.imul(i + 1, 0x85ebca6b + 2 * k) ^ (i << k)) >>> 0);
  return words.map((word) => word.toString(16).padStart(8, "0")).join("");
}

/** A decision with an edge and two gates. */
export function decisionOf(i: number): SampleEvent {
  const net = noise(i, 700) - 500;
  const accepted = net >= 150;
  const reason = accepted
    ? `net edge ${cents(net)} bps reaches the threshold of 1.50 bps and all 2 gates passed`
    : `net edge ${cents(net)} bps is below the threshold of 1.50 bps`;
  const data = {
    decision: accepted ? "ACCEPT" : "REJECT",
    reason_code: accepted ? "accepted" : pick(REASONS, noise(i, 6)),
    reason,
    strategy: pick(STRATEGIES, i),
    gross_edge: cents(net + 290),
    fees_est: "2.00",
    slippage_est: "0.60",
    gas_est: "0",
    latency_buffer: "0.30",
    net_edge: cents(net),
    min_threshold: "1.50",
    edge_unit: "bps",
    gates: [
      { gate_name: "min_confluence", passed: true, score: String(50 + noise(i, 50)), threshold: "50" },
      { gate_name: "max_spread", passed: true, score: cents(noise(i, 90)), threshold: "1.00", comparison: "<=" },
    ],
  };
  return { eventType: "decision", symbol: symbolOf(i), data };
}

/** Scans, signals, gates, orders, errors, as a scanner and a bot record them. */
export function eventOf(i: number): SampleEvent {
  const symbol = symbolOf(i);
  const kind = i % 20;
  if (kind < 7) return { eventType: "signal_rejected", symbol, data: rejection(i) };
  if (kind < 10) return { eventType: "signal_generated", symbol, data: signal(i) };
  if (kind < 13) return { eventType: "quality_gate_passed", symbol, data: gate(i) };
  if (kind < 15) return { eventType: "quality_gate_failed", symbol, data: gate(i) };
  if (kind < 17)
    return { eventType: "opportunity_detected", symbol, data: { strategy: pick(STRATEGIES, i), venue: "binance" } };
  if (kind === 17) return { eventType: "scan_completed", symbol: undefined, data: scan(i) };
  if (kind === 18)
    return {
      eventType: "order_submitted",
      symbol,
      data: { order_id: hexOf(i, 16), side: "buy", price: cents(noise(i, 9_000_000)), size: "0.015" },
    };
  return {
    eventType: "error_occurred",
    symbol,
    data: { error_message: "Request failed with status code 503", error_type: "VenueError" },
  };
}

/** The log record of an event, as `@tracebook/node` sends it: nested data as JSON. */
export function toLogRecord(sample: SampleEvent, i: number, time: HrTime): ReadableLogRecord {
  const attributes: Record<string, string | number | boolean> = {};
  for (const [name, value] of Object.entries(sample.data))
    attributes[name.startsWith("error_") ? `exception.${name.slice("error_".length)}` : `trading.${name}`] =
      typeof value === "object" ? JSON.stringify(value) : value;
  if (sample.symbol !== undefined) attributes["trading.symbol"] = sample.symbol;
  const reason = sample.data["reason"] ?? sample.data["error_message"];
  return {
    hrTime: time,
    hrTimeObserved: time,
    eventName: `trading.${sample.eventType}`,
    severityNumber: 9,
    severityText: "INFO",
    body: reason === undefined ? sample.eventType : `${sample.eventType}: ${String(reason)}`,
    resource: RESOURCE,
    instrumentationScope: SCOPE,
    attributes: { ...attributes, "trading.seq": i + 1, "trading.run_id": RUN },
    droppedAttributesCount: 0,
    spanContext: { traceId: hexOf(i >> 2, 32), spanId: hexOf(i, 16), traceFlags: 3 },
  };
}

/** Four stages, then the root, as a kept flow has them: `i` counts spans. */
export function spanOf(i: number, [second, nanos]: HrTime): ReadableSpan {
  const flow = Math.floor(i / 5);
  const stage = i % 5;
  const isRoot = stage === 4;
  const traceId = hexOf(flow, 32);
  const root = { traceId, spanId: hexOf(5 * flow + 4, 16), traceFlags: 3 };
  const durationNanos = 20_000 + noise(i, 400_000) + (isRoot ? 1_700_000 : 0);
  const { data } = decisionOf(flow);
  const attributes = {
    "trading.symbol": symbolOf(flow),
    "trading.strategy": pick(STRATEGIES, flow),
    "trading.decision": String(data["decision"]),
    "trading.reason": String(data["reason"]),
    "trading.net_edge": String(data["net_edge"]),
    "trading.min_threshold": "1.50",
    "trading.edge_unit": "bps",
    "trading.run_id": RUN,
    "trading.stage": "signal_to_risk",
    "trading.reason_code": String(data["reason_code"]),
  };
  return {
    name: isRoot ? "tick" : STAGES[stage]!,
    kind: 0,
    spanContext: () => (isRoot ? root : { traceId, spanId: hexOf(i, 16), traceFlags: 3 }),
    ...(isRoot ? undefined : { parentSpanContext: root }),
    startTime: [second, isRoot ? nanos : nanos + stage * 420_000],
    endTime: [second, nanos + (isRoot ? 0 : stage * 420_000) + durationNanos],
    duration: [0, durationNanos],
    status: { code: 0 },
    attributes: isRoot ? attributes : {},
    links: [],
    events: [],
    ended: true,
    resource: RESOURCE,
    instrumentationScope: SCOPE,
    droppedAttributesCount: 0,
    droppedEventsCount: 0,
    droppedLinksCount: 0,
  };
}

function rejection(i: number): EventData {
  const score = 40 + noise(i, 40);
  const name = pick(["min_confluence", "max_spread", "min_volume", "max_age"], i);
  const reason = pick(SENTENCES, noise(i, 6));
  return { reason_code: pick(REASONS, noise(i, 6)), reason, gate_name: name, score: String(score), threshold: "82" };
}

function signal(i: number): EventData {
  const direction = i % 2 === 0 ? "long" : "short";
  const price = cents(noise(i, 9_000_000));
  return {
    direction,
    confidence_score: 30 + noise(i, 70),
    setup_type: "breakout",
    entry_price: price,
    risk_reward_ratio: "2.4",
  };
}

function gate(i: number): EventData {
  return {
    gate_name: pick(["min_confluence", "max_spread", "min_volume"], i),
    details: `score ${noise(i, 100)} against 70`,
  };
}

function scan(i: number): EventData {
  return {
    symbols_scanned: 20,
    signals_generated: noise(i, 5),
    signals_rejected: noise(i, 15),
    duration_ms: 100 + noise(i, 900),
  };
}
