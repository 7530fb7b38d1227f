import { describe, expect, it } from "vitest";
import { createPositions } from "./positions.ts";
import { assessSignal, DEFAULT_LIMITS } from "./risk.ts";
import type { Signal } from "./signal.ts";

const NOW = 1_800_000_000_000;
const signal: Signal = {
  alertId: "a",
  source: "webhook",
  strategy: "breakout",
  symbol: "ETH-USDT",
  action: "buy",
  quantity: "0.5",
  price: "3000",
  sentEpochMs: NOW - 1_000,
};
const fill = { symbol: "ETH-USDT", side: "BUY", fee: "0" } as const;

function assess(changes: Partial<Signal> = {}, positions = createPositions(() => 0)) {
  return assessSignal({ ...signal, ...changes }, positions, DEFAULT_LIMITS, NOW);
}

describe("the risk check", () => {
  it("accepts what is within all limits, with every gate on record", () => {
    const verdict = assess();
    expect(verdict.accepted).toBe(true);
    expect(verdict.gates.map(({ gate_name: name, score }) => [name, score])).toEqual([
      ["max_signal_age", "1"],
      ["max_price_deviation", "0"],
      ["max_order_notional", "1500"],
      ["max_position_notional", "1500"],
    ]);
  });

  it.each([
    [{ sentEpochMs: NOW - 31_000 }, "stale_data", "max_signal_age"],
    [{ sentEpochMs: NOW + 31_000 }, "stale_data", "max_signal_age"],
    [{ quantity: "0.66666667" }, "risk_limit", "max_order_notional"],
  ])("refuses %j as %s", (changes, code, gate) => {
    const verdict = assess(changes);
    expect([verdict.accepted, verdict.reasonCode]).toEqual([false, code]);
    expect(verdict.gates.find(({ passed }) => !passed)?.gate_name).toBe(gate);
  });

  it("refuses what makes the position too large, either way, and lets it be taken back", () => {
    const positions = createPositions(() => 0);
    positions.apply({ ...fill, quantity: "0.6", price: "3000" });
    expect(assess({ quantity: "0.4" }, positions).accepted).toBe(true);
    expect(assess({ quantity: "0.40000001" }, positions).reasonCode).toBe("position_limit");
    expect(assess({ quantity: "0.6", action: "sell" }, positions).accepted).toBe(true);
    positions.apply({ ...fill, side: "SELL", quantity: "1.6", price: "3000" });
    expect(assess({ quantity: "0.1", action: "sell" }, positions).reasonCode).toBe("position_limit");
  });

  it("refuses a price far from the last trade, and forgets a trade that is long ago", () => {
    let nowMs = 0;
    const positions = createPositions(() => nowMs);
    positions.apply({ ...fill, quantity: "0.1", price: "2900" });
    expect(assess({}, positions).reasonCode).toBe("stale_data");
    nowMs = 10_001;
    expect(assess({}, positions).accepted).toBe(true);
  });

  it("knows what is held from fills of an earlier run, and nothing of the price now", () => {
    const positions = createPositions(() => 0);
    positions.apply({ ...fill, quantity: "0.1", price: "2900" }, false);
    expect(positions.quantity("ETH-USDT")).toBe(10_000_000n);
    expect(positions.freshPrice("ETH-USDT")).toBeUndefined();
    expect(assess({}, positions).accepted).toBe(true);
  });
});
