import { describe, expect, it } from "vitest";
import { isSignal, parseSignal } from "./signal.ts";

const alert = {
  alert_id: "a-1",
  strategy: "breakout",
  symbol: "BTC-USDT",
  action: "buy",
  quantity: "0.0100",
  price: "64200.50",
  time: "2026-11-20T12:00:00.000Z",
};

describe("a posted signal", () => {
  it("is read with its decimals in one spelling", () => {
    expect(parseSignal(alert, "webhook")).toEqual({
      alertId: "a-1",
      source: "webhook",
      strategy: "breakout",
      symbol: "BTC-USDT",
      action: "buy",
      quantity: "0.01",
      price: "64200.5",
      sentEpochMs: Date.UTC(2026, 10, 20, 12),
    });
  });

  it.each([
    [{ alert_id: "" }, /alert_id/],
    [{ alert_id: "x".repeat(65) }, /alert_id/],
    [{ alert_id: "a'; drop table orders" }, /alert_id/],
    [{ strategy: 7 }, /strategy/],
    [{ symbol: "__proto__" }, /symbol/],
    [{ symbol: "toString" }, /symbol/],
    [{ action: "BUY" }, /action/],
    [{ quantity: 0.01 }, /quantity/],
    [{ quantity: "-1" }, /quantity/],
    [{ quantity: "0" }, /quantity/],
    [{ quantity: "NaN" }, /quantity/],
    [{ price: "1e9" }, /price/],
    [{ time: "yesterday" }, /time/],
    [{ time: undefined }, /time/],
  ])("with %j is refused with what is wrong", (wrong, problem) => {
    expect(parseSignal({ ...alert, ...wrong }, "bot")).toMatch(problem);
  });
});

describe("a kept signal", () => {
  const kept = parseSignal(alert, "webhook") as object;

  it("is one when it comes back from JSON", () => expect(isSignal(JSON.parse(JSON.stringify(kept)))).toBe(true));

  it.each([
    { alertId: "" },
    { strategy: undefined },
    { symbol: "DOGE-USDT" },
    { source: "mail" },
    { action: "hold" },
    { quantity: "0" },
    { price: 5 },
    { sentEpochMs: null },
  ])("with %j is none", (wrong) => expect(isSignal({ ...kept, ...wrong })).toBe(false));

  it.each([null, undefined, "signal", 5, [], {}])("is not %j", (given) => expect(isSignal(given)).toBe(false));
});
