// One set of metrics for a process, whichever copy of the package is asked.
import { tracebookSlot } from "@tracebook/core/extension";
import { afterEach, describe, expect, it, vi } from "vitest";
import { readValue } from "../test/read-points.ts";

afterEach(() => {
  tracebookSlot().shared.delete("metrics");
  vi.resetModules();
});

/** This package as another copy of it would be loaded. */
async function freshCopy() {
  vi.resetModules();
  return import("./index.ts");
}

describe("tradingMetrics", () => {
  it("are not made by an import, but by the first use", async () => {
    const { tradingMetrics } = await freshCopy();
    expect(tracebookSlot().shared.has("metrics")).toBe(false);
    tradingMetrics.botsActive.set(3, { status: "running" });
    expect(readValue(tradingMetrics.registry, "trading_bots_active_total", { status: "running" })).toBe(3);
    expect(tracebookSlot().shared.get("metrics")).toHaveProperty("registry", tradingMetrics.registry);
  });

  it("are the same for two copies of the package", async () => {
    const first = await freshCopy();
    const second = await freshCopy();
    expect(first.tradingMetrics).not.toBe(second.tradingMetrics);
    first.tradingMetrics.trades.add(1, { bot_id: "b1" });
    second.tradingMetrics.trades.add(2, { bot_id: "b1" });
    second.tradingMetrics.recordFill({ symbol: "A", side: "buy", quantity: "1", price: "1" });
    expect(readValue(second.sharedTradingMetrics().registry, "trading_bot_trades_total", { bot_id: "b1" })).toBe(3);
    expect(first.tradingMetrics.position("A")?.quantity).toBe("1");
  });

  it("take their prefix from whoever makes them", async () => {
    const { sharedTradingMetrics, tradingMetrics } = await freshCopy();
    sharedTradingMetrics({ prefix: "mybot_" });
    expect(tradingMetrics.catalogue.orderTransitions.name).toBe("mybot_order_transitions_total");
    expect(sharedTradingMetrics({ prefix: "late_" }).catalogue.orderTransitions.name).toBe(
      "mybot_order_transitions_total",
    );
  });

  it("have everything that metrics of their own have", async () => {
    const { createTradingMetrics, tradingMetrics } = await freshCopy();
    expect(Object.keys(tradingMetrics).sort()).toEqual(Object.keys(createTradingMetrics()).sort());
  });
});
