import { reJudge } from "@tracebook/decisions";
import fc from "fast-check";
import { expect, test } from "vitest";
import { changedCost } from "./changed-cost.ts";

test("a factor keeps the places of the amount, and more where they are needed", () => {
  expect(changedCost("2.00", { mode: "times", text: "1.50" })).toBe("3.00");
  expect(changedCost("0.33", { mode: "times", text: "0.5" })).toBe("0.165");
  expect(changedCost(null, { mode: "times", text: "3" })).toBe("0");
  expect(changedCost("2.00", { mode: "set", text: "0.1" })).toBe("0.1");
  expect(changedCost("much", { mode: "times", text: "2" })).toBeUndefined();
});

test("the cost that is shown is the one that was judged by", () => {
  const cents = fc.integer({ min: -100_000, max: 100_000 }).map((value) => (value / 100).toFixed(2));
  fc.assert(
    fc.property(cents, cents, (fees, factor) => {
      const shown = changedCost(fees, { mode: "times", text: factor }) ?? "";
      const negated = shown.startsWith("-") ? shown.slice(1) : `-${shown}`;
      // With no gross edge the net edge is the cost with its sign turned.
      const record = {
        decision: "REJECT",
        reason_code: "insufficient_edge",
        edge_unit: "bps",
        gross_edge: "0",
        fees_est: fees,
        net_edge: fees.startsWith("-") ? fees.slice(1) : `-${fees}`,
        min_threshold: "1000000",
      };
      const { net_edge: net } = reJudge(record, { edgeUnit: "bps", feesEst: { times: factor } });
      expect(Number(net)).toBe(Number(negated) + 0);
    }),
  );
});
