import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createBasisStrategy } from "./basis-strategy.ts";
import { createFairBasis, createFixedFairBasis } from "./fair-basis.ts";
import { createMarketView } from "./market-view.ts";
import { type Signal, toSignalReport } from "./signal.ts";
import { fixed, type PlainLevel } from "./testing/market-frames.ts";
import { flatBook, type PlainBook, viewOf } from "./testing/two-markets.ts";

function strategyAt(fairBasis: bigint, quantity = "1") {
  return createBasisStrategy({
    fairBasis: createFixedFairBasis(fairBasis),
    quantity: fixed(quantity),
    signalThreshold: 10_000n,
    minCloseNotional: fixed("100"),
    maxQuoteAgeMs: 5_000,
  });
}

function check(spot: PlainBook, perp: PlainBook, fairBasis = 0n, openQuantity = "0"): Signal | string {
  return strategyAt(fairBasis).check(viewOf("spot", spot), viewOf("usdm", perp), 0, 0, fixed(openQuantity));
}

function expectSignal(found: Signal | string): Signal {
  if (typeof found === "string") throw new Error(`expected a signal, got ${found}`);
  return found;
}

describe("the basis strategy", () => {
  test("sells spot and buys the perpetual when spot is dear", () => {
    const signal = expectSignal(check(flatBook(100_050), flatBook(100_000)));
    expect(toSignalReport(signal)).toEqual({
      direction: "sell_spot_buy_perp",
      purpose: "open",
      quantity: "1",
      spotPrice: "100050",
      perpPrice: "100000",
      premiumBps: "5.0000",
      fairPremiumBps: "0.0000",
      grossBps: "5.0000",
      slippageBps: "0.0000",
      confidence: 83.3,
    });
    expect([signal.spot.side, signal.perp.side]).toEqual(["sell", "buy"]);
  });

  test("buys spot and sells the perpetual when spot is cheap", () => {
    const signal = expectSignal(check(flatBook(100_000), flatBook(100_050)));
    expect(signal.direction).toBe("buy_spot_sell_perp");
    expect(signal.gross).toBe(50_000n);
    expect([signal.spot.side, signal.perp.side]).toEqual(["buy", "sell"]);
  });

  test("counts only what is beyond the usual basis", () => {
    const dear = [flatBook(100_050), flatBook(100_000)] as const;
    expect(expectSignal(check(...dear, 30_000n)).gross).toBe(20_000n);
    expect(check(...dear, 45_000n)).toBe("no_signal");
    const signal = expectSignal(check(...dear, 80_000n));
    expect(signal.direction).toBe("buy_spot_sell_perp");
    // Bought 5 bp dear where 8 are usual: (100,000 - 100,050) / 100,050 + 8 bp, rounded down.
    expect(signal.gross).toBe(80_000n - 49_976n);
  });

  test("pays both spreads, so that a fair market gives no signal in either direction", () => {
    expect(check(flatBook(100_000, 10), flatBook(100_000, 10))).toBe("no_signal");
  });

  test("separates what walking the book costs from the edge at the best prices", () => {
    const spot: PlainBook = {
      bids: [
        ["100100", "0.4"],
        ["100000", "5"],
      ],
      asks: [["100200", "1"]],
    };
    const signal = expectSignal(check(spot, flatBook(100_000)));
    expect(signal.gross).toBe(100_000n);
    // 0.4 at 10 bp and 0.6 at nothing: 4 bp are left.
    expect(signal.slippage).toBe(60_000n);
    expect(signal.spot.worstPrice).toBe(fixed("100000"));
    expect(toSignalReport(signal).spotPrice).toBe("100040");
  });

  test("closes what is open, never more than that, and opens the other way only from flat", () => {
    const cheap = [flatBook(100_000), flatBook(100_050)] as const;
    const purposeAt = (open: string) => {
      const { purpose, quantity } = expectSignal(check(...cheap, 0n, open));
      return [purpose, quantity];
    };
    expect(purposeAt("3")).toEqual(["close", fixed("1")]);
    expect(purposeAt("0.25")).toEqual(["close", fixed("0.25")]);
    expect(purposeAt("0")).toEqual(["open", fixed("1")]);
    expect(purposeAt("-0.25")).toEqual(["open", fixed("1")]);
    // Worth less than the venue takes as an order: left where it is.
    expect(purposeAt("0.00099")).toEqual(["open", fixed("1")]);
  });

  test("says why it has no signal", () => {
    const strategy = strategyAt(0n);
    const [spot, perp] = [viewOf("spot", flatBook(100_050), 100), viewOf("usdm", flatBook(100_000), 4_000)];
    expect(strategy.check(createMarketView("spot", "BTCUSDT"), perp, 0, 0, 0n)).toBe("book_not_ready");
    expect(strategy.check(spot, perp, 5_101, 0, 0n)).toBe("stale_data");
    expect(typeof strategy.check(spot, perp, 5_100, 0, 0n)).toBe("object");
    const thin: PlainBook = { bids: [["100050", "0.4"]], asks: [["100060", "1"]] };
    expect(check(thin, flatBook(100_000))).toBe("insufficient_liquidity");
  });

  test("warms up before it trades on an average, which then follows the mid prices", () => {
    const fairBasis = createFairBasis({ warmUpMs: 1_000 });
    const strategy = createBasisStrategy({
      fairBasis,
      quantity: fixed("1"),
      signalThreshold: 10_000n,
      minCloseNotional: 0n,
      maxQuoteAgeMs: 5_000,
    });
    const views = [viewOf("spot", flatBook(100_050, 20)), viewOf("usdm", flatBook(100_000, 10))] as const;
    for (let ms = 0; ms < 1_000; ms += 50) expect(strategy.check(...views, 0, ms, 0n)).toBe("warming_up");
    expect(strategy.check(...views, 0, 1_000, 0n)).toBe("no_signal");
    expect(fairBasis.value).toBe(50_000n);
  });

  test("refuses a quantity that is not positive", () => {
    expect(() => strategyAt(0n, "0")).toThrow("quantity must be above 0");
  });
});

describe("the arithmetic of a signal", () => {
  const size = fc.integer({ min: 1, max: 400 }).map((hundredths) => (hundredths / 100).toFixed(2));
  const side = (from: number) =>
    fc
      .uniqueArray(fc.integer({ min: from, max: from + 300 }), { minLength: 1, maxLength: 8 })
      .chain((prices) => fc.tuple(fc.constant(prices), fc.array(size, { minLength: 8, maxLength: 8 })));
  const bookOf = (bids: [number[], string[]], asks: [number[], string[]]): PlainBook => ({
    bids: toLevels(bids).sort(([one], [other]) => Number(other) - Number(one)),
    asks: toLevels(asks).sort(([one], [other]) => Number(one) - Number(other)),
  });
  const toLevels = ([prices, sizes]: [number[], string[]]): PlainLevel[] =>
    prices.map((price, index) => [String(price), sizes[index] ?? "1"]);
  const scenario = fc.record({
    spotBids: side(61_000),
    spotAsks: side(61_301),
    perpBids: side(60_900),
    perpAsks: side(61_201),
    fair: fc.bigInt(-200_000n, 200_000n),
  });

  test("is that of selling and buying cent by cent: gross - slippage = premium of the whole quantity - fair, rounded down", () => {
    let signals = 0;
    fc.assert(
      fc.property(scenario, ({ spotBids, spotAsks, perpBids, perpAsks, fair }) => {
        const spot = bookOf(spotBids, spotAsks);
        const perp = bookOf(perpBids, perpAsks);
        const found = check(spot, perp, fair);
        const best = {
          sell: premium(price(spot.bids), price(perp.asks)) - fair,
          buy: premium(price(perp.bids), price(spot.asks)) + fair,
        };
        const gross = best[best.sell >= best.buy ? "sell" : "buy"];
        if (typeof found === "string") {
          expect(found === "insufficient_liquidity" || gross < 10_000n).toBe(true);
          return;
        }
        signals++;
        expect(found.gross).toBe(gross);
        const isSell = found.direction === "sell_spot_buy_perp";
        const sold = takeOne(isSell ? spot.bids : perp.bids);
        const bought = takeOne(isSell ? perp.asks : spot.asks);
        expect(found.gross - found.slippage).toBe(premium(sold, bought) - found.fairPremium);
        expect(found.slippage >= 0n).toBe(true);
      }),
      { numRuns: 500 },
    );
    expect(signals).toBeGreaterThan(50);
  });

  function price(side: readonly PlainLevel[]): bigint {
    return BigInt(side[0]?.[0] ?? 0) * 100n;
  }

  /** Basis points times 1e4, rounded down, from first principles. */
  function premium(sold: bigint, bought: bigint): bigint {
    const numerator = (sold - bought) * 100_000_000n;
    const quotient = numerator / bought;
    return quotient * bought > numerator ? quotient - 1n : quotient;
  }

  /** What a quantity of 1 brings, taken in hundredths. */
  function takeOne(side: readonly PlainLevel[]): bigint {
    const hundredths = side.flatMap(([level, size]) =>
      Array<bigint>(Math.round(Number(size) * 100)).fill(BigInt(level)),
    );
    return hundredths.slice(0, 100).reduce((sum, unit) => sum + unit, 0n);
  }
});
