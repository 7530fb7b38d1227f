import { describe, expect, test } from "vitest";
import { createRiskCheck, type RiskOptions, spreadOf } from "./risk.ts";
import type { RiskState } from "./risk-state.ts";
import type { Signal } from "./signal.ts";
import { fixed } from "./testing/market-frames.ts";

const OPTIONS: RiskOptions = {
  spotFee: 23_000n,
  perpFee: 17_000n,
  latencyBuffer: 2_000n,
  openThreshold: 2_500n,
  closeThreshold: -10_000n,
  maxSpread: 30_000n,
  minDepthPercent: 50,
  maxPosition: fixed("0.5"),
  maxNotional: fixed("50000"),
  cooldownMs: 500,
  maxDataAgeMs: 2_000,
};

const QUIET: RiskState = {
  nowMs: 10_000,
  oldestQuoteMs: 9_990,
  elapsedMs: 10_000,
  lastOrderElapsedMs: Number.NEGATIVE_INFINITY,
  isInFlight: false,
  openQuantity: 0n,
  spotHoldings: fixed("2"),
  cash: fixed("200000") * fixed("1"),
  haltReason: undefined,
};

function signalOf(change: Partial<Signal> = {}): Signal {
  return {
    direction: "sell_spot_buy_perp",
    purpose: "open",
    quantity: fixed("0.05"),
    spot: leg("spot", "sell", "61850"),
    perp: leg("usdm", "buy", "61800"),
    premium: 80_000n,
    fairPremium: 30_000n,
    gross: 50_000n,
    slippage: 1_000n,
    confidence: 80,
    ...change,
  };
}

function leg(market: "spot" | "usdm", side: "buy" | "sell", price: string, size = "1"): Signal["spot"] {
  const bestPrice = fixed(price);
  return { market, side, bestPrice, bestSize: fixed(size), worstPrice: bestPrice, notional: bestPrice * fixed("0.05") };
}

function assess(signal: Signal = signalOf(), state: Partial<RiskState> = {}, spreads = { spot: 1_000n, perp: 1_000n }) {
  return createRiskCheck(OPTIONS).assess(signal, spreads, { ...QUIET, ...state });
}

describe("the risk check", () => {
  test("accepts an edge that pays for both fees, the slippage and the latency buffer, and shows the sum", () => {
    const verdict = assess();
    expect(verdict.accepted).toBe(true);
    expect(verdict.edge).toEqual({
      edge_unit: "bps",
      gross_edge: "5.0000",
      fees_est: "4.0000",
      slippage_est: "0.1000",
      gas_est: "0",
      latency_buffer: "0.2000",
      net_edge: "0.7000",
      min_threshold: "0.2500",
    });
    expect(verdict.gates.map(({ gate_name, score, passed }) => [gate_name, score, passed])).toEqual([
      ["min_depth", "2000", true],
      ["max_spread", "0.1000", true],
    ]);
  });

  test("accepts exactly from the threshold on", () => {
    expect(assess(signalOf({ gross: 45_500n })).reasonCode).toBe("accepted");
    expect(assess(signalOf({ gross: 45_499n })).reasonCode).toBe("insufficient_edge");
  });

  test("asks less of a trade that closes than of one that opens", () => {
    const gross = 35_000n;
    expect(assess(signalOf({ gross })).reasonCode).toBe("insufficient_edge");
    expect(assess(signalOf({ gross, purpose: "close" })).reasonCode).toBe("accepted");
  });

  test("refuses a best level that holds too little of the quantity", () => {
    const verdict = assess(signalOf({ perp: leg("usdm", "buy", "61800", "0.024") }));
    expect(verdict.reasonCode).toBe("insufficient_liquidity");
    expect(verdict.reason).toBe("gate min_depth: score 48 is below the threshold of 50");
  });

  test("refuses the wider of two spreads, with the limit itself still allowed", () => {
    expect(assess(signalOf(), {}, { spot: 0n, perp: 30_001n }).reasonCode).toBe("spread_too_wide");
    expect(assess(signalOf(), {}, { spot: 30_000n, perp: 0n }).reasonCode).toBe("accepted");
  });

  test.each<[string, Partial<RiskState>]>([
    ["halted", { haltReason: "the fate of an order is unknown" }],
    ["stale_data", { oldestQuoteMs: 7_999 }],
    ["order_in_flight", { isInFlight: true }],
    ["cooldown", { lastOrderElapsedMs: 9_501 }],
    ["position_limit", { openQuantity: fixed("0.46") }],
    ["insufficient_balance", { spotHoldings: fixed("0.04") }],
  ])("vetoes with %s, and still works the edge out", (code, state) => {
    const verdict = assess(signalOf(), state);
    expect(verdict.reasonCode).toBe(code);
    expect(verdict.edge?.net_edge).toBe("0.7000");
  });

  test("lets go at the end of each limit, not after it", () => {
    const state = {
      oldestQuoteMs: 8_000,
      lastOrderElapsedMs: 9_500,
      openQuantity: fixed("0.45"),
      spotHoldings: fixed("0.05"),
    };
    expect(assess(signalOf(), state).reasonCode).toBe("accepted");
  });

  test("limits the notional of the whole position", () => {
    const risk = createRiskCheck({ ...OPTIONS, maxNotional: fixed("6180") });
    const spreads = { spot: 0n, perp: 0n };
    expect(risk.assess(signalOf(), spreads, { ...QUIET, openQuantity: fixed("0.05") }).reasonCode).toBe("accepted");
    expect(risk.assess(signalOf(), spreads, { ...QUIET, openQuantity: fixed("0.051") }).reasonCode).toBe(
      "exposure_limit",
    );
  });

  test("limits positions the other way as well, but never a trade that makes one smaller", () => {
    const back = {
      direction: "buy_spot_sell_perp",
      spot: leg("spot", "buy", "61800"),
      perp: leg("usdm", "sell", "61850"),
    } as const;
    expect(assess(signalOf(back), { openQuantity: fixed("-0.46") }).reasonCode).toBe("position_limit");
    expect(assess(signalOf({ ...back, purpose: "close" }), { openQuantity: fixed("0.9") }).reasonCode).toBe("accepted");
    expect(assess(signalOf(back), { cash: fixed("3089") * fixed("1") }).reasonCode).toBe("insufficient_balance");
  });

  test("rounds a spread up", () => {
    expect(spreadOf({ bidPrice: fixed("61800"), askPrice: fixed("61800.1") })).toBe(162n);
  });

  test("refuses limits that make no sense", () => {
    expect(() => createRiskCheck({ ...OPTIONS, maxPosition: 0n })).toThrow("maxPosition must be above 0, got 0");
    expect(() => createRiskCheck({ ...OPTIONS, closeThreshold: 2_501n })).toThrow(
      "closeThreshold must not be above openThreshold, got 0.2501 and 0.2500",
    );
  });
});
