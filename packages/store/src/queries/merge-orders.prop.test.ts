import fc from "fast-check";
import { expect, test } from "vitest";
import { mergeOrders } from "./merge-orders.ts";

const names = Array.from({ length: 12 }, (_, i) => `stage_${i}`);
const parts = fc.array(fc.subarray(names), { maxLength: 8 });

test("what is a part of one order is merged into an order that contradicts none of the parts", () => {
  fc.assert(
    fc.property(parts, (orders) => {
      const merged = mergeOrders(orders);
      expect([...merged].sort()).toEqual([...new Set(orders.flat())].sort());
      for (const order of orders) expect(merged.filter((name) => order.includes(name))).toEqual(order);
    }),
  );
});

test("orders that contradict each other, or say a name twice, give each name once, the longest order as it is", () => {
  fc.assert(
    fc.property(fc.array(fc.array(fc.constantFrom(...names), { maxLength: 6 }), { maxLength: 6 }), (orders) => {
      const merged = mergeOrders(orders);
      expect(new Set(merged).size).toBe(merged.length);
      expect(new Set(merged)).toEqual(new Set(orders.flat()));
    }),
  );
});
