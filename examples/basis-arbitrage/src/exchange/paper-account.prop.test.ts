import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { FIXED_ONE } from "../market/fixed-point.ts";
import { createPaperAccount } from "./paper-account.ts";
import type { PaperOrder } from "./paper-order.ts";
import { rulesOf } from "./symbol-rules.ts";

function orderOf(market: "spot" | "usdm", side: "buy" | "sell"): PaperOrder {
  return {
    kind: "order",
    rules: rulesOf(market, "BTCUSDT"),
    side,
    type: "MARKET",
    quantity: 1n,
    limitPrice: undefined,
    timeInForce: "GTC",
    clientOrderId: undefined,
    answerType: "FULL",
  };
}

const side = fc.constantFrom("buy" as const, "sell" as const);
/** Whole units and whole prices, so that the notional has no remainder to round. */
const trade = fc.record({
  side,
  quantity: fc.bigInt({ min: 1n, max: 50n }),
  price: fc.bigInt({ min: 1n, max: 90_000n }),
});

describe("a paper account", () => {
  it("exchanges exactly what was taken: base +- quantity, quote -+ notional, less the fee, and never goes below zero", () => {
    fc.assert(
      fc.property(fc.array(trade, { maxLength: 20 }), (trades) => {
        const start = { BTC: 100n * FIXED_ONE, USDT: 1_000_000n * FIXED_ONE };
        const account = createPaperAccount(start);
        let [base, quote] = [start.BTC, start.USDT];
        for (const { side: taker, quantity, price } of trades) {
          const order = orderOf("spot", taker);
          const totals = {
            quantity: quantity * FIXED_ONE,
            notional: price * quantity * FIXED_ONE * FIXED_ONE,
            commission: quantity,
            commissionAsset: taker === "buy" ? "BTC" : "USDT",
          };
          if (account.check(order, totals) !== undefined) continue;
          account.apply(order, totals);
          const sign = taker === "buy" ? 1n : -1n;
          base += sign * totals.quantity - (taker === "buy" ? quantity : 0n);
          quote -= sign * price * totals.quantity + (taker === "buy" ? 0n : quantity);
        }
        expect([account.balance("BTC"), account.balance("USDT")]).toEqual([base, quote]);
        expect(base >= 0n && quote >= 0n).toBe(true);
      }),
    );
  });

  it("nets USD-M positions, refuses what the margin does not carry, and never refuses to close", () => {
    fc.assert(
      fc.property(fc.array(trade, { maxLength: 20 }), (trades) => {
        const account = createPaperAccount({ USDT: 10_000n * FIXED_ONE });
        let position = 0n;
        for (const { side: taker, quantity, price } of trades) {
          const order = orderOf("usdm", taker);
          const totals = {
            quantity: quantity * FIXED_ONE,
            notional: price * quantity * FIXED_ONE * FIXED_ONE,
            commission: 0n,
            commissionAsset: "USDT",
          };
          const after = position + (taker === "buy" ? totals.quantity : -totals.quantity);
          const size = (value: bigint) => (value < 0n ? -value : value);
          const carried = size(after) <= size(position) || size(after) * price <= 200_000n * FIXED_ONE;
          expect(account.check(order, totals) === undefined).toBe(carried);
          if (!carried) continue;
          account.apply(order, totals);
          position = after;
          expect(account.position("BTCUSDT")).toBe(position);
        }
      }),
    );
  });
});
