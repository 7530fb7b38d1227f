// Gates: exact comparison, the host's own results, and gates that cannot be read.
import { describe, expect, it } from "vitest";
import { type Comparison, evaluateGate, type GateInput } from "./gate.ts";
import { defineReasonCodes } from "./reason-code.ts";

describe("evaluateGate", () => {
  it("passes a score at its threshold, and says so in the names of the record", () => {
    const gate = evaluateGate({ name: "min_confluence", score: 70, threshold: "70.0", details: "4 of 5 agree" });
    expect(JSON.stringify(gate)).toBe(
      '{"gate_name":"min_confluence","passed":true,"score":"70","threshold":"70.0","details":"4 of 5 agree"}',
    );
    expect(Object.isFrozen(gate)).toBe(true);
  });

  it.each<[number, Comparison, number, boolean]>([
    [1, ">=", 1, true],
    [1, ">", 1, false],
    [1, "<=", 1, true],
    [1, "<", 1, false],
    [2, ">=", 1, true],
    [2, ">", 1, true],
    [2, "<=", 1, false],
    [2, "<", 1, false],
    [-1, ">=", 1, false],
    [-1, ">", 1, false],
    [-1, "<=", 1, true],
    [-1, "<", 1, true],
  ])("%d %s %d is %s, for numbers, texts and mixtures", (score, comparison, threshold, passed) => {
    const name = "spread";
    for (const gate of [
      evaluateGate({ name, score, threshold, comparison }),
      evaluateGate({ name, score: `${score}.00`, threshold: String(threshold), comparison }),
      evaluateGate({ name, score, threshold: BigInt(threshold), comparison }),
      evaluateGate({ name, score: `${score}.${"0".repeat(30)}`, threshold, comparison }),
    ]) {
      expect(gate.passed).toBe(passed);
      expect(gate.reason_code).toBe(passed ? undefined : "gate_failed");
      expect(gate.comparison).toBe(comparison === ">=" ? undefined : comparison);
    }
  });

  it("is exact where doubles are not", () => {
    const gate = { name: "size", score: "0.30000000000000000001", threshold: "0.3", comparison: "<=" } as const;
    expect(evaluateGate(gate).passed).toBe(false);
    expect(evaluateGate({ name: "size", score: 0.1 + 0.2, threshold: 0.3, comparison: "<=" }).passed).toBe(false);
  });

  it("writes numbers as plain decimals", () => {
    expect(evaluateGate({ name: "lag", score: 1e-7, threshold: 1e21 })).toMatchObject({
      score: "0.0000001",
      threshold: "1000000000000000000000",
    });
  });

  it("takes the host's own result, with or without a score beside it", () => {
    expect(evaluateGate({ name: "book_ready", passed: true }).passed).toBe(true);
    expect(evaluateGate({ name: "book_ready", passed: false })).toMatchObject({
      passed: false,
      reason_code: "gate_failed",
      score: undefined,
    });
    expect(evaluateGate({ name: "risk", passed: false, score: 9, threshold: 1 })).toMatchObject({
      passed: false,
      score: "9",
      threshold: "1",
    });
  });

  it("gives a failed gate the host's reason code, and a passed one none", () => {
    expect(evaluateGate({ name: "age", passed: false, reasonCode: "stale_data" }).reason_code).toBe("stale_data");
    expect(evaluateGate({ name: "age", passed: true, reasonCode: "stale_data" }).reason_code).toBeUndefined();
    const codes = defineReasonCodes({ funding_unsettled: "The funding was not booked yet." });
    expect(evaluateGate({ name: "funding", passed: false, reasonCode: "funding_unsettled" }, codes).reason_code).toBe(
      "funding_unsettled",
    );
  });

  it.each(["brand_new", "accepted", "insufficient_edge", "invalid_gate", "constructor", 5, {}])(
    "calls a code that is not the host's to give other, and keeps its text: %j",
    (reasonCode) => {
      const gate = { name: "age", passed: false, reasonCode, details: "old" } as unknown as GateInput;
      const result = evaluateGate(gate);
      expect(result.reason_code).toBe("other");
      expect(result.details).toMatchObject({ details: "old", given_reason_code: expect.any(String) });
    },
  );

  it("copies details, so that changing them later changes no record", () => {
    const details = { bid: "1", depth: 3 };
    const gate = evaluateGate({ name: "book", passed: true, details });
    details.bid = "changed";
    expect(gate.details).toEqual({ bid: "1", depth: 3 });
    expect(Object.isFrozen(gate.details)).toBe(true);
  });

  const unreadable = new Proxy(
    {},
    {
      get() {
        throw new Error("no");
      },
    },
  );
  it.each([
    ["nothing", undefined, "unnamed", "gate: reading it threw"],
    ["a text", "gate", "unnamed", "gate.name: undefined"],
    ["no name", { score: 1, threshold: 1 }, "unnamed", "gate.name: undefined is not a text of 1 to 64 characters"],
    ["an endless name", { name: "x".repeat(65), passed: true }, "unnamed", "gate.name"],
    ["no result", { name: "a" }, "a", "neither score and threshold nor passed are given"],
    ["no threshold", { name: "a", score: 1, treshold: 1 }, "a", "neither score and threshold nor passed are given"],
    ["a result that is no boolean", { name: "a", passed: "true" }, "a", 'gate.passed: "true" is not true or false'],
    ["a score that is none", { name: "a", score: "high", threshold: 1 }, "a", 'gate.score: "high" is not a decimal'],
    ["a score of NaN", { name: "a", score: Number.NaN, threshold: 1 }, "a", "gate.score: NaN is not a decimal"],
    ["a score of NaN beside a result", { name: "a", score: Number.NaN, passed: true }, "a", "gate.score: NaN"],
    ["a null threshold", { name: "a", score: 1, threshold: null }, "a", "gate.threshold: null is not a decimal"],
    ["an unknown comparison", { name: "a", score: 1, threshold: 1, comparison: "=>" }, "a", 'gate.comparison: "=>"'],
    ["a throwing Proxy", unreadable, "unnamed", 'gate: reading it threw "no"'],
  ])("a gate with %s did not pass: invalid_gate", (_, gate, name, details) => {
    const result = evaluateGate(gate as GateInput);
    expect(result).toMatchObject({ gate_name: name, passed: false, reason_code: "invalid_gate" });
    expect(result.details).toContain(details);
  });
});
