import { expect, test } from "vitest";
import { flowFacts } from "./flow-facts.ts";

test("what a flow says of itself is read from the attributes of its root span", () => {
  const tags = {
    "trading.symbol": "BTC/USDT",
    "trading.decision": "REJECT",
    "trading.reason_code": "insufficient_edge",
    "trading.keep_reason": "ratio",
  };
  expect(flowFacts({ tags })).toMatchObject({
    symbol: "BTC/USDT",
    decision: "REJECT",
    reasonCode: "insufficient_edge",
    keepReason: "ratio",
    strategy: undefined,
  });
});

test("what is no text is not there", () => {
  const tags = { "trading.symbol": 5, "trading.decision": { a: 1 }, "trading.reason_code": "", "trading.stage": null };
  expect(Object.values(flowFacts({ tags })).every((fact) => fact === undefined)).toBe(true);
});
