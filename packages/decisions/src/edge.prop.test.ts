// gross - fees - slippage - gas - buffer = net, exact.
import fc from "fast-check";
import { expect, it } from "vitest";
import { decimalTexts, places, scaled } from "../test/oracle.ts";
import { calculateNetEdge, edgeBreakdown } from "./edge.ts";
import { checkEdge } from "./edge-check.ts";

const parts = (digits?: number) => fc.tuple(...Array.from({ length: 6 }, () => decimalTexts(digits)));

it.each([4, 15, 38])("gross - fees - slippage - gas - buffer = net, exact, with up to %i digits", (digits) => {
  fc.assert(
    fc.property(parts(digits), ([gross = "", fees = "", slippage = "", gas = "", buffer = "", minThreshold = ""]) => {
      const edge = edgeBreakdown({ unit: "USD", gross, fees, slippage, gas, latencyBuffer: buffer, minThreshold });
      const net = scaled(gross) - scaled(fees) - scaled(slippage) - scaled(gas) - scaled(buffer);
      expect(scaled(edge.net_edge)).toBe(net);
      expect(places(edge.net_edge)).toBe(Math.max(...[gross, fees, slippage, gas, buffer].map(places)));
      expect(edge.net_edge).toMatch(/^(?!-0(\.0+)?$)-?(0|[1-9]\d*)(\.\d+)?$/);
      expect(edge).toMatchObject({ gross_edge: gross, fees_est: fees, min_threshold: minThreshold });
      expect(checkEdge({ ...edge })).toBeUndefined();
    }),
    { numRuns: 10_000 },
  );
});

it("any number of legs, fees and rebates, added up first, gives the same net as the oracle", () => {
  const legs = fc.array(fc.integer({ min: -1_000_000, max: 1_000_000 }), { minLength: 1, maxLength: 8 });
  const sum = (cents: readonly number[]) => cents.reduce((total, next) => total + next, 0);
  const text = (cents: number) => (cents / 100).toFixed(2);
  fc.assert(
    fc.property(legs, legs, legs, (gross, fees, funding) => {
      const net = calculateNetEdge({ gross: text(sum(gross)), fees: text(sum(fees)), gas: text(sum(funding)) });
      expect(net).toBe(text(sum(gross) - sum(fees) - sum(funding)));
    }),
    { numRuns: 5_000 },
  );
});
