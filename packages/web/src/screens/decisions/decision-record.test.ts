import { reJudge } from "@tracebook/decisions";
import { expect, test } from "vitest";
import { contextFields, type DecisionAnswer, reasonOf, toRecord } from "./decision-record.ts";

const ANSWER: DecisionAnswer = {
  decision: {
    event_id: 7,
    timestamp: "2026-11-20T12:34:56.789012Z",
    decision: "REJECT",
    reason_code: "insufficient_edge",
    strategy: "basis",
    symbol: "BTC/USDT",
    trace_id: null,
    run_id: null,
    edge_unit: "bps",
    gross_edge: "4.10",
    fees_est: "2.00",
    slippage_est: "0.60",
    gas_est: "0",
    latency_buffer: "0.30",
    net_edge: "1.20",
    min_threshold: "1.50",
  },
  event: {
    id: 7,
    event_type: "decision",
    timestamp: "2026-11-20T12:34:56.789012Z",
    run_id: null,
    symbol: "BTC/USDT",
    data: {
      decision: "REJECT",
      reason: "net edge 1.20 bps is below the threshold of 1.50 bps",
      gates: [{ gate_name: "min_depth", passed: true }],
      venue: "spot",
    },
    trace_id: null,
    span_id: null,
    severity_number: 9,
    instance_id: null,
    service_name: "basis-trader",
    seq: 1,
  },
  arithmetic: null,
};

test("a record of the server is judged again as it was, and accepted under a threshold that it reaches", () => {
  expect(reJudge(toRecord(ANSWER), { edgeUnit: "bps" }).outcome).toBe("unchanged");
  expect(reJudge(toRecord(ANSWER), { edgeUnit: "bps", minThreshold: "1.20" }).outcome).toBe("accepts");
});

test("what has no place of its own is context", () => {
  expect(contextFields(ANSWER)).toEqual([["venue", "spot"]]);
  expect(reasonOf(ANSWER)).toContain("net edge 1.20 bps");
});

test("gates that are no list are context, and the decision cannot be judged again", () => {
  const odd = { ...ANSWER, event: { ...ANSWER.event, data: { gates: "cut" } } };
  expect(contextFields(odd)).toEqual([["gates", "cut"]]);
  expect(reJudge(toRecord(odd), { edgeUnit: "bps" }).outcome).toBe("not_judgeable");
  expect(reasonOf(odd)).toBeUndefined();
});
