import { describe, expect, it } from "vitest";
import { parseDecimal } from "../shared/decimal.ts";
import { createRandom } from "../shared/random.ts";
import { createPaperOrders } from "./paper-orders.ts";
import { createPriceWalk } from "./price-walk.ts";

function desk(rejectPercent: number) {
  const random = createRandom(7);
  return createPaperOrders({ prices: createPriceWalk(random), random, rejectPercent });
}
function order(fields: Record<string, string> = {}): URLSearchParams {
  return new URLSearchParams({ symbol: "BTC-USDT", side: "BUY", quantity: "0.01", clientOrderID: "a", ...fields });
}

describe("the paper exchange", () => {
  it("fills the whole quantity in parts, with a fee on each", () => {
    const orders = desk(0);
    for (let i = 0; i < 50; i++) {
      const answer = orders.place(order({ clientOrderID: `o${i}` }));
      if (!("order" in answer)) throw new Error(answer.message);
      const sum = answer.order.fills.reduce((total, { quantity }) => total + (parseDecimal(quantity) ?? 0n), 0n);
      expect(sum).toBe(parseDecimal("0.01"));
      for (const { fee } of answer.order.fills) expect(parseDecimal(fee)).toBeGreaterThan(0n);
    }
    expect(orders.counts).toEqual({ filled: 50, rejected: 0 });
  });

  it("says the same about an order that is sent twice, and counts it once", () => {
    const orders = desk(50);
    const ids = Array.from({ length: 40 }, (_, i) => `o${i}`);
    const first = ids.map((id) => orders.place(order({ clientOrderID: id })));
    expect(ids.map((id) => orders.place(order({ clientOrderID: id })))).toEqual(first);
    expect(orders.counts.filled + orders.counts.rejected).toBe(40);
    expect(orders.counts.rejected).toBeGreaterThan(5);
  });

  it.each([{ symbol: "DOGE-USDT" }, { side: "HOLD" }, { quantity: "-1" }, { quantity: "1e3" }, { quantity: "" }])(
    "refuses %j",
    (fields) => expect(desk(0).place(order(fields)).code).not.toBe(0),
  );
});
