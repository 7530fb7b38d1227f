import fc from "fast-check";
import { expect, test } from "vitest";
import { readGates, shownGates } from "./gate-reading.ts";

const GATE = {
  gate_name: "min_depth",
  passed: false,
  score: 40,
  threshold: "50",
  reason_code: "insufficient_liquidity",
};

test("a gate is shown with its numbers as text, and is compared by >= unless it says otherwise", () => {
  expect(shownGates([GATE])).toEqual([
    {
      name: "min_depth",
      passed: false,
      score: "40",
      threshold: "50",
      comparison: ">=",
      reasonCode: "insufficient_liquidity",
      details: undefined,
    },
  ]);
});

test("details are one line", () => {
  expect(shownGates([{ ...GATE, details: { venue: "spot", tries: 3 } }])[0]?.details).toBe("venue spot, tries 3");
});

test("one gate that is none makes all unreadable for judging, and the others are still shown", () => {
  expect(readGates([GATE, "x"])).toEqual({ gates: [], gates_unreadable: true });
  expect(shownGates([GATE, "x", null])).toHaveLength(1);
  expect(readGates(undefined)).toEqual({ gates: [], gates_unreadable: false });
});

test("whatever was written as gates, reading them does not throw", () => {
  fc.assert(
    fc.property(fc.anything(), (gates) => {
      readGates(gates);
      for (const gate of shownGates(gates)) expect(typeof gate.name).toBe("string");
    }),
  );
});
