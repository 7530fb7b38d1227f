import fc from "fast-check";
import { expect, test } from "vitest";
import { testEvent } from "../test-event.ts";
import { cardOf } from "./card-of.ts";
import type { EventCard } from "./event-card.ts";

function card(
  event_type: string,
  data: Record<string, unknown>,
  more: Parameters<typeof testEvent>[1] = {},
): EventCard {
  return cardOf(testEvent(1, { event_type, data, ...more }), {});
}

const factsOf = ({ facts }: EventCard) => Object.fromEntries(facts.map(({ name, text }) => [name, text]));

test("a decision says its verdict, its sentence, and its net edge against the threshold, exactly", () => {
  const rejected = card("decision", {
    strategy: "basis",
    decision: "REJECT",
    reason_code: "insufficient_edge",
    reason: "net edge 1.20 bps is below the threshold of 1.50 bps",
    edge_unit: "bps",
    net_edge: "1.4999999999999999999999999999",
    min_threshold: "1.50",
  });
  expect(rejected).toMatchObject({
    title: "Decision rejected",
    tone: "reject",
    text: "net edge 1.20 bps is below the threshold of 1.50 bps",
    meter: { value: "1.4999999999999999999999999999", relation: "<", threshold: "1.50", unit: "bps", isMet: false },
  });
  expect(card("decision", { decision: "ACCEPT", net_edge: "1.5", min_threshold: "1.50" })).toMatchObject({
    title: "Decision accepted",
    tone: "accept",
    meter: { relation: "≥", isMet: true },
  });
});

test("a decision without an edge shows the gate that decided", () => {
  const gates = [
    { gate_name: "min_candles", passed: true, score: "20", threshold: "12" },
    { gate_name: "max_spread_bps", passed: false, score: "7.5", threshold: "5", comparison: "<=" },
  ];
  expect(card("decision", { decision: "REJECT", reason_code: "spread_too_wide", gates })).toMatchObject({
    text: "Spread too wide",
    meter: { name: "max_spread_bps", value: "7.5", relation: ">", threshold: "5", isMet: false },
  });
});

test("scans say how many symbols, what came of them, and how long it took", () => {
  expect(
    card("scan_started", { symbols: ["A", "B", "C", "D", "E"], profile: "strict", symbol_count: 5 }),
  ).toMatchObject({
    title: "Scan started",
    text: "5 symbols: A, B, C + 2 more",
  });
  const completed = card("scan_completed", {
    symbols_scanned: 5,
    signals_generated: 2,
    signals_rejected: 3,
    duration_ms: 1_240,
  });
  expect(completed.text).toBe("5 symbols in 1.24 s");
  expect(factsOf(completed)).toEqual({ generated: "2", rejected: "3" });
});

test("signals say direction and set-up, or why and by how much not", () => {
  const generated = card("signal_generated", {
    direction: "LONG",
    setup_type: "breakout",
    confidence_score: 82.5,
    entry_price: "64200.10",
    risk_reward_ratio: 2.4,
  });
  expect(generated).toMatchObject({ tone: "accept", text: "LONG · breakout" });
  expect(factsOf(generated)).toEqual({ confidence: "82.5", entry: "64,200.10 USDT", "reward to risk": "2.4" });
  expect(
    card("signal_rejected", {
      reason: "Below minimum confluence threshold",
      gate_name: "min_confluence",
      score: 54.2,
      threshold: 62,
    }),
  ).toMatchObject({
    tone: "reject",
    text: "Below minimum confluence threshold",
    meter: { value: "54.2", relation: "<", threshold: "62" },
  });
});

test("a gate says its score once: by its meter, or where that cannot be, in words", () => {
  const details = { score: 39.06, threshold: 62, direction: "SHORT" };
  const failed = card("quality_gate_failed", { gate_name: "min_confluence", details });
  expect(failed).toMatchObject({ text: "min_confluence", meter: { value: "39.06", relation: "<", threshold: "62" } });
  expect(factsOf(failed)).toEqual({ direction: "SHORT" });
  const half = card("quality_gate_passed", { gate_name: "order_book", details: { score: 1, note: "in step" } });
  expect(half.meter).toBeUndefined();
  expect(factsOf(half)).toEqual({ score: "1", note: "in step" });
});

test("orders say side, quantity and price in the units of the symbol, and what became of them", () => {
  const order = {
    client_order_id: "c-1",
    side: "buy",
    order_type: "LIMIT",
    quantity: "0.50",
    price: "64200.10",
    venue: "paper",
  };
  expect(card("order_request", order)).toMatchObject({ text: "BUY 0.50 BTC at 64,200.10 USDT", tone: "info" });
  expect(card("order_request", order, { symbol: "weird" }).text).toBe("BUY 0.50 at 64,200.10");
  const filled = {
    status: "FILLED",
    filled_quantity: "0.50",
    average_price: "64200.10",
    fee: "0.01",
    fee_asset: "USDT",
  };
  expect(card("order_result", filled)).toMatchObject({ text: "FILLED 0.50 BTC at 64,200.10 USDT", tone: "accept" });
  expect(factsOf(card("order_result", filled))).toEqual({ fee: "0.01 USDT" });
  expect(card("order_result", { status: "REJECTED", reason: "no balance" })).toMatchObject({
    text: "REJECTED: no balance",
    tone: "reject",
  });
  expect(card("order_transition", { status: "CANCELED", previous_status: "NEW" })).toMatchObject({
    text: "NEW → CANCELED",
    tone: "reject",
  });
});

test("a book says the best of both sides, whichever way its levels are written", () => {
  const text = "bid 0.5 BTC at 61,795.43 USDT · ask 0.7 BTC at 61,795.44 USDT";
  expect(card("orderbook_snapshot", { bids: [["61795.43", "0.5"]], asks: [["61795.44", "0.7"]] }).text).toBe(text);
  const levels = { bids: [{ price: "61795.43", size: "0.5" }], asks: [{ price: 61795.44, size: 0.7 }] };
  expect(card("orderbook_snapshot", levels).text).toBe(text);
  expect(card("orderbook_snapshot", { bids: [], asks: "none" }).text).toBe("bid empty · ask empty");
});

test("errors, halts and clock steps say what happened", () => {
  expect(card("error_occurred", { error_type: "ECONNRESET", error_message: "socket hang up" })).toMatchObject({
    tone: "error",
    text: "ECONNRESET: socket hang up",
  });
  expect(card("error_event", { event_name: "login_failed", event_data: { message: "wrong key" } }).text).toBe(
    "login_failed: wrong key",
  );
  expect(card("trading_halted", { reason_code: "max_drawdown" })).toMatchObject({
    tone: "error",
    text: "Max drawdown",
  });
  expect(card("clock_step", { step_ms: -42.5 }).text).toBe("The wall clock stepped backward by 42.5 ms");
  expect(card("records_dropped", { count: 12, reason: "queue_full" }).text).toBe("12 records are missing: queue_full");
});

test("a log is titled by its severity and says its body", () => {
  expect(card("log", { body: "resynchronised", gap: 3 }, { severity_number: 13 })).toMatchObject({
    title: "Log warning",
    tone: "reject",
    text: "resynchronised",
  });
  expect(card("log", { body: { a: 1 } }, { severity_number: 17 })).toMatchObject({
    title: "Log error",
    text: '{"a":1}',
  });
  expect(card("log", {}, { severity_number: 0 })).toMatchObject({ title: "Log", text: "no text" });
});

test("an event that only its host knows is titled by its name, with its first fields", () => {
  const funding = card("funding_paid", {
    amount: "12.40",
    currency: "USDT",
    empty: "",
    nothing: null,
    legs: [1, 2],
    message: "paid",
  });
  expect(funding).toMatchObject({ title: "Funding paid", tone: "neutral", text: "paid" });
  expect(factsOf(funding)).toEqual({ amount: "12.40", currency: "USDT", legs: "1, 2" });
});

test("a configured card has its own title, icon, tone and text, filled in from the data", () => {
  const cards: Parameters<typeof cardOf>[1] = {
    funding_paid: {
      title: "Funding",
      icon: "coins",
      tone: "accept",
      text: "{amount} {rate.value} {missing} {__proto__}",
    },
    probe: { title: "Probe", fields: ["depth_usd", "gone"] },
  };
  const data = { amount: "12.40", rate: { value: "0.01 %" }, depth_usd: "5" };
  expect(cardOf(testEvent(1, { event_type: "funding_paid", data }), cards)).toEqual({
    title: "Funding",
    icon: "coins",
    tone: "accept",
    text: "12.40 0.01 % – –",
    facts: [],
  });
  const probe = cardOf(testEvent(1, { event_type: "probe", data }), cards);
  expect(probe).toMatchObject({ title: "Probe", tone: "neutral", text: "" });
  expect(factsOf(probe)).toEqual({ "depth usd": "5", gone: "–" });
});

test("whatever an event carries, it has a card of texts that are not longer than a line", () => {
  const types = fc.constantFrom(
    ...["decision", "signal_rejected", "quality_gate_failed", "scan_started", "scan_completed", "signal_generated"],
    ...["signal", "order_request", "order_result", "order_transition", "orderbook_snapshot", "event_received"],
    ...["user_action", "error_event", "error_occurred", "clock_step", "trading_halted", "records_dropped", "log"],
    ...["constructor", "__proto__", "", "custom.type"],
  );
  const names = fc.constantFrom(
    ...["decision", "reason", "net_edge", "min_threshold", "gates", "symbols", "status", "bids", "asks", "body"],
    ...["step_ms", "duration_ms", "event_data", "details", "score", "threshold", "error_message", "side", "quantity"],
  );
  const value = fc.oneof(fc.jsonValue(), fc.string({ maxLength: 5_000 }), fc.constant(Number.NaN), fc.constant("NaN"));
  fc.assert(
    fc.property(types, fc.dictionary(names, value), (type, data) => {
      const { title, text, facts, meter } = card(type, data);
      const texts = [title, text, ...facts.flatMap((fact) => [fact.name, fact.text])];
      expect(texts.every((one) => typeof one === "string" && one.length <= 700 && !one.includes("\n"))).toBe(true);
      if (meter !== undefined) expect(typeof meter.value).toBe("string");
    }),
    { numRuns: 500 },
  );
});
