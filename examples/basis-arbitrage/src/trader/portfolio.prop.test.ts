import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { formatFixed } from "../market/fixed-point.ts";
import type { Market, Side } from "../market/market.ts";
import { createPortfolio } from "./portfolio.ts";

const CASH = 200_000n;
const INVENTORY = 2n;
const ONE = 100_000_000n;

interface BookedFill {
  readonly market: Market;
  readonly side: Side;
  readonly price: bigint;
  readonly quantity: bigint;
  readonly commission: bigint;
  readonly commissionAsset: string;
}

const price = fc.bigInt(1n, 200_000n * ONE);
const fill: fc.Arbitrary<BookedFill> = fc.record({
  market: fc.constantFrom<Market>("spot", "usdm"),
  side: fc.constantFrom<Side>("buy", "sell"),
  price,
  quantity: fc.bigInt(1n, 3n * ONE),
  // Negative is a rebate.
  commission: fc.bigInt(-1_000n, 10n ** 7n),
  commissionAsset: fc.constantFrom("USDT", "USDT", "BTC"),
});

function isBooked({ commission, commissionAsset }: BookedFill): boolean {
  return commissionAsset === "USDT" || commission > 0n;
}

function bookAll(fills: readonly BookedFill[]) {
  const portfolio = createPortfolio({
    baseAsset: "BTC",
    quoteAsset: "USDT",
    cash: String(CASH),
    inventory: String(INVENTORY),
  });
  for (const { market, side, price: at, quantity, commission, commissionAsset } of fills) {
    const booked = portfolio.applyFill(market, side, {
      price: formatFixed(at),
      quantity: formatFixed(quantity),
      commission: formatFixed(commission),
      commissionAsset,
      isCommissionReported: true,
    });
    expect(booked).toBe(true);
  }
  return portfolio;
}

describe("the portfolio", () => {
  test("keeps equity - cash at start - inventory * spot price = realised + unrealised - fees, exactly", () => {
    fc.assert(
      fc.property(fc.array(fill, { maxLength: 60 }), price, price, (fills, spotPrice, perpPrice) => {
        const portfolio = bookAll(fills);
        portfolio.mark("spot", spotPrice);
        portfolio.mark("usdm", perpPrice);
        const made = portfolio.equity - CASH * ONE * ONE - INVENTORY * ONE * spotPrice;
        expect(made).toBe(portfolio.realisedPnl + portfolio.unrealisedPnl - portfolio.fees);
      }),
    );
  });

  test("holds what was bought less what was sold, and its worth is what was paid and received", () => {
    fc.assert(
      fc.property(fc.array(fill, { maxLength: 60 }), price, price, (fills, spotPrice, perpPrice) => {
        const portfolio = bookAll(fills);
        portfolio.mark("spot", spotPrice);
        portfolio.mark("usdm", perpPrice);
        // From first principles, without positions, costs or profits: what every fill moved.
        let held = INVENTORY * ONE;
        let money = CASH * ONE * ONE;
        let perp = 0n;
        for (const { market, side, price: at, quantity, commission, commissionAsset } of fills) {
          const signed = side === "buy" ? quantity : -quantity;
          if (market === "spot") held += signed;
          else perp += signed;
          money -= signed * at;
          if (commissionAsset === "USDT") money -= commission * ONE;
          else if (commission > 0n && market === "spot") held -= commission;
          else if (commission > 0n) perp -= commission;
        }
        expect(portfolio.spotHoldings).toBe(held);
        expect(portfolio.position("usdm").quantity).toBe(perp);
        expect(portfolio.equity).toBe(money + held * spotPrice + perp * perpPrice);
      }),
    );
  });

  test("loses nothing in its fees: they are what the commissions were worth when charged", () => {
    fc.assert(
      fc.property(fc.array(fill, { maxLength: 60 }), (fills) => {
        const portfolio = bookAll(fills);
        const expected = fills
          .filter(isBooked)
          .reduce(
            (sum, { commission, commissionAsset, price: at }) =>
              sum + commission * (commissionAsset === "USDT" ? ONE : at),
            0n,
          );
        expect(portfolio.fees).toBe(expected);
      }),
    );
  });

  test("has no unrealised P&L and no cost once flat again", () => {
    fc.assert(
      fc.property(fc.array(fill, { minLength: 1, maxLength: 30 }), price, (fills, closeAt) => {
        const portfolio = bookAll(fills);
        const { quantity } = portfolio.position("usdm");
        if (quantity !== 0n) {
          portfolio
            .position("usdm")
            .trade(quantity > 0n ? "sell" : "buy", quantity > 0n ? quantity : -quantity, closeAt);
        }
        const { cost, averagePrice } = portfolio.position("usdm");
        expect([portfolio.position("usdm").quantity, cost, averagePrice]).toEqual([0n, 0n, undefined]);
      }),
    );
  });
});
