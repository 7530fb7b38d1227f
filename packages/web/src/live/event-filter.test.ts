import { expect, test } from "vitest";
import { microsTimestamp } from "../format/timestamp-micros.ts";
import { rangeOf } from "../url/time-range.ts";
import { createMatcher, type EventFilter, filterKey, filterOf } from "./event-filter.ts";
import { START_MICROS, testEvent } from "./test-event.ts";

const NOW = START_MICROS / 1_000 + 60_000;
const of = (search: string): EventFilter => {
  const parameters = new URLSearchParams(search);
  return filterOf(parameters, rangeOf(parameters, NOW));
};
const matches = (search: string, event: Parameters<typeof testEvent>[1]) =>
  createMatcher(of(search))(testEvent(1, event));

test("an address without parameters lets everything through", () => {
  expect(matches("", {})).toBe(true);
  expect(matches("", { event_type: "", symbol: null, run_id: null, data: {} })).toBe(true);
});

test("type, symbol and run are compared as they are", () => {
  expect(matches("type=signal", { event_type: "signal" })).toBe(true);
  expect(matches("type=signal", { event_type: "signal_rejected" })).toBe(false);
  expect(matches("symbol=BTC%2FUSDT", { symbol: "BTC/USDT" })).toBe(true);
  expect(matches("symbol=BTC%2FUSDT", { symbol: null })).toBe(false);
  expect(matches("run=a", { run_id: "b" })).toBe(false);
});

test("user and category are those of the event's data; a number is compared as the text that it is", () => {
  const event = { data: { user_id: "u-7", event_category: "trading" } };
  expect(matches("user=u-7&category=trading", event)).toBe(true);
  expect(matches("user=u-8", event)).toBe(false);
  expect(matches("category=risk", event)).toBe(false);
  expect(matches("user=42", { data: { user_id: 42 } })).toBe(true);
  for (const data of [{}, { user_id: null }, { user_id: { id: "u-7" } }])
    expect(matches("user=u-7", { data }), JSON.stringify(data)).toBe(false);
  expect(matches("user=true", { data: { user_id: true } })).toBe(false);
});

test("evidence is decisions, orders and halts; errors are both kinds of them; a type wins over a group", () => {
  expect(of("show=evidence").types).toEqual(["decision", "order_request", "order_result", "trading_halted"]);
  expect(of("show=errors").types).toEqual(["error_occurred", "error_event"]);
  expect(of("show=errors&type=signal").types).toEqual(["signal"]);
  expect(of("show=constructor").types).toEqual([]);
});

test("text is looked for in type, symbol, run and data, whatever the case of ASCII letters", () => {
  const event = {
    event_type: "Signal",
    symbol: "ETH/USDT",
    run_id: "Run-7",
    data: { why: ["spread too WIDE", "Größe"] },
  };
  for (const text of ["SIGNAL", "eth/", "rUN-7", "too wide", "größe", '"why"']) {
    expect(matches(`text=${encodeURIComponent(text)}`, event), text).toBe(true);
  }
  for (const text of ["GRÖSSE", "narrow"]) expect(matches(`text=${encodeURIComponent(text)}`, event), text).toBe(false);
});

test("an event belongs to a range with both its ends, to the microsecond", () => {
  const search = "from=2026-11-20T12:00:00Z&to=2026-11-20T12:00:10Z";
  const after = (micros: number) => ({ timestamp: microsTimestamp(START_MICROS + micros) });
  expect(matches(search, after(0))).toBe(true);
  expect(matches(search, after(10_000_000))).toBe(true);
  expect(matches(search, after(10_000_001))).toBe(false);
  expect(matches(search, after(-1))).toBe(false);
});

test("a range that moves on has no end, and an event without a time is not outside of it", () => {
  expect(of("range=15m").endTime).toBeUndefined();
  expect(matches("range=15m", { timestamp: "2027-01-01T00:00:00.000000Z" })).toBe(true);
  expect(matches("range=15m", { timestamp: "2025-01-01T00:00:00.000000Z" })).toBe(false);
  expect(matches("range=15m", { timestamp: "no time" })).toBe(true);
});

test("a moving range is the same filter a minute later, a fixed one is another than any other", () => {
  const keyAt = (search: string, now: number) => {
    const parameters = new URLSearchParams(search);
    const range = rangeOf(parameters, now);
    return filterKey(filterOf(parameters, range), range.name);
  };
  expect(keyAt("range=1h", NOW)).toBe(keyAt("range=1h", NOW + 60_000));
  expect(keyAt("range=1h", NOW)).not.toBe(keyAt("range=6h", NOW));
  expect(keyAt("range=1h&type=signal", NOW)).not.toBe(keyAt("range=1h", NOW));
  const fixed = "from=2026-11-20T12:00:00Z&to=2026-11-20T12:00:10Z";
  expect(keyAt(fixed, NOW)).not.toBe(keyAt(fixed.replace("12:00:00Z", "11:00:00Z"), NOW));
});
