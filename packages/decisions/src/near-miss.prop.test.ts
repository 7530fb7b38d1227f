// Near misses within x % = what-if flips with that threshold moved by x %.
import fc from "fast-check";
import { expect, it } from "vitest";
import { GATE_NAMES, judgeInputs, recordOf } from "../test/judge-inputs.ts";
import { scaled } from "../test/oracle.ts";
import { nearMiss } from "./near-miss.ts";
import { reJudge } from "./what-if.ts";
import type { WhatIfChange } from "./what-if-change.ts";
import type { RecordedDecision } from "./what-if-record.ts";

const percents = fc.constantFrom("0", "1", "5", "10", "33.3", "100", "250", "1000");

/** What flips the record when one threshold is moved by so many percent. */
function flipsOf(record: RecordedDecision, percent: string): string[] {
  const unit = record.edge_unit;
  const moves: [string, WhatIfChange][] = GATE_NAMES.map((name) => {
    const gate = record.gates?.find(({ gate_name }) => gate_name === name);
    return [name, { gates: { [name]: `${gate?.comparison?.startsWith("<") ? "+" : "-"}${percent}%` } }];
  });
  if (typeof unit === "string") moves.push(["edge", { edgeUnit: unit, thresholdBy: `-${percent}%` }]);
  return moves.filter(([, change]) => reJudge(record, change).outcome === "accepts").map(([name]) => name);
}

it("near misses within x % = what-if flips with that threshold moved by x %", () => {
  const seen = { edge: 0, gate: 0, none: 0 };
  fc.assert(
    fc.property(judgeInputs, percents, (input, percent) => {
      const record = recordOf(input);
      const miss = nearMiss(record, percent);
      expect(flipsOf(record, percent)).toEqual(miss === undefined ? [] : [miss.gate]);
      seen[miss === undefined ? "none" : miss.gate === "edge" ? "edge" : "gate"]++;
    }),
    { numRuns: 20_000 },
  );
  expect(Math.min(seen.edge, seen.gate, seen.none)).toBeGreaterThan(200);
});

it("margin = net edge - threshold, and a threshold that is moved by the percentage told is reached", () => {
  fc.assert(
    fc.property(judgeInputs, (input) => {
      const record = recordOf(input);
      const miss = nearMiss(record, "1000000");
      if (miss === undefined) return;
      expect(scaled(miss.margin)).toBeLessThanOrEqual(0n);
      if (miss.gate !== "edge") return;
      expect(miss.edge_unit).toBe(record.edge_unit);
      expect(scaled(miss.margin)).toBe(scaled(record.net_edge ?? "") - scaled(record.min_threshold ?? ""));
      expect(nearMiss(record, miss.percent)).toEqual(miss);
      const less = `${(scaled(miss.percent) - scaled("0.01")) / scaled("1e-10")}e-10`;
      if (scaled(less) >= 0n) expect(nearMiss(record, less)).toBeUndefined();
    }),
    { numRuns: 5_000 },
  );
});
