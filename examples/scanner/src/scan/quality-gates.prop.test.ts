import fc from "fast-check";
import { expect, it } from "vitest";
import { findOpportunity } from "../analysis/opportunity.ts";
import { anyLook } from "../testing/candles.ts";
import { PROFILES, type ProfileName } from "./profile.ts";
import { judgeData, judgeOpportunity } from "./quality-gates.ts";
import { reasonOf } from "./reason-codes.ts";

it("a symbol is accepted exactly when every gate was passed, and rejected for one of three reasons otherwise", () => {
  const name = fc.constantFrom<ProfileName>("balanced", "strict", "loose");
  const quoteAgeMs = fc.oneof(fc.double({ min: 0, max: 20_000, noNaN: true }), fc.constant(Number.POSITIVE_INFINITY));
  fc.assert(
    fc.property(anyLook, name, quoteAgeMs, fc.boolean(), (market, profile, age, isConnected) => {
      const look = {
        symbol: "BTCUSDT",
        isConnected,
        error: undefined,
        quoteAgeMs: age,
        candleCount: market.candles.length,
        market,
      };
      const data = judgeData(look, PROFILES[profile]);
      const verdict = data.accepted ? judgeOpportunity(look, findOpportunity(market), PROFILES[profile]) : data;
      expect(verdict.accepted).toBe(verdict.gates.every(({ passed }) => passed));
      expect(verdict.raw).toBeUndefined();
      if (!verdict.accepted)
        expect(["No data available", "Below minimum confluence threshold", "Failed risk validation"]).toContain(
          reasonOf(verdict.reasonCode),
        );
    }),
  );
});
