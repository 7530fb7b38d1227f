import { describe, expect, it } from "vitest";
import { findOpportunity, type Opportunity } from "../analysis/opportunity.ts";
import type { SymbolLook } from "../market/symbol-watch.ts";
import { lookAt, straightTo } from "../testing/candles.ts";
import { PROFILES, type Profile } from "./profile.ts";
import { hundredths, judgeData, judgeOpportunity } from "./quality-gates.ts";
import { reasonOf } from "./reason-codes.ts";

const market = lookAt(straightTo(...Array.from({ length: 12 }, (_, at) => 100_000 + at)));
const good: SymbolLook = {
  symbol: "BTCUSDT",
  isConnected: true,
  error: undefined,
  quoteAgeMs: 20.5,
  candleCount: 12,
  market,
};
const strong: Opportunity = {
  ...findOpportunity(market),
  score: 6_200,
  spread: 50_000n,
  depth: 50_000n * 10n ** 16n,
  rewardPercent: 150,
};
const { balanced } = PROFILES;

describe("the gates of the data", () => {
  it("are passed by a symbol with fresh quotes and enough candles", () => {
    expect(judgeData(good, balanced)).toMatchObject({ accepted: true, reasonCode: "accepted" });
  });

  it.each([
    ["venue_unavailable", { isConnected: false }, "venue_connected"],
    ["book_not_ready", { market: undefined }, "order_book"],
    ["warming_up", { candleCount: 11 }, "min_candles"],
    ["stale_data", { quoteAgeMs: 5_000.5 }, "max_quote_age_ms"],
    ["stale_data", { quoteAgeMs: Number.POSITIVE_INFINITY }, "max_quote_age_ms"],
  ] as const)("reject as %s, which people read as no data", (code, worse, gate) => {
    const verdict = judgeData({ ...good, ...worse }, balanced);
    expect(verdict.reasonCode).toBe(code);
    expect(verdict.gates.find(({ passed }) => !passed)?.gate_name).toBe(gate);
    expect(reasonOf(verdict.reasonCode)).toBe("No data available");
  });

  it("reject for what comes first where everything is missing", () => {
    const nothing = { isConnected: false, market: undefined, candleCount: 0, quoteAgeMs: Number.POSITIVE_INFINITY };
    expect(judgeData({ ...good, ...nothing }, balanced).reasonCode).toBe("venue_unavailable");
  });
});

describe("the gates of the trade", () => {
  it("are passed at their very thresholds", () => {
    const verdict = judgeOpportunity(good, strong, balanced);
    expect(verdict.reason).toBe("all 8 gates passed");
  });

  it.each([
    ["low_confluence", { score: 6_199 }, "min_confluence", "61.99", "62", "Below minimum confluence threshold"],
    ["spread_too_wide", { spread: 50_001n }, "max_spread_bps", "5.0001", "5", "Failed risk validation"],
    ["insufficient_liquidity", { depth: 1n }, "min_depth", "0.0000000000000001", "50000", "Failed risk validation"],
    ["risk_reward_too_low", { rewardPercent: 149 }, "min_risk_reward", "1.49", "1.5", "Failed risk validation"],
  ] as const)("reject as %s, with score and threshold", (code, worse, gate_name, score, threshold, reason) => {
    const verdict = judgeOpportunity(good, { ...strong, ...worse }, balanced);
    expect(verdict.reasonCode).toBe(code);
    expect(verdict.gates.find(({ passed }) => !passed)).toMatchObject({ gate_name, score, threshold });
    expect(reasonOf(verdict.reasonCode)).toBe(reason);
  });

  it("keep the factors behind the confluence and the prices behind the ratio", () => {
    const { gates } = judgeOpportunity(good, strong, balanced);
    expect(gates[4]?.details).toMatchObject({ direction: "LONG", trend: hundredths(strong.factors.trend) });
    expect(gates[7]?.details).toMatchObject({ entry_price: "0.00100012" });
  });
});

describe("the profiles", () => {
  it("are each stricter than the next in everything", () => {
    const numbers = ({ minCandles, minConfluence, minDepth, minRiskReward, maxQuoteAgeMs, maxSpreadBps }: Profile) => [
      ...[minCandles, minConfluence, minDepth, minRiskReward].map(Number),
      ...[maxQuoteAgeMs, maxSpreadBps].map((most) => -Number(most)),
    ];
    const [loose, balancedNumbers, strict] = [PROFILES.loose, balanced, PROFILES.strict].map(numbers) as number[][];
    for (const [at, least] of (loose as number[]).entries()) {
      expect(balancedNumbers?.[at]).toBeGreaterThanOrEqual(least);
      expect(strict?.[at]).toBeGreaterThanOrEqual(balancedNumbers?.[at] as number);
    }
  });
});
