// Realised P&L by average cost: worked examples and the equations that must hold.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { formatFixed, MONEY_DIGITS, parseFixed } from "./fixed-decimal.ts";
import { createRealisedPnl, type Fill } from "./realised-pnl.ts";

describe("realised P&L", () => {
  it("works out a long position in parts", () => {
    const pnl = createRealisedPnl();
    pnl.apply({ symbol: "BTC", side: "buy", quantity: "1", price: "100" });
    pnl.apply({ symbol: "BTC", side: "buy", quantity: "1", price: "110" });
    expect(pnl.position("BTC")).toEqual({ quantity: "2", costBasis: "210", realisedPnl: "0" });
    pnl.apply({ symbol: "BTC", side: "sell", quantity: "0.5", price: "120" });
    expect(pnl.position("BTC")).toEqual({ quantity: "1.5", costBasis: "157.5", realisedPnl: "7.5" });
  });

  it("works out a short position and the way through zero", () => {
    const pnl = createRealisedPnl();
    pnl.apply({ symbol: "ETH", side: "SELL", quantity: "2", price: "50" });
    pnl.apply({ symbol: "ETH", side: "BUY", quantity: "3", price: "40" });
    expect(pnl.position("ETH")).toEqual({ quantity: "1", costBasis: "40", realisedPnl: "20" });
  });

  it("takes fees off at once, and a rebate is a negative fee", () => {
    const pnl = createRealisedPnl();
    pnl.apply({ symbol: "A", side: "buy", quantity: 1, price: 10, fee: "0.001" });
    pnl.apply({ symbol: "B", side: "buy", quantity: 1, price: 10, fee: "-0.0004" });
    expect([pnl.position("A")?.realisedPnl, pnl.position("B")?.realisedPnl, pnl.total()]).toEqual([
      "-0.001",
      "0.0004",
      "-0.0006",
    ]);
  });

  it("returns the notional value, exact to twice forty digits", () => {
    const fill = {
      symbol: "A",
      side: "buy",
      quantity: "0.0000000000000000000000000001",
      price: "12345.678901234567890123456789",
    } as const;
    expect(createRealisedPnl().apply(fill)).toBe("0.0000000000000000000000012345678901234567890123456789");
  });

  it("refuses malformed fills and stays as it was", () => {
    const pnl = createRealisedPnl();
    const good: Fill = { symbol: "A", side: "buy", quantity: "1", price: "1" };
    const throwing = new Proxy(good, {
      get: () => {
        throw new Error("no");
      },
    });
    for (const change of [
      { side: "hold" },
      { quantity: "0" },
      { quantity: "-1" },
      { quantity: "x" },
      { price: "-1" },
      { price: Number.NaN },
      { fee: "free" },
      { symbol: 5 },
      { symbol: "S".repeat(1000) },
    ]) {
      expect(pnl.apply({ ...good, ...change } as Fill)).toBeUndefined();
    }
    expect([pnl.apply(throwing), pnl.apply(null as never)]).toEqual([undefined, undefined]);
    expect([pnl.position("A"), pnl.total()]).toEqual([undefined, "0"]);
  });

  it("knows at most a thousand symbols", () => {
    const pnl = createRealisedPnl();
    const buy = (symbol: string) => pnl.apply({ symbol, side: "buy", quantity: "1", price: "1" });
    for (let i = 0; i < 1000; i++) expect(buy(`S${i}`)).toBe("1");
    expect([buy("S1000"), buy("S0")]).toEqual([undefined, "1"]);
  });
});

const decimal = fc
  .tuple(fc.bigInt({ min: 1n, max: 10n ** 12n }), fc.integer({ min: 0, max: 12 }))
  .map(([digits, scale]) => `${digits}e-${scale}`);
const fill = fc.record({
  symbol: fc.constantFrom("A", "B"),
  side: fc.constantFrom("buy" as const, "sell" as const),
  quantity: decimal,
  price: decimal,
  fee: decimal,
});

describe("the equations of realised P&L", () => {
  it("quantity = bought - sold, and once flat: realised = sold - bought - fees, exact", () => {
    fc.assert(
      fc.property(fc.array(fill, { minLength: 1, maxLength: 30 }), decimal, (fills, lastPrice) => {
        const pnl = createRealisedPnl();
        const exact = { A: { quantity: 0n, money: 0n }, B: { quantity: 0n, money: 0n } };
        const apply = (f: Fill & { symbol: "A" | "B" }): void => {
          const sign = f.side === "buy" ? 1n : -1n;
          const quantity = parseFixed(f.quantity)!;
          exact[f.symbol].quantity += sign * quantity;
          exact[f.symbol].money -= sign * quantity * parseFixed(f.price)! + parseFixed(f.fee ?? 0)! * 10n ** 40n;
          pnl.apply(f);
        };
        for (const f of fills) {
          apply(f);
          expect(pnl.position(f.symbol)?.quantity).toBe(formatFixed(exact[f.symbol].quantity));
        }
        for (const symbol of ["A", "B"] as const) {
          const open = exact[symbol].quantity;
          if (open === 0n) continue;
          apply({
            symbol,
            side: open > 0n ? "sell" : "buy",
            quantity: formatFixed(open > 0n ? open : -open),
            price: lastPrice,
          });
        }
        for (const symbol of ["A", "B"] as const) {
          const position = pnl.position(symbol);
          if (position === undefined) continue;
          expect(position).toEqual({
            quantity: "0",
            costBasis: "0",
            realisedPnl: formatFixed(exact[symbol].money, MONEY_DIGITS),
          });
        }
        expect(pnl.total()).toBe(formatFixed(exact.A.money + exact.B.money, MONEY_DIGITS));
      }),
    );
  });

  it("a partial close realises its share of the average cost, within 10^-80 of the exact fraction", () => {
    fc.assert(
      fc.property(decimal, decimal, decimal, decimal, decimal, (q1, p1, q2, p2, price) => {
        const pnl = createRealisedPnl();
        pnl.apply({ symbol: "A", side: "buy", quantity: q1, price: p1 });
        pnl.apply({ symbol: "A", side: "buy", quantity: q2, price: p2 });
        pnl.apply({ symbol: "A", side: "sell", quantity: q1, price });
        const [a, b] = [parseFixed(q1)!, parseFixed(q2)!];
        const cost = a * parseFixed(p1)! + b * parseFixed(p2)!;
        // realised = a * price - cost * a / (a + b), all times (a + b)
        const realised = parseFixed(pnl.position("A")!.realisedPnl, MONEY_DIGITS)!;
        const error = realised * (a + b) - (a * parseFixed(price)! * (a + b) - cost * a);
        const bound = a + b;
        expect(2n * error <= bound && 2n * error >= -bound).toBe(true);
      }),
    );
  });
});
