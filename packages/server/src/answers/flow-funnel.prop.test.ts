import type { FlowOutcome } from "@tracebook/store";
import fc from "fast-check";
import { expect, test } from "vitest";
import { flowsOf, kindOf, stagesOf, toFunnel } from "./flow-funnel.ts";

const outcome: fc.Arbitrary<FlowOutcome> = fc.record({
  flow: fc.constantFrom("tick", "scan"),
  stage: fc.constantFrom("", "a", "b", "c"),
  reason_code: fc.constantFrom(
    "",
    "no_signal",
    "order_submitted",
    "error",
    "insufficient_edge",
    "own_reason",
    "__proto__",
  ),
  strategy: fc.constantFrom("", "basis", "momentum"),
  symbol: fc.constantFrom("", "BTC/USDT", "ETH/USDT"),
  count: fc.integer({ min: 1, max: 1_000_000 }),
});

test("each stage = the one before - its drops, exact; all that entered ended somewhere, and nothing is unknown", () => {
  fc.assert(
    fc.property(fc.array(outcome, { maxLength: 40 }), (outcomes) => {
      for (const { flow, count } of flowsOf(outcomes)) {
        const own = outcomes.filter((one) => one.flow === flow);
        const { entered, steps, orders, no_reason } = toFunnel(outcomes, flow, [...stagesOf(own)].sort());
        expect(entered).toBe(count);
        expect(entered).toBe(own.reduce((sum, one) => sum + one.count, 0));
        let left = entered;
        for (const step of steps) {
          expect(step.count).toBe(left);
          expect(step.dropped).toBe(step.ended.reduce((sum, end) => sum + end.count, 0));
          left -= step.dropped;
        }
        expect(left).toBe(0);
        const total = (isIt: (one: FlowOutcome) => boolean) =>
          own.filter(isIt).reduce((sum, one) => sum + one.count, 0);
        expect(orders).toBe(total((one) => one.reason_code === "order_submitted"));
        expect(no_reason).toBe(total((one) => one.reason_code === ""));
        for (const end of steps.flatMap((step) => step.ended)) {
          expect(end.explanation).not.toBe("");
          expect(end.kind).toBe(kindOf(end.reason_code));
        }
      }
    }),
  );
});

test("the shares of symbols and strategies are those of the flow", () => {
  const base = {
    flow: "tick",
    stage: "a",
    reason_code: "order_submitted",
    strategy: "basis",
    symbol: "BTC/USDT",
    count: 2,
  };
  const outcomes = [
    base,
    { ...base, reason_code: "no_signal", count: 5 },
    { ...base, flow: "scan", count: 9 },
    { ...base, symbol: "" },
  ];
  const { symbols, strategies } = toFunnel(outcomes, "tick", ["a"]);
  expect(symbols).toEqual([{ symbol: "BTC/USDT", entered: 7, orders: 2 }]);
  expect(strategies).toEqual([{ strategy: "basis", entered: 9, orders: 4 }]);
});
