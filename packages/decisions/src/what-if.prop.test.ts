// The same thresholds flip nothing; other ones give what judging the changed input anew gives; and units are never mixed.
import fc from "fast-check";
import { expect, it } from "vitest";
import { amounts, GATE_NAMES, judgeInputs, recordOf } from "../test/judge-inputs.ts";
import { scaled } from "../test/oracle.ts";
import type { EdgeInput } from "./edge.ts";
import type { GateInput } from "./gate.ts";
import { type JudgeInput, judge } from "./judge.ts";
import { reJudge } from "./what-if.ts";
import type { CostChange, WhatIfChange } from "./what-if-change.ts";

const NOTHING_CHANGES: readonly WhatIfChange[] = [
  {},
  { edgeUnit: "bps" },
  { edgeUnit: "bps", thresholdBy: "0", feesEst: { times: "1" }, gasEst: { times: "1.00" } },
  { edgeUnit: "bps", thresholdBy: "+0%", gates: Object.fromEntries(GATE_NAMES.map((name) => [name, "-0%"])) },
];

it("the same thresholds and costs: 0 flips, and every record gives what it had", () => {
  let judged = 0;
  fc.assert(
    fc.property(judgeInputs, fc.constantFrom(...NOTHING_CHANGES), (input, change) => {
      const record = recordOf(input);
      const again = reJudge(record, change);
      const isOther = change.edgeUnit !== undefined && record.edge_unit === "USD";
      expect(again.outcome).toBe(isOther ? "other_unit" : "unchanged");
      expect(again).toMatchObject({ decision: record.decision, reason_code: record.reason_code, problem: undefined });
      expect(again.net_edge).toBe(record.net_edge);
      expect(again.min_threshold).toBe(record.min_threshold);
      if (!isOther && again.margin !== undefined)
        expect(scaled(again.margin)).toBe(scaled(record.net_edge ?? "") - scaled(record.min_threshold ?? ""));
      judged++;
    }),
    { numRuns: 10_000 },
  );
  expect(judged).toBe(10_000);
});

const factors = fc.oneof(fc.constantFrom("0", "0.5", "0.80", "1", "2", "-1"), amounts);
const costs: fc.Arbitrary<CostChange> = fc.oneof(
  amounts.map((set) => ({ set })),
  factors.map((times) => ({ times })),
);
const changes: fc.Arbitrary<WhatIfChange> = fc
  .record(
    {
      threshold: fc.oneof(
        amounts.map((minThreshold) => ({ minThreshold })),
        amounts.map((thresholdBy) => ({ thresholdBy })),
      ),
      feesEst: costs,
      slippageEst: costs,
      gasEst: costs,
      latencyBuffer: costs,
      gates: fc.dictionary(fc.constantFrom(...GATE_NAMES), amounts),
    },
    { requiredKeys: [] },
  )
  .map(({ threshold, ...rest }) => ({ edgeUnit: "bps", ...threshold, ...rest }));

/** The product of two plain texts, by nothing but integers. */
function product(a: string, b: string): string {
  const [aWhole = "", aFraction = ""] = a.split(".");
  const [bWhole = "", bFraction = ""] = b.split(".");
  return `${BigInt(aWhole + aFraction) * BigInt(bWhole + bFraction)}e-${aFraction.length + bFraction.length}`;
}

/** The input as it would have been. */
function changed(input: JudgeInput, change: WhatIfChange): JudgeInput {
  const cost = (given: EdgeInput["fees"], by: CostChange | undefined): string => {
    const text = given === undefined ? "0" : String(given);
    return by === undefined ? text : "set" in by ? by.set : product(text, by.times);
  };
  const { edge, gates } = input;
  const before = edge && String(edge.minThreshold);
  const by = change.thresholdBy;
  return {
    ...input,
    ...(edge && {
      edge: {
        ...edge,
        fees: cost(edge.fees, change.feesEst),
        slippage: cost(edge.slippage, change.slippageEst),
        gas: cost(edge.gas, change.gasEst),
        latencyBuffer: cost(edge.latencyBuffer, change.latencyBuffer),
        minThreshold: change.minThreshold ?? (by === undefined ? before! : `${scaled(before!) + scaled(by)}e-400`),
      },
    }),
    ...(gates && {
      gates: gates.map((gate) =>
        gate.passed === undefined && gate.score !== "high"
          ? ({ ...gate, threshold: change.gates?.[gate.name] ?? gate.threshold } as GateInput)
          : gate,
      ),
    }),
  };
}

it("other thresholds and costs = judging the changed input anew, exact, with up to 28 digits", () => {
  const seen = { unchanged: 0, accepts: 0, rejects: 0, other_unit: 0, not_judgeable: 0 };
  fc.assert(
    fc.property(judgeInputs, changes, (input, change) => {
      const record = recordOf(input);
      const again = reJudge(record, change);
      seen[again.outcome]++;
      if (record.edge_unit === "USD") {
        expect(again).toMatchObject({ outcome: "other_unit", decision: record.decision, net_edge: record.net_edge });
        return;
      }
      // Without an edge, or with one that is malformed, there is none to change either.
      const anew = judge(
        record.edge_unit === undefined ? { ...changed(input, change), ...pick(input) } : changed(input, change),
      );
      expect(again.decision).toBe(anew.decision);
      const flip = anew.accepted ? "accepts" : "rejects";
      expect(again.outcome).toBe(anew.decision === record.decision ? "unchanged" : flip);
      expect(again.reason_code).toBe(codeOnRecord(anew, record));
      expect(again.net_edge === undefined).toBe(anew.edge === undefined);
      if (again.net_edge !== undefined) {
        expect(scaled(again.net_edge)).toBe(scaled(anew.edge!.net_edge));
        expect(scaled(again.min_threshold!)).toBe(scaled(anew.edge!.min_threshold));
        expect(scaled(again.margin!)).toBe(scaled(anew.edge!.net_edge) - scaled(anew.edge!.min_threshold));
      }
    }),
    { numRuns: 20_000 },
  );
  expect(seen.not_judgeable).toBe(0);
  expect(Math.min(seen.unchanged, seen.accepts, seen.rejects, seen.other_unit)).toBeGreaterThan(200);
});

function pick(input: JudgeInput): JudgeInput {
  return "edge" in input ? ({ edge: input.edge } as JudgeInput) : {};
}

/** The host's own code for a gate is not on the record while the gate passes. */
function codeOnRecord(anew: ReturnType<typeof judge>, record: ReturnType<typeof recordOf>): string {
  const failed = anew.gates.findIndex((gate) => !gate.passed);
  const decides = failed >= 0 && anew.gates[failed]?.reason_code === anew.reasonCode;
  const isVetoed = decides && !anew.reason.startsWith(`gate ${anew.gates[failed]?.gate_name}`);
  return decides && !isVetoed && record.gates?.[failed]?.passed === true ? "gate_failed" : anew.reasonCode;
}

it("never across units: a record of another unit is as it was, whatever changes", () => {
  fc.assert(
    fc.property(judgeInputs, changes, fc.constantFrom("EUR", "BPS", "bp"), (input, change, edgeUnit) => {
      const record = recordOf(input);
      const again = reJudge(record, { ...change, edgeUnit });
      if (record.edge_unit === undefined) return;
      expect(again).toEqual({
        outcome: "other_unit",
        decision: record.decision,
        reason_code: record.reason_code,
        net_edge: record.net_edge,
        min_threshold: record.min_threshold,
        margin: undefined,
        problem: undefined,
      });
    }),
    { numRuns: 2_000 },
  );
});

it("no record makes it throw", () => {
  const texts = fc.oneof(fc.anything(), fc.constantFrom("1", "-0.50", "1e5", "1,0", "ACCEPT", "REJECT", "bps", null));
  const records = fc.oneof(
    fc.anything(),
    fc.dictionary(
      fc.constantFrom(
        "decision",
        "reason_code",
        "reason",
        "edge_unit",
        "gross_edge",
        "fees_est",
        "net_edge",
        "min_threshold",
        "gates",
      ),
      texts,
    ),
  );
  fc.assert(
    fc.property(records, changes, (record, change) => {
      const { outcome } = reJudge(record as Parameters<typeof reJudge>[0], change);
      expect(["unchanged", "accepts", "rejects", "other_unit", "not_judgeable"]).toContain(outcome);
    }),
    { numRuns: 5_000 },
  );
});
