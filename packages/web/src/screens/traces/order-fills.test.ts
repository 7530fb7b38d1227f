import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { fillsOf, orderSums } from "./order-fills.ts";

const request = (quantity: unknown) => ({ event_type: "order_request", data: { quantity } });
const result = (data: Record<string, unknown>) => ({ event_type: "order_result", data });

describe("the sums of an order", () => {
  test("fills, fees and money add up exactly, and agree with what was reported", () => {
    const sums = orderSums([
      request("0.015"),
      result({
        filled_quantity: "0.01500",
        fills: [
          { price: "42150.10", quantity: "0.01000", fee: "0.1", fee_asset: "USDT" },
          { price: "42150.16", quantity: "0.005", commission: "0.2", commission_asset: "USDT" },
        ],
      }),
    ]);
    expect(sums).toEqual({
      requested: "0.015",
      filled: "0.015",
      reported: "0.015",
      agrees: true,
      remaining: "0",
      notional: "632.2518",
      fees: [{ asset: "USDT", amount: "0.3" }],
      unreadable: [],
    });
  });

  test("a report that is not the sum of its fills says so", () => {
    const sums = orderSums([
      request("1"),
      result({ filled_quantity: "0.5", fills: [{ quantity: "0.4", price: "10" }] }),
    ]);
    expect([sums.filled, sums.reported, sums.agrees, sums.remaining]).toEqual(["0.4", "0.5", false, "0.5"]);
  });

  test("partial fills of several results are added up, whether each lists its own or all so far", () => {
    const own = [
      request("3"),
      result({ status: "PARTIALLY_FILLED", filled_quantity: "1", fills: [{ quantity: "1", price: "10" }] }),
      result({ status: "FILLED", filled_quantity: "3", fills: [{ quantity: "2", price: "11" }] }),
    ];
    const all = [
      own[0]!,
      own[1]!,
      result({
        filled_quantity: "3",
        fills: [
          { quantity: "1", price: "10" },
          { quantity: "2", price: "11" },
        ],
      }),
    ];
    for (const events of [own, all])
      expect(orderSums(events)).toMatchObject({
        filled: "3",
        reported: "3",
        agrees: true,
        remaining: "0",
        notional: "32",
      });
  });

  test("a fill that is told twice by its id counts once", () => {
    const fills = [{ quantity: "1", price: "10", trade_id: 7 }];
    expect(
      orderSums([result({ fills }), result({ fills: [...fills, { quantity: "2", price: "1", trade_id: 8 }] })]).filled,
    ).toBe("3");
  });

  test("a canceled order keeps what was filled before, and what was not", () => {
    const sums = orderSums([
      request("10"),
      result({ status: "CANCELED", filled_quantity: "4", fills: [{ quantity: "4", price: "2" }] }),
    ]);
    expect([sums.filled, sums.remaining]).toEqual(["4", "6"]);
  });

  test("of a replaced order the last request counts", () => {
    expect(orderSums([request("1"), request("2")]).requested).toBe("2");
  });

  test("what is no decimal is in no sum, and is named", () => {
    const sums = orderSums([
      request("abc"),
      result({ fills: [{ quantity: "1", price: "free" }, { quantity: "9".repeat(100) }, "x", null] }),
    ]);
    expect(sums).toMatchObject({ requested: undefined, filled: "1", notional: undefined });
    expect(sums.unreadable).toEqual(["quantity abc", `fill quantity ${"9".repeat(40)}…`, "fill price free"]);
  });

  test("without fills there are no sums", () => {
    expect(orderSums([])).toMatchObject({ requested: undefined, filled: undefined, agrees: undefined, fees: [] });
    expect(fillsOf({ data: { fills: "none" } })).toEqual([]);
  });

  test("sum of fills + remaining = requested, exact", () => {
    const amount = fc.tuple(fc.bigInt({ min: 0n, max: 10n ** 20n }), fc.integer({ min: 0, max: 12 }));
    const text = ([coefficient, scale]: [bigint, number]) => {
      const digits = String(coefficient).padStart(scale + 1, "0");
      return scale === 0 ? digits : `${digits.slice(0, -scale)}.${digits.slice(-scale)}`;
    };
    const scaled = (decimal: string) => {
      const [whole = "", fraction = ""] = decimal.replace("-", "").split(".");
      return BigInt(`${decimal.startsWith("-") ? "-" : ""}${whole}${fraction.padEnd(12, "0")}`);
    };
    fc.assert(
      fc.property(amount, fc.array(amount, { minLength: 1, maxLength: 6 }), (asked, quantities) => {
        const fills = quantities.map((quantity) => ({ quantity: text(quantity), price: "1" }));
        const sums = orderSums([request(text(asked)), result({ fills })]);
        const expected = fills.reduce((sum, { quantity }) => sum + scaled(quantity), 0n);
        expect(scaled(sums.filled!)).toBe(expected);
        expect(scaled(sums.notional!)).toBe(expected);
        expect(scaled(sums.remaining!) + expected).toBe(scaled(text(asked)));
      }),
    );
  });
});
