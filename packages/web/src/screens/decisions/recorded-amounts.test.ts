import { expect, test } from "vitest";
import type { Decision } from "../../api/client.ts";
import { middleOf, recordedAmounts, recordedText, recordedThresholds } from "./recorded-amounts.ts";

const decision = (more: Partial<Decision>): Decision => ({
  event_id: 1,
  timestamp: "2026-11-20T12:34:56.789012Z",
  decision: "REJECT",
  reason_code: "insufficient_edge",
  strategy: null,
  symbol: null,
  trace_id: null,
  run_id: null,
  edge_unit: "bps",
  gross_edge: null,
  fees_est: null,
  slippage_est: null,
  gas_est: null,
  latency_buffer: null,
  net_edge: null,
  min_threshold: null,
  ...more,
});

test("amounts rise by value and not by their letters, and what is no decimal is left out", () => {
  const { fees_est: fees, gas_est: gas } = recordedAmounts([
    decision({ fees_est: "10" }),
    decision({ fees_est: "9.5" }),
    decision({ fees_est: "much" }),
    decision({ fees_est: "-1" }),
  ]);
  expect(fees).toEqual(["-1", "9.5", "10"]);
  expect(gas).toEqual([]);
  expect(middleOf(fees)).toBe("9.5");
  expect(middleOf(gas)).toBe("0");
});

test("what is recorded is said from the least to the most, or as the one amount that it is", () => {
  expect(recordedText(["2.00", "2.50"], "bps")).toBe("recorded 2.00 to 2.50 bps");
  expect(recordedText(["2.00", "2.00"], "bps")).toBe("recorded 2.00 bps");
  expect(recordedText([], "bps")).toBe("none recorded");
});

test("only gates that compare a score have a threshold to move", () => {
  const gates = recordedThresholds([
    [
      { gate_name: "min_depth", passed: true, score: "80", threshold: "50" },
      { gate_name: "book_ready", passed: true },
    ],
    [{ gate_name: "min_depth", passed: true, score: "80", threshold: 40 }],
    "cut",
  ]);
  expect(gates).toEqual([{ name: "min_depth", comparison: ">=", thresholds: ["40", "50"] }]);
});
