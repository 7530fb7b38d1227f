import type { RecordedDecision } from "@tracebook/decisions";
import { expect, test } from "vitest";
import { judgeOne } from "./judge-one.ts";
import { whatIfOf } from "./what-if-parameters.ts";

const RECORD: RecordedDecision = {
  decision: "REJECT",
  reason_code: "insufficient_edge",
  edge_unit: "bps",
  gross_edge: "4.10",
  fees_est: "2.00",
  slippage_est: "0.60",
  gas_est: "0",
  latency_buffer: "0.30",
  net_edge: "1.20",
  min_threshold: "1.50",
};
const judge = (query: string, record = RECORD) => judgeOne(record, whatIfOf(new URLSearchParams(query)));

test("while nothing is changed nothing is said", () => {
  expect(judge("")).toBeUndefined();
  expect(judge("fees_est_times=1.00")).toBeUndefined();
});

test("lower fees make an accept of it, exactly at the threshold", () => {
  expect(judge("fees_est=1.70")).toMatchObject({ decision: "ACCEPT", net_edge: "1.50", margin: "0.00" });
  expect(judge("fees_est=1.71")).toMatchObject({ decision: "REJECT", net_edge: "1.49" });
});

test("a record that contradicts itself is said to, and a record without an edge is judged by its gates alone", () => {
  expect(judge("fees_est=1", { ...RECORD, net_edge: "9" })).toContain("is not gross_edge less costs");
  const byGate: RecordedDecision = {
    decision: "REJECT",
    reason_code: "gate_failed",
    gates: [{ gate_name: "min_score", passed: false, score: "64", threshold: "70" }],
  };
  expect(judge("gate.min_score=60&fees_est=1", byGate)).toMatchObject({ decision: "ACCEPT" });
});
