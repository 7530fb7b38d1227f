import { describe, expect, test } from "vitest";
import type { Market, Side } from "../market/market.ts";
import { createPortfolio, type Portfolio } from "./portfolio.ts";
import { fixed } from "./testing/market-frames.ts";

function freshPortfolio(): Portfolio {
  return createPortfolio({ baseAsset: "BTC", quoteAsset: "USDT", cash: "100000", inventory: "2" });
}

function book(
  portfolio: Portfolio,
  market: Market,
  side: Side,
  quantity: string,
  price: string,
  commission = "0",
  commissionAsset = "USDT",
): boolean {
  return portfolio.applyFill(market, side, {
    price,
    quantity,
    commission,
    commissionAsset,
    isCommissionReported: true,
  });
}

describe("the portfolio", () => {
  test("makes the round trip of a basis trade, fee by fee", () => {
    const portfolio = freshPortfolio();
    book(portfolio, "spot", "sell", "0.5", "60060", "6.9069");
    book(portfolio, "usdm", "buy", "0.5", "60000", "5.1");
    book(portfolio, "spot", "buy", "0.5", "60510", "6.95865");
    book(portfolio, "usdm", "sell", "0.5", "60500", "5.1425");
    const report = portfolio.report();
    // Spot lost 450 * 0.5 and the perpetual gained 500 * 0.5.
    expect(report.realisedPnl).toBe("25");
    expect(report.fees).toBe("24.10805");
    expect(report.tradingPnl).toBe("0.89195");
    expect(report.cash).toBe("100000.89195");
    expect(report.spotHoldings).toBe("2");
    expect(report.positions.usdm).toEqual({
      quantity: "0",
      averagePrice: undefined,
      realisedPnl: "250",
      unrealisedPnl: "0",
    });
  });

  test("values open positions at the marks, and the inventory is no profit", () => {
    const portfolio = freshPortfolio();
    book(portfolio, "spot", "sell", "0.5", "60000");
    book(portfolio, "usdm", "buy", "0.25", "59000");
    book(portfolio, "usdm", "buy", "0.25", "60000");
    portfolio.mark("spot", fixed("61000"));
    portfolio.mark("usdm", fixed("61000"));
    const report = portfolio.report();
    expect(report.positions.spot).toEqual({
      quantity: "-0.5",
      averagePrice: "60000",
      realisedPnl: "0",
      unrealisedPnl: "-500",
    });
    expect(report.positions.usdm).toEqual({
      quantity: "0.5",
      averagePrice: "59500",
      realisedPnl: "0",
      unrealisedPnl: "750",
    });
    expect(report.tradingPnl).toBe("250");
    expect(report.equity).toBe(String(100_000 + 2 * 61_000 + 250));
  });

  test("closes part of a position at what it cost on average, and leaves the average alone", () => {
    const portfolio = freshPortfolio();
    book(portfolio, "usdm", "sell", "1", "100");
    book(portfolio, "usdm", "sell", "3", "108");
    book(portfolio, "usdm", "buy", "1", "102");
    expect(portfolio.report().positions.usdm).toMatchObject({ quantity: "-3", averagePrice: "106", realisedPnl: "4" });
  });

  test("turns a position over through zero", () => {
    const portfolio = freshPortfolio();
    book(portfolio, "usdm", "buy", "1", "100");
    book(portfolio, "usdm", "sell", "3", "110");
    expect(portfolio.report().positions.usdm).toMatchObject({ quantity: "-2", averagePrice: "110", realisedPnl: "10" });
  });

  test("takes a commission in the base asset out of what is held", () => {
    const portfolio = freshPortfolio();
    book(portfolio, "spot", "buy", "1", "60000", "0.001", "BTC");
    expect(portfolio.report()).toMatchObject({ spotHoldings: "2.999", cash: "40000", fees: "60" });
  });

  test("keeps commissions it cannot price apart", () => {
    const portfolio = freshPortfolio();
    book(portfolio, "spot", "buy", "1", "60000", "0.02", "BNB");
    book(portfolio, "spot", "buy", "1", "60000", "0.03", "BNB");
    expect(portfolio.fees).toBe(0n);
    expect([...portfolio.unpricedCommissions]).toEqual([["BNB", fixed("0.05")]]);
  });

  test.each([
    ["no price", { price: "", quantity: "1", commission: "0" }],
    ["a price of nothing", { price: "0", quantity: "1", commission: "0" }],
    ["a negative quantity", { price: "1", quantity: "-1", commission: "0" }],
    ["a commission that is no number", { price: "1", quantity: "1", commission: "NaN" }],
  ])("books nothing of a fill with %s", (_, numbers) => {
    const portfolio = freshPortfolio();
    expect(
      portfolio.applyFill("spot", "buy", { ...numbers, commissionAsset: "USDT", isCommissionReported: true }),
    ).toBe(false);
    expect(portfolio.report()).toMatchObject({ cash: "100000", spotHoldings: "2", fees: "0" });
  });

  test("refuses to start with something that is no amount", () => {
    expect(() => createPortfolio({ baseAsset: "BTC", quoteAsset: "USDT", cash: "-1", inventory: "2" })).toThrow(
      'cash must be a decimal from 0 with at most 8 places, got "-1"',
    );
  });
});
