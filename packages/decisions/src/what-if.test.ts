// What if: which records are judged again, what decides, and changes that are none.
import { describe, expect, it } from "vitest";
import { recordOf } from "../test/judge-inputs.ts";
import { judge } from "./judge.ts";
import { reJudge } from "./what-if.ts";
import type { WhatIfChange } from "./what-if-change.ts";
import type { RecordedDecision } from "./what-if-record.ts";

const EDGE = {
  unit: "bps",
  gross: "4.10",
  fees: "2.00",
  slippage: "0.60",
  gas: "0",
  latencyBuffer: "0.30",
  minThreshold: "1.50",
} as const;
/** 4.10 - 2.00 - 0.60 - 0 - 0.30 = 1.20, and 1.50 is needed. */
const REJECT = recordOf({ edge: EDGE });
const ACCEPT = recordOf({ edge: { ...EDGE, minThreshold: "1.20" } });

describe("the edge", () => {
  it.each<[WhatIfChange, string, string, string, string]>([
    [{ minThreshold: "1.20" }, "accepts", "accepted", "1.20", "0.00"],
    [{ minThreshold: "1.21" }, "unchanged", "insufficient_edge", "1.20", "-0.01"],
    [{ thresholdBy: "-0.30" }, "accepts", "accepted", "1.20", "0.00"],
    [{ thresholdBy: "-20%" }, "accepts", "accepted", "1.20", "0.00"],
    [{ thresholdBy: "-19.999%" }, "unchanged", "insufficient_edge", "1.20", "-0.000015"],
    [{ feesEst: { times: "0.85" } }, "accepts", "accepted", "1.50", "0.00"],
    [{ feesEst: { set: "0" }, gasEst: { set: "0.5" } }, "accepts", "accepted", "2.70", "1.20"],
    [{ slippageEst: { set: "-0.1" }, latencyBuffer: { times: "2" } }, "accepts", "accepted", "1.60", "0.10"],
  ])("judged by %j: %s", (change, outcome, reason_code, net_edge, margin) => {
    expect(reJudge(REJECT, { edgeUnit: "bps", ...change })).toMatchObject({ outcome, reason_code, net_edge, margin });
  });

  it("rejects what was accepted, and says with which threshold", () => {
    expect(reJudge(ACCEPT, { edgeUnit: "bps", minThreshold: "1.21" })).toEqual({
      outcome: "rejects",
      decision: "REJECT",
      reason_code: "insufficient_edge",
      net_edge: "1.20",
      min_threshold: "1.21",
      margin: "-0.01",
      problem: undefined,
    });
  });

  it("moves a threshold below 0 down by a negative percentage, too", () => {
    const record = recordOf({ edge: { unit: "USD", gross: "-2.10", minThreshold: "-2.00" } });
    expect(reJudge(record, { edgeUnit: "USD", thresholdBy: "-5%" })).toMatchObject({
      outcome: "accepts",
      min_threshold: "-2.10",
    });
  });

  it("reads rows of a store, where nothing is null", () => {
    const row: RecordedDecision = { ...REJECT, gas_est: null, gates: null, reason: null };
    expect(reJudge(row, { edgeUnit: "bps", minThreshold: "1" }).outcome).toBe("accepts");
  });

  it("judges a net edge that stands alone by other thresholds, and not by other costs", () => {
    const { decision, reason_code, edge_unit, net_edge, min_threshold } = REJECT;
    const alone = { decision, reason_code, edge_unit, net_edge, min_threshold };
    expect(reJudge(alone, { edgeUnit: "bps", minThreshold: "1" }).outcome).toBe("accepts");
    const costs = reJudge(alone, { edgeUnit: "bps", feesEst: { set: "0" } });
    expect(costs).toMatchObject({ outcome: "not_judgeable", problem: expect.stringContaining("gross_edge") });
  });
});

describe("gates", () => {
  const spread = {
    name: "spread",
    score: "12",
    threshold: "10",
    comparison: "<=",
    reasonCode: "spread_too_wide",
  } as const;
  const confluence = { name: "confluence", score: "65", threshold: "70" } as const;

  it("passes a gate by another threshold, and finds the next that does not", () => {
    const record = recordOf({ gates: [spread, confluence] });
    expect(record.reason_code).toBe("spread_too_wide");
    expect(reJudge(record, { gates: { spread: "12" } })).toMatchObject({
      outcome: "unchanged",
      reason_code: "gate_failed",
    });
    expect(reJudge(record, { gates: { spread: "+20%", confluence: "65" } }).outcome).toBe("accepts");
  });

  it("does not let a gate pass whose result the host gave itself", () => {
    for (const gate of [
      { name: "book_ready", passed: false },
      { name: "book_ready", passed: false, score: "9", threshold: "1" },
    ])
      expect(reJudge(recordOf({ gates: [gate] }), { gates: { book_ready: "0" } }).outcome).toBe("unchanged");
  });

  it("judges records without an edge whatever the unit, and gates of another unit not", () => {
    const change = { edgeUnit: "bps", gates: { confluence: "60" } };
    expect(reJudge(recordOf({ gates: [confluence] }), change).outcome).toBe("accepts");
    const inDollars = recordOf({ gates: [confluence], edge: { unit: "USD", gross: "5", minThreshold: "1" } });
    expect(reJudge(inDollars, change).outcome).toBe("other_unit");
    expect(reJudge(inDollars, { gates: { confluence: "60" } }).outcome).toBe("accepts");
  });

  it("compares scores that another writer has as numbers", () => {
    const record = {
      decision: "REJECT",
      reason_code: "gate_failed",
      gates: [{ gate_name: "confluence", passed: false, score: 0.1, threshold: 0.3 }],
    } as unknown as RecordedDecision;
    expect(reJudge(record, { gates: { confluence: "0.1" } }).outcome).toBe("accepts");
  });

  it("takes no name of Object's for a gate that changes", () => {
    const record = recordOf({ gates: [{ name: "constructor", score: "1", threshold: "2" }] });
    expect(reJudge(record, { gates: {} }).outcome).toBe("unchanged");
    expect(reJudge(record, { gates: { constructor: "1" } }).outcome).toBe("accepts");
  });
});

describe("what stays rejected", () => {
  it.each([
    ["a veto", recordOf({ edge: { ...EDGE, minThreshold: "1" }, vetoes: [{ code: "halted" }] })],
    [
      "a veto with the code of a gate that failed",
      recordOf({ gates: [{ name: "a", score: 1, threshold: 2 }], vetoes: [{ code: "gate_failed" }] }),
    ],
    ["a malformed edge", recordOf({ edge: { ...EDGE, gross: "1,0" } })],
    ["a malformed gate", recordOf({ edge: EDGE, gates: [{ name: "a", score: "x", threshold: "1" }] })],
    ["an error", { decision: "REJECT", reason_code: "error", reason: "it threw" }],
    ["a reason of the host's own", { ...ACCEPT, decision: "REJECT", reason_code: "funding_unsettled" }],
  ])("%s", (_, record) => {
    const again = reJudge(record, { edgeUnit: "bps", minThreshold: "-1000", gates: { a: "-1000" } });
    expect(again).toMatchObject({ outcome: "unchanged", decision: "REJECT", reason_code: record.reason_code });
  });
});

describe("what cannot be judged again", () => {
  it.each<[string, object, string]>([
    ["an amount that is no decimal", { ...REJECT, fees_est: "2,00" }, "2,00"],
    ["an amount that is a number", { ...REJECT, net_edge: 1.2 }, "net_edge: 1.2"],
    ["an edge that does not add up", { ...REJECT, net_edge: "1.21" }, "1.21 is not gross_edge less costs"],
    ["an edge without a unit", { ...REJECT, edge_unit: null }, "edge_unit: null"],
    ["an edge without a threshold", { ...REJECT, min_threshold: undefined }, "min_threshold"],
    ["an ACCEPT below its threshold", { ...REJECT, decision: "ACCEPT" }, "1.20 is below the threshold of 1.50"],
    [
      "an ACCEPT with a failed gate",
      { ...ACCEPT, gates: [{ gate_name: "a", passed: false }] },
      'gate "a" did not pass',
    ],
    ["an insufficient edge that reaches", { ...ACCEPT, ...only(REJECT) }, "reaches the threshold"],
    ["an insufficient edge without an edge", only(REJECT), "there is no edge"],
    ["another word than ACCEPT or REJECT", { ...ACCEPT, decision: "MAYBE" }, '"MAYBE"'],
    ["gates that are no list", { ...ACCEPT, gates: "all" }, "gates"],
    ["gates that are no gates", { ...ACCEPT, gates: [null] }, ""],
    ["gates that could not be read", { ...ACCEPT, gates_unreadable: true }, "gates"],
    ["nothing", {}, "decision"],
  ])("%s", (_, record, problem) => {
    const again = reJudge(record as RecordedDecision, { edgeUnit: "bps", minThreshold: "1" });
    expect(again.outcome).toBe("not_judgeable");
    expect(again.problem).toContain(problem);
    expect(again.decision).toBe((record as RecordedDecision).decision);
  });

  it("a threshold that would be longer than any amount", () => {
    const record = recordOf({ edge: { unit: "bps", gross: "1", minThreshold: `0.${"1".repeat(399)}` } });
    expect(reJudge(record, { edgeUnit: "bps", thresholdBy: "-0.001%" }).outcome).toBe("not_judgeable");
  });
});

/** The word and the code of a record. */
function only({ decision, reason_code }: RecordedDecision): RecordedDecision {
  return { decision, reason_code };
}

describe("changes that are none", () => {
  it.each<[string, unknown, string]>([
    ["no object", null, "change: null is not an object"],
    ["a field that is misspelt", { edgeUnit: "bps", minThreshhold: "1" }, "change.minThreshhold"],
    ["amounts without a unit", { minThreshold: "1" }, "change.edgeUnit"],
    ["an empty unit", { edgeUnit: "", minThreshold: "1" }, "change.edgeUnit"],
    ["two thresholds", { edgeUnit: "bps", minThreshold: "1", thresholdBy: "1" }, "change.thresholdBy"],
    ["a number", { edgeUnit: "bps", minThreshold: 1 }, "change.minThreshold: 1 is not a decimal text"],
    ["no decimal", { edgeUnit: "bps", minThreshold: "1,0" }, 'change.minThreshold: "1,0" is not a decimal'],
    ["a percentage of no sign", { edgeUnit: "bps", thresholdBy: "10%" }, 'change.thresholdBy: "10%"'],
    ["a percentage of nothing", { gates: { a: "-%" } }, "change.gates.a"],
    ["a cost that is both", { edgeUnit: "bps", feesEst: { set: "1", times: "2" } }, "change.feesEst"],
    ["a cost that is neither", { edgeUnit: "bps", gasEst: {} }, "change.gasEst"],
    ["a cost that is a text", { edgeUnit: "bps", gasEst: "1" }, "change.gasEst"],
    ["gates that are a list", { gates: ["1"] }, "change.gates"],
  ])("%s throws, naming it", (_, change, message) => {
    expect(() => reJudge(REJECT, change as WhatIfChange)).toThrow(message);
  });

  it("keeps the cause when reading it throws", () => {
    const hostile = new Proxy(
      {},
      {
        ownKeys: () => {
          throw new Error("no");
        },
      },
    );
    expect(() => reJudge(REJECT, hostile)).toThrow(
      expect.objectContaining({ code: "what_if_malformed", cause: new Error("no") }),
    );
  });
});

it("says of a verdict of judge() what judge() said", () => {
  const verdict = judge({ edge: EDGE });
  expect(reJudge(verdict.toJSON() as unknown as RecordedDecision, {}).reason_code).toBe(verdict.reasonCode);
});
